// Completions for zsh.

struct ZshCompletions {
    let commands: [Command]

    var text: String {
        """
        #compdef audienced
        # Completions of audienced for zsh. Made by `audienced completions zsh`.
        _audienced_commands() {
            local -a commands=(
        \(commands.map { "        " + Shell.quoted("\($0.name):\($0.purpose)") }.joined(separator: "\n"))
                'help:what a command does'
            )
            _describe command commands
        }
        _audienced() {
            if ((CURRENT == 2)); then
                if [[ $PREFIX == -* ]]; then _arguments '--help[prints all commands]' '--version[version and commit]'
                else _audienced_commands; fi
                return
            fi
            local command=$words[2]
            shift words
            ((CURRENT--))
            case $command in
                help) _audienced_commands ;;
        \(commands.map(arm).joined(separator: "\n"))
            esac
        }
        if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _audienced "$@"; else compdef _audienced audienced; fi

        """
    }

    /// The command's line of `case`.
    private func arm(_ command: Command) -> String {
        let specifications = command.allOptions.map(specification) + command.operands.map(specification)
        let lines = specifications.map { " \\\n                " + Shell.quoted($0) }.joined()
        return "        \(command.name)) _arguments\(lines) ;;"
    }

    private func specification(_ option: Command.Option) -> String {
        let described = "\(option.name)[\(escaped(option.oneLine))]"
        switch option.kind {
        case .flag: return described
        // Up to the next option.
        case .list(let name): return "*\(described):*-*:\(escaped(name)):\(action(Completable(named: name)))"
        case .value(let name), .choice(let name, _): return "\(described):\(escaped(name)):\(action(option.completable!))"
        }
    }

    private func specification(_ operand: Command.Operand) -> String {
        let end = "\(escaped(operand.name)):\(action(operand.completable))"
        switch operand.count {
        case .one: return ":\(end)"
        case .optional: return "::\(end)"
        case .several: return "*:\(end)"
        }
    }

    private func action(_ completable: Completable) -> String {
        switch completable {
        case .words(let words): "(\(words.joined(separator: " ")))"
        case .file: "_files"
        case .folder: "_files -/"
        case .anything: " "
        }
    }

    /// What has a meaning in a specification.
    private func escaped(_ text: String) -> String {
        text.reduce(into: "") { $0 += "[]:\\".contains($1) ? "\\\($1)" : String($1) }
    }
}
