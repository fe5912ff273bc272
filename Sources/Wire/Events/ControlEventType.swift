// The types of control events (contract §2), and what each may say.

/// What a control event wants.
public enum ControlEventType: String, CaseIterable, Sendable {
    case schemaPublished = "schema.published"
    case campaignPublished = "campaign.published"
    case campaignStopped = "campaign.stopped"
    case campaignDeleted = "campaign.deleted"
    case barrierRequested = "barrier.requested"
    case clockAdvanced = "clock.advanced"

    /// Its members beside those that every event may have; the first is required.
    var members: [String] {
        switch self {
        case .schemaPublished: ["schema"]
        case .campaignPublished: ["campaign"]
        case .campaignStopped, .campaignDeleted: ["campaignId"]
        case .barrierRequested: ["id", "after"]
        case .clockAdvanced: ["to"]
        }
    }
}
