// The benchmark: prints what it measured, one JSON line per measurement, and what it is about on standard error.
import Daemon
import Glibc

// Children of the benchmark are the daemon itself: `audienced-benchmark audienced run --config FILE` is `audienced run --config FILE`.
if CommandLine.arguments.dropFirst().first == ChildProcess.role {
    exit(status: runCommand(Array(CommandLine.arguments.dropFirst()), commit: nil))
}
signal(SIGPIPE, SIG_IGN)
do {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    try runMeasurements(options)
} catch let help as Options.Help {
    print(help.text)
} catch {
    say("failed: \(error)")
    exit(1)
}
