// Which program this is.
import Synchronization

enum Program {
    static let version = "0.1.0"
    private static let builtFrom = Mutex<String?>(nil)

    /// The commit that it was built from; nil when nobody knows.
    static var commit: String? { builtFrom.withLock { $0 } }

    /// As `--version` has it, and what a process leaves to the next.
    static func text(commit: String? = commit) -> String { "audienced \(version)\(commit.map { " (\($0))" } ?? "")" }

    /// The executable knows it.
    static func note(commit: String?) { builtFrom.withLock { $0 = commit } }
}
