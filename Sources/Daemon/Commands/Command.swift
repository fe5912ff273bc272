// What one command is: its name, what it understands, what it says of itself, and what it does. Parsing, `--help` and refusals all follow
// from this one value.

/// A command of the program. Each stands in a file of its own.
struct Command: Sendable {
    var name: String
    /// One line, for the list of commands.
    var purpose: String
    /// What belongs to no option, in its order.
    var operands: [Operand] = []
    var options: [Option] = []
    /// What `--help` explains besides the options.
    var details: String
    /// Lines as one would type them, without the prompt.
    var examples: [String]
    /// The exit codes that have a meaning of their own here, over those that all have.
    var exitCodes: [(code: ExitCode, meaning: String)]
    /// It ends without a word when the reader of its output goes away (`| head`), as tools do; the daemon must not.
    var endsWithItsReader = false
    var run: @Sendable (Arguments) throws -> ExitCode

    /// A word that stands by itself: the id of an audience, or names of files.
    struct Operand: Sendable {
        enum Count: Sendable {
            case one
            /// None or one.
            case optional
            /// As many as are given; the command says whether it can do without.
            case several
        }

        var name: String
        var count = Count.one
        /// All there is to choose from; empty: anything.
        var choices: [String] = []
        var purpose: String

        /// As the first line of the help shows it.
        var form: String {
            switch count {
            case .one: name
            case .optional: "[\(name)]"
            case .several: "\(name)..."
            }
        }
    }

    struct Option: Sendable {
        enum Kind: Sendable {
            case flag
            case value(String)
            /// One of several words.
            case choice(String, of: [String])
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
            case .value(let value), .choice(let value, _): "\(name) \(value)"
            case .list(let value): "\(name) \(value)..."
            }
        }
    }

    /// The program, the command and what may follow, in the order of the help.
    var words: [String] {
        ["audienced \(name)"] + operands.map(\.form) + options.map { $0.isRequired ? $0.form : "[\($0.form)]" }
    }

    /// "usage: audienced validate FILE... [--schemas FILE...] [--json]", on as many lines as it needs.
    var synopsis: String {
        var lines = ["usage:"]
        for word in words {
            if lines[lines.count - 1].count + 1 + word.count > 120 { lines.append("      ") }
            lines[lines.count - 1] += " \(word)"
        }
        return lines.joined(separator: "\n")
    }

    /// What `--help` prints.
    var help: String {
        let rows =
            operands.map { ($0.name, $0.purpose) } + options.map { ($0.form, $0.purpose) } + [("--help, -h", "prints this")]
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
