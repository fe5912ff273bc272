// The ways in which an input topic can have changed behind our back.

/// Why an input topic ends the daemon: what it has is no longer what was read of it, so that no start could rebuild the state.
enum InputFailure {
    private static let advice = """
        The state of the last commit cannot be rebuilt from it. Restore the topic as it was, or start a new deployment: another `group`, \
        with empty output topics; and keep input topics for ever (retention.ms=-1).
        """

    static func notWhatWasRead(_ what: String) -> DaemonFailure { DaemonFailure(.data, what, hint: advice) }

    static func gone(_ topic: String) -> DaemonFailure {
        notWhatWasRead("input topic \(topic) is gone, or has fewer partitions than were read: it was deleted, or made anew")
    }

    /// An offset that is to be read next is not there any more, or not yet again.
    static func cut(_ topic: String, _ partition: Int32, readUpTo position: Int64) -> DaemonFailure {
        notWhatWasRead(
            "\(topic)/\(partition) was read up to offset \(position), where it neither ends nor goes on: it was cut, or made anew")
    }

    static func begins(_ topic: String, _ partition: Int32, at low: Int64, neededFrom needed: Int64) -> DaemonFailure {
        notWhatWasRead("\(topic)/\(partition) begins at offset \(low), but is needed from \(needed)")
    }

    static func ends(_ topic: String, _ partition: Int32, at high: Int64, readUpTo position: Int64) -> DaemonFailure {
        notWhatWasRead("\(topic)/\(partition) ends at offset \(high), but was read up to \(position): it was cut, or made anew")
    }
}
