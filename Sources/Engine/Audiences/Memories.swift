// What campaigns remember beyond the tables, by activity id, in words that no plan is needed for: row ids and identities (semantics §1).
import Campaigns

struct Memories {
    /// What the wait activities of the version before remember, while a new version opens its own: by campaign and activity.
    private var handedOver: [String: [String: WaitingMemory]] = [:]

    /// Since when row ids wait; nothing where nobody remembers.
    func waits(of campaign: String, activity: String) -> WaitingMemory {
        handedOver.isEmpty ? [:] : handedOver[campaign]?[activity] ?? [:]
    }

    mutating func handOver(_ memory: WaitingMemory, of campaign: String, activity: String) {
        handedOver[campaign, default: [:]][activity] = memory
    }

    mutating func forgetHandedOver() { handedOver = [:] }
}
