// Why the daemon ends by itself: what a new start from the journal would meet again, or what it has waited for long enough. Which exit code
// that is, only Commands knows.

package struct DaemonFailure: Error, CustomStringConvertible {
    package enum Kind {
        /// What was configured cannot be.
        case configuration
        /// The input, the topics or the data folder do not fit what was committed; somebody has to decide.
        case data
        /// Brokers did not do in time what nothing can go on without.
        case unavailable
        /// A fault of this program.
        case fault
        /// Another process has taken over.
        case successor
    }

    package var kind: Kind
    /// What is wrong, and with which topic, partition and offset, or path.
    var cause: String
    /// What to do about it; nil when the cause says it all.
    var hint: String?

    init(_ kind: Kind, _ cause: String, hint: String? = nil) {
        self.kind = kind
        self.cause = cause
        self.hint = hint
    }

    /// A hint of whole sentences follows the cause, another one goes on with its sentence.
    package var description: String {
        guard let hint else { return cause }
        return cause + (hint.first?.isUppercase == true ? ". " : "; ") + hint
    }
}
