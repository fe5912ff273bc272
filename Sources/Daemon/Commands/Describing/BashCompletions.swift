// Completions for bash 4 and later, without the package bash-completion.

struct BashCompletions {
    let commands: [Command]

    var text: String {
        """
        # Completions of audienced for bash. Made by `audienced completions bash`.
        _audienced() {
            local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
            COMPREPLY=()
            if ((COMP_CWORD == 1)); then
                mapfile -t COMPREPLY < <(compgen -W \(names(Command.helpWords)) -- "$word")
                return
            fi
            case ${COMP_WORDS[1]} in
                help)
                    mapfile -t COMPREPLY < <(compgen -W \(names()) -- "$word") ;;
        \(commands.map(arm).joined(separator: "\n"))
            esac
        }
        complete -F _audienced audienced

        """
    }

    private func names(_ more: [String] = []) -> String { Shell.quoted((commands.map(\.name) + more).joined(separator: " ")) }

    /// The command's line of `case`.
    private func arm(_ command: Command) -> String {
        var lines = ["        \(command.name))"]
        let withValues = command.options.filter { $0.completable != nil }
        if !withValues.isEmpty {
            lines.append("            case $previous in")
            for option in withValues { lines.append("                \(option.name)) \(reply(option.completable!)) return ;;") }
            lines.append("            esac")
        }
        let options = Shell.quoted(command.allOptions.map(\.name).joined(separator: " "))
        lines.append("            if [[ $word == -* ]]; then mapfile -t COMPREPLY < <(compgen -W \(options) -- \"$word\"); return; fi")
        // Which operand it is would need a count of options and values: the first that has something to offer speaks for all.
        let offer = command.operands.map(\.completable).first { if case .anything = $0 { false } else { true } }
        if let offer { lines.append("            \(reply(offer))") }
        lines.append("            ;;")
        return lines.joined(separator: "\n")
    }

    private func reply(_ completable: Completable) -> String {
        switch completable {
        case .words(let words): "mapfile -t COMPREPLY < <(compgen -W \(Shell.quoted(words.joined(separator: " "))) -- \"$word\");"
        case .file: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$word\");"
        case .folder: "compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$word\");"
        case .anything: ""
        }
    }
}
