// Completions for fish.

struct FishCompletions {
    let commands: [Command]

    var text: String {
        var lines = [
            "# Completions of audienced for fish. Made by `audienced completions fish`.", "complete -c audienced -f",
            "complete -c audienced -n __fish_use_subcommand -l help -d 'prints all commands'",
            "complete -c audienced -n __fish_use_subcommand -l version -d 'version and commit'",
            "complete -c audienced -n __fish_use_subcommand -a help -d 'what a command does'",
            "complete -c audienced -n '__fish_seen_subcommand_from help' -a \(quoted(commands.map(\.name).joined(separator: " ")))",
        ]
        for command in commands {
            lines.append("complete -c audienced -n __fish_use_subcommand -a \(command.name) -d \(quoted(command.purpose))")
        }
        for command in commands {
            let start = "complete -c audienced -n '__fish_seen_subcommand_from \(command.name)'"
            for option in command.allOptions {
                let value = option.completable.map(value) ?? ""
                lines.append("\(start) -l \(option.name.drop { $0 == "-" })\(value) -d \(quoted(option.oneLine))")
            }
            for operand in command.operands {
                let offer = offer(operand.completable)
                if !offer.isEmpty { lines.append("\(start)\(offer)") }
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Without -x a file would do as well.
    private func value(_ completable: Completable) -> String {
        if case .file = completable { return " -r -F" }
        return " -x" + offer(completable)
    }

    private func offer(_ completable: Completable) -> String {
        switch completable {
        case .words(let words): " -a \(quoted(words.joined(separator: " ")))"
        case .file: " -F"
        case .folder: " -a '(__fish_complete_directories)'"
        case .anything: ""
        }
    }

    /// A text as one word of fish.
    private func quoted(_ text: String) -> String {
        "'" + text.reduce(into: "") { $0 += "'\\".contains($1) ? "\\\($1)" : String($1) } + "'"
    }
}
