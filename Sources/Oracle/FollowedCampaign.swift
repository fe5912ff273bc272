// A campaign from publish to stop, commit by commit: which version is evaluated, with what it remembers, and when nothing is (semantics §4,
// decisions 6 and 50).
public import Campaigns

/// A campaign that was published and not deleted.
public struct FollowedCampaign: Sendable {
    /// What a commit makes of what it gives to audiences.
    public enum Outcome: Sendable {
        /// It is evaluated.
        case live(Evaluation)
        /// Before `startAt`: "a mirrored audience is empty, the others stay as they are".
        case scheduled
        /// Stopped, or after `endAt`: all stays as it is.
        case unchanged
    }

    /// The version that is live.
    public private(set) var campaign: Campaign
    /// Counts the publishes.
    public private(set) var version = 1
    /// What it wrote stays as it was.
    public private(set) var isStopped = false
    private var memory = CampaignMemory()
    private var isPublishing = true

    public init(_ campaign: Campaign) {
        self.campaign = campaign
    }

    /// A new version takes over.
    public mutating func publish(_ new: Campaign) {
        memory = memory.kept(from: campaign, to: new)
        (campaign, version, isPublishing, isStopped) = (new, version + 1, true, false)
    }

    /// It is followed no longer.
    public mutating func stop() {
        isStopped = true
        memory = memory.ended
    }

    /// A commit. `audience` gives the members of one as they are now.
    public mutating func step(_ evaluator: Evaluator, audience: @escaping @Sendable (String) -> KeptMembers) -> Outcome {
        if isStopped { return .unchanged }
        switch campaign.validity(at: evaluator.clock) {
        case .live:
            let evaluation = evaluator.evaluate(campaign, memory, isPublishing: isPublishing, audience: audience)
            (memory, isPublishing) = (evaluation.memory, false)
            return .live(evaluation)
        case .scheduled:
            memory = memory.emptied
            return .scheduled
        case .completed:
            memory = memory.emptied
            return .unchanged
        }
    }
}
