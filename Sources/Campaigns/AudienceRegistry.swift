// Who writes which audience (contract §2.2, semantics §4, DECISIONS 1, 52, 53, 55). With `ifExists: fail` alone an audience has one
// writer at a time, live or stopped.

/// The writers of all audiences. A value: a publish is tried on a copy.
public struct AudienceRegistry: Sendable {
    /// The campaign that writes an audience.
    public struct Writer: Equatable, Sendable {
        public var campaign: String
        /// The audience's label, unique among live campaigns.
        public var label: String
        /// Of the members' identities.
        public var namespace: String
        /// A stopped campaign's audience stays as it was, frozen, and is free for others to take; so is its label.
        public var isStopped: Bool
    }

    /// By audience id.
    private var writers: [String: Writer] = [:]

    public init() {}

    /// The campaign that writes the audience; nil when nobody does.
    public func writer(of audience: String) -> Writer? {
        writers[audience]
    }

    /// All audiences that somebody writes, by UTF-8 bytes.
    public var audiences: [String] {
        writers.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The audiences that a campaign writes, by UTF-8 bytes.
    public func audiences(of campaign: String) -> [String] {
        audiences.filter { writers[$0]?.campaign == campaign }
    }

    /// Why the campaign must not go live: another live campaign writes an audience of its (at `audience.id`), or uses a label of its
    /// for another audience (at `audience.label`). Empty when nothing is against it.
    public func problems(of campaign: Campaign) -> [Problem] {
        let others = writers.filter { $1.campaign != campaign.id && !$1.isStopped }
        var problems: [Problem] = []
        for save in campaign.saves {
            let path = "activities[\(save.position)].audience"
            if let writer = others[save.audience] {
                let message = "campaign \(writer.campaign) writes audience \(save.audience)"
                problems.append(Problem(path: "\(path).id", message: message, hint: "choose another id, or stop that campaign first"))
            }
            let namesakes = others.filter { $0 != save.audience && $1.label == save.label }
            if let other = namesakes.keys.min() {
                let message = "label \(quoted(save.label)) is that of audience \(other)"
                problems.append(Problem(path: "\(path).label", message: message, hint: "labels are unique"))
            }
        }
        return problems
    }

    /// Makes the campaign, which has no problems, the writer of its audiences; what stopped campaigns gave to them is replaced.
    /// Returns the audiences that it wrote before and no longer writes: nobody does now. By UTF-8 bytes.
    @discardableResult
    public mutating func take(_ campaign: Campaign) -> [String] {
        let wanted = Set(campaign.saves.map(\.audience))
        let dropped = audiences(of: campaign.id).filter { !wanted.contains($0) }
        for audience in dropped { writers[audience] = nil }
        for save in campaign.saves {
            writers[save.audience] = Writer(campaign: campaign.id, label: save.label, namespace: save.namespace, isStopped: false)
        }
        return dropped
    }

    /// The campaign's audiences stay as they are, frozen.
    public mutating func stop(campaign: String) {
        for audience in audiences(of: campaign) { writers[audience]?.isStopped = true }
    }

    /// Takes the campaign's audiences away and returns them: nobody writes them now. By UTF-8 bytes.
    @discardableResult
    public mutating func delete(campaign: String) -> [String] {
        let dropped = audiences(of: campaign)
        for audience in dropped { writers[audience] = nil }
        return dropped
    }
}
