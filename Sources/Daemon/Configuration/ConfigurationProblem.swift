// What is wrong with a configuration: one entry per mistake, all of them at once (contract §9); the daemon prints them and exits 64.

/// One mistake in a configuration.
public struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
    /// Where a value comes from.
    public enum Place: Equatable, Sendable {
        /// The line in the file, counted from 1.
        case line(Int)
        /// The name of an environment variable.
        case environment(String)
    }

    /// The key: `snapshots.keep`, `topics.changes[1].table`; empty for the whole file.
    public var path: String
    /// What is wrong, without where.
    public var message: String
    /// Nil when the key is missing.
    public var place: Place?
    /// How to fix it; nil when the message says it all.
    public var hint: String?

    public init(path: String, message: String, place: Place? = nil, hint: String? = nil) {
        self.path = path
        self.message = message
        self.place = place
        self.hint = hint
    }

    /// "snapshots.keep: must be a whole number (line 12) — such as 3"
    public var description: String {
        var text = path.isEmpty ? message : "\(path): \(message)"
        switch place {
        case .line(let line): text += " (line \(line))"
        case .environment(let name): text += " ($\(name))"
        case nil: break
        }
        return text + (hint.map { " — \($0)" } ?? "")
    }
}

/// Why a configuration cannot be used: every problem found, in the order of the file.
public struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Never empty.
    public var problems: [ConfigurationProblem]

    public init(problems: [ConfigurationProblem]) {
        self.problems = problems
    }

    /// One problem a line.
    public var description: String {
        problems.map(\.description).joined(separator: "\n")
    }
}

/// A text as problems show it: in quotes, cut, and on one line, since what controls a terminal must not reach it.
func shown(_ text: String) -> String {
    let maximum = 80
    let cut = text.unicodeScalars.prefix(maximum).reduce(into: "") { shown, scalar in
        shown.unicodeScalars.append(scalar.properties.generalCategory == .control ? "\u{fffd}" : scalar)
    }
    return "'\(cut)\(text.unicodeScalars.count > maximum ? "…" : "")'"
}
