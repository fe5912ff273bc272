// `audienced completions`: what a shell needs to complete the commands, made from their table.

extension Command {
    static let completions = Command(
        name: "completions", purpose: "completions for a shell: bash, zsh or fish",
        operands: [Operand(name: "SHELL", choices: Shell.allCases.map(\.rawValue), purpose: "bash, zsh or fish")],
        details: """
            Prints a script. Put it where the shell looks for completions of audienced: for bash
            /usr/share/bash-completion/completions/audienced or a line with source in ~/.bashrc, for zsh a file _audienced in a folder of
            $fpath, for fish ~/.config/fish/completions/audienced.fish.
            """,
        examples: ["audienced completions bash", "audienced completions zsh", "audienced completions fish"],
        exitCodes: [(.done, "printed")]
    ) { arguments in
        print(Shell(rawValue: arguments.operands[0])!.completions(of: Command.all), terminator: "")
        return .done
    }
}

/// A shell that knows how to complete.
enum Shell: String, CaseIterable {
    case bash, zsh, fish

    func completions(of commands: [Command]) -> String {
        switch self {
        case .bash: BashCompletions(commands: commands).text
        case .zsh: ZshCompletions(commands: commands).text
        case .fish: FishCompletions(commands: commands).text
        }
    }

    /// A text as one word of bash and zsh.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}

/// What can stand in the place of a value.
enum Completable {
    case words([String])
    case file, folder
    /// Only who asks knows: an identity, a number.
    case anything

    init(named name: String, choices: [String] = []) {
        switch name {
        case _ where !choices.isEmpty: self = .words(choices)
        case "FILE": self = .file
        case "DIR": self = .folder
        default: self = .anything
        }
    }
}

extension Command {
    /// Those that stand for themselves, beside the commands.
    static let helpWords = ["help", "--help", "--version"]

    /// Its options, and the one that all have.
    var allOptions: [Option] { options + [Option(name: "--help", purpose: "prints what the command understands")] }
}

extension Command.Option {
    /// What its value can be; nil: it has none.
    var completable: Completable? {
        switch kind {
        case .flag: nil
        case .value(let name), .list(let name): Completable(named: name)
        case .choice(let name, let words): Completable(named: name, choices: words)
        }
    }

    /// The purpose on one line.
    var oneLine: String { purpose.split(separator: "\n").joined(separator: " ") }
}

extension Command.Operand {
    var completable: Completable { Completable(named: name, choices: choices) }

    /// The purpose on one line.
    var oneLine: String { purpose.split(separator: "\n").joined(separator: " ") }
}
