// What evaluating a campaign at a commit gives: its populations, what it remembers from then on, and what it says (semantics §1).
public import Campaigns

/// One evaluation of a campaign.
public struct Evaluation: Sendable {
    /// A request of a channel.
    public struct Request: Hashable, Sendable {
        /// The id of the campaign.
        public var campaign: String
        /// The id of the channel.
        public var activity: String
        /// Of the identity.
        public var namespace: String
        /// UTF-8.
        public var identity: [UInt8]
        /// UTF-8.
        public var address: [UInt8]
        /// The key text of the row that it is about; nil of a row without a key.
        public var key: [UInt8]?
        /// As a JSON object.
        public var attributes: [UInt8]

        public init(
            campaign: String, activity: String, namespace: String, identity: [UInt8], address: [UInt8], key: [UInt8]?, attributes: [UInt8]
        ) {
            self.campaign = campaign
            self.activity = activity
            self.namespace = namespace
            self.identity = identity
            self.address = address
            self.key = key
            self.attributes = attributes
        }
    }

    /// An alert that is raised now.
    public struct Alert: Hashable, Sendable {
        /// The id of the activity.
        public var activity: String
        /// How many rows its inbound has.
        public var rows: Int

        public init(activity: String, rows: Int) {
            self.activity = activity
            self.rows = rows
        }
    }

    /// What a save-audience gives to its audience.
    public struct Saved: Sendable {
        /// By identity.
        public var members: KeptMembers
        /// Rows of the population that have a key and no identity.
        public var rejected: Int
    }

    /// What was remembered at the last commit.
    let was: CampaignMemory
    /// Whether it is the first of this version.
    let isPublishing: Bool
    /// The members of an audience as they are now.
    let audience: @Sendable (String) -> KeptMembers

    /// What every transition carries.
    public internal(set) var populations: [Transition: Population] = [:]
    /// Outputs of tests that are not taken, and what hangs on them alone.
    var inactive: Set<Transition> = []
    /// What is to be remembered.
    public internal(set) var memory = CampaignMemory()
    /// In the order of the activities, of each by identity.
    public internal(set) var requests: [Request] = []
    /// In the order of the activities.
    public internal(set) var alerts: [Alert] = []
    /// By the id of the save-audience.
    public internal(set) var saved: [String: Saved] = [:]

    init(_ was: CampaignMemory, isPublishing: Bool, audience: @escaping @Sendable (String) -> KeptMembers) {
        self.was = was
        self.isPublishing = isPublishing
        self.audience = audience
    }

    /// What a transition of an activity before carries.
    subscript(_ transition: Transition) -> Population {
        guard let population = populations[transition] else { preconditionFailure("\(transition) comes before") }
        return population
    }

    /// Whether one of the transitions is active.
    func isActive(_ transitions: [Transition]) -> Bool {
        transitions.contains { !inactive.contains($0) }
    }
}
