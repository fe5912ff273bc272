// Control events (contract §2), and why a record of their topic is none.
public import Campaigns

/// What operators, and people who write definitions, ask for.
public enum ControlEvent: Sendable {
    case schemaPublished(JSON)
    case campaignPublished(JSON)
    case campaignStopped(String)
    case campaignDeleted(String)
    /// `after`: the offsets below which everything must be in a commit.
    case barrierRequested(id: String, after: TopicOffsets)
    /// Milliseconds since the Unix epoch.
    case clockAdvanced(Int64)

    /// What records call it.
    public var type: ControlEventType {
        switch self {
        case .schemaPublished: .schemaPublished
        case .campaignPublished: .campaignPublished
        case .campaignStopped: .campaignStopped
        case .campaignDeleted: .campaignDeleted
        case .barrierRequested: .barrierRequested
        case .clockAdvanced: .clockAdvanced
        }
    }
}

/// Why a control event changes nothing.
public enum ControlRefusal: Error {
    /// Not an event at all, or of unknown type: a dead letter and nothing else.
    case unreadable(Refusal)
    /// Reported as rejected with every problem. `subject` is the campaign's or schema's id, as far as it could be read.
    case rejected(isSchema: Bool, subject: String?, problems: [Problem])
}
