// From the arguments to a command, and from what it throws to the exit code.
import Campaigns
import Glibc
import Storage

extension Command {
    /// Every command, in the order in which `--help` lists them. The completions and the manual are made from it.
    static let all: [Command] = [
        .run, .demo, .replay, .validate, .status, .audiences, .audience, .campaigns, .campaign, .explain, .export, .plan, .publish, .stop,
        .delete, .verify, .deadLetters, .completions, .manual,
    ]
}

/// Runs the command that the arguments name; the first is the program.
/// - Parameter commit: what the program was built from, for `--version`; nil when nobody knows.
public func runCommand(_ arguments: [String], commit: String?) -> ExitCode {
    // A reader that goes away must not end the daemon.
    signal(SIGPIPE, SIG_IGN)
    Program.note(commit: commit)
    return exitCode {
        if let text = try answer(Array(arguments.dropFirst()), commit: commit) {
            print(text, terminator: "")
            try StandardOutput.finish()
            return .done
        }
        let command = try command(named: arguments[1])
        if command.endsWithItsReader { signal(SIGPIPE, SIG_DFL) }
        let code = try command.run(Arguments(Array(arguments.dropFirst(2)), of: command))
        try StandardOutput.finish()
        return code
    }
}

/// What a command throws as the code it ends with; the reason goes to standard error.
func exitCode(of body: () throws -> ExitCode) -> ExitCode {
    do {
        return try body()
    } catch let failure as CommandFailure {
        printError(failure.message)
        return failure.code
    } catch let failure as DaemonFailure {
        printError(failure.description)
        return ExitCode(failure.kind)
    } catch let error as StorageError {
        printError(error.description)
        return .data
    } catch {
        printError("\(error)")
        return .internal
    }
}

/// What the program says of itself when that is asked for: the list of commands, the help of one, the version. Nil: a command is to be run.
/// - Parameter arguments: without the program.
func answer(_ arguments: [String], commit: String?) throws(CommandFailure) -> String? {
    guard let first = arguments.first else { throw CommandFailure(.usage, "which command?\n\n\(overview)") }
    let helps = ["--help", "-h"]
    switch first {
    case "--version":
        return Program.text(commit: commit) + "\n"
    case "help" where arguments.count > 1 && !(helps + ["help"]).contains(arguments[1]):
        return try command(named: arguments[1]).help
    case "help", "--help", "-h":
        return overview
    default:
        let command = try command(named: first)
        return arguments.dropFirst().contains(where: helps.contains) ? command.help : nil
    }
}

private func command(named name: String) throws(CommandFailure) -> Command {
    if let command = Command.all.first(where: { $0.name == name }) { return command }
    let slip = NearestName.slip(of: name, among: Command.all.map(\.name) + ["help", "--help", "--version"])
    let kind = name.hasPrefix("-") ? "option" : "command"
    throw CommandFailure(.usage, "unknown \(kind) \(shown(name))" + (slip.map { " — did you mean \($0)?" } ?? "") + "\n\n\(overview)")
}

private let overview = """
    audienced keeps the saved audiences of campaigns correct while profiles, and time, change.

    usage: audienced COMMAND [OPTION...]

    \(Command.table(Command.all.map { ($0.name, $0.purpose) }))
    audienced COMMAND --help   what a command does, its options, an example and its exit codes
    audienced --version        version and commit

    """

/// Text for people, beside the output.
func printError(_ message: String) {
    // It may be the last that is said before the end, which must not wait for a reader that is not there.
    LogTarget(descriptor: STDERR_FILENO, patienceMilliseconds: 1000).write("audienced: \(message)\n")
}
