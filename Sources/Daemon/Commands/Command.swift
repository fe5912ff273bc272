// What one command is: its name, what it understands, what it says of itself, and what it does. Parsing, `--help` and refusals all follow
// from this one value.

/// A command of the program. Each stands in a file of its own.
struct Command: Sendable {
    var name: String
    /// One line, for the list of commands.
    var purpose: String
    /// What belongs to no option; nil where nothing may.
    var operands: Operands?
    var options: [Option] = []
    /// What `--help` explains besides the options.
    var details: String
    /// Lines as one would type them, without the prompt.
    var examples: [String]
    /// The exit codes that have a meaning of their own here, over those that all have.
    var exitCodes: [(code: ExitCode, meaning: String)]
    var run: @Sendable (Arguments) throws -> ExitCode

    /// One or more names of files, say.
    struct Operands: Sendable {
        var name: String
        var purpose: String
    }

    struct Option: Sendable {
        enum Kind: Sendable {
            case flag
            case value(String)
            /// Several values, which end at the next option.
            case list(String)
        }

        var name: String
        var kind = Kind.flag
        var isRequired = false
        var purpose: String

        /// As the first line of the help shows it: `--config FILE`.
        var form: String {
            switch kind {
            case .flag: name
            case .value(let value): "\(name) \(value)"
            case .list(let value): "\(name) \(value)..."
            }
        }
    }

    /// "usage: audienced validate FILE... [--schemas FILE...] [--json]"
    var synopsis: String {
        let parts = (operands.map { ["\($0.name)..."] } ?? []) + options.map { $0.isRequired ? $0.form : "[\($0.form)]" }
        return (["usage: audienced \(name)"] + parts).joined(separator: " ")
    }

    /// What `--help` prints.
    var help: String {
        let rows =
            (operands.map { [($0.name, $0.purpose)] } ?? []) + options.map { ($0.form, $0.purpose) } + [("--help, -h", "prints this")]
        let common: [(code: ExitCode, meaning: String)] = [
            (.usage, "an option that is wrong or missing"), (.internal, "a fault of this program"),
        ]
        let codes = exitCodes + common.filter { each in !exitCodes.contains { $0.code == each.code } }
        return [
            synopsis, details, Self.table(rows),
            "example:\n" + examples.map { "  \($0)\n" }.joined(),
            "exit codes:\n" + Self.table(codes.sorted { $0.code.rawValue < $1.code.rawValue }.map { ("\($0.code.rawValue)", $0.meaning) }),
        ].map { $0.hasSuffix("\n") ? $0 : $0 + "\n" }.joined(separator: "\n")
    }

    /// Two columns; further lines of the second are under its first.
    static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { first, second in
            let lines = second.split(separator: "\n").map(String.init)
            let indent = String(repeating: " ", count: width + 4)
            return "  \(first)" + String(repeating: " ", count: width + 2 - first.count) + lines.joined(separator: "\n\(indent)") + "\n"
        }.joined()
    }
}
