// The topics that are written.

/// The output topics (contract §4).
public enum OutputTopic: Int, CaseIterable, Sendable, BitwiseCopyable {
    case members, updated, channelRequests, deadLetters

    /// Without the configured prefix.
    public var name: String {
        switch self {
        case .members: "audience-members"
        case .updated: "audience-updated"
        case .channelRequests: "channel-requests"
        case .deadLetters: "audienced.dlq"
        }
    }
}
