// From the arguments to a command, and from what it throws to the exit code.
import Glibc
import Storage

private let usage = """
    audienced keeps the saved audiences of campaigns correct while profiles, and time, change.

      audienced run --config FILE          the daemon
      audienced demo                       everything embedded, no configuration: see it work
      audienced replay --input DIR --output DIR [--until INSTANT] [--snapshots] [--statistics] [--strict]
                                           no broker: *.ndjson files in, output files out
      audienced validate FILE... [--schemas FILE...] [--json]
                                           no broker: every problem of the campaigns and schemas in the files
    """

/// Runs the command that the arguments name; the first is the program.
public func runCommand(_ arguments: [String]) -> ExitCode {
    // A reader that goes away must not end the daemon.
    signal(SIGPIPE, SIG_IGN)
    let rest = Array(arguments.dropFirst(2))
    do {
        switch arguments.dropFirst().first {
        case "run": return try daemonCommand(rest)
        case "demo": return try demoCommand(rest)
        case "replay": return try replayCommand(rest)
        case "validate": return try validateCommand(rest)
        case "help", "--help", "-h":
            print(usage)
            return .done
        case let other?: throw CommandFailure(.usage, "unknown command \(other)\n\(usage)")
        case nil: throw CommandFailure(.usage, usage)
        }
    } catch let failure as CommandFailure {
        printError(failure.message)
        return failure.code
    } catch let error as StorageError {
        printError(error.description)
        return .data
    } catch {
        printError("\(error)")
        return .internal
    }
}

/// Text for people, beside the output.
func printError(_ message: String) {
    let line = Array("audienced: \(message)\n".utf8)
    _ = write(STDERR_FILENO, line, line.count)
}
