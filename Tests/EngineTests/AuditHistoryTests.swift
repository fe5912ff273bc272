// Goal: what an audit decides anew from what lies beneath is what a right engine keeps, whatever came before; and an engine that leaves a
// step out is seen by it. Method: random histories, with everything looked at after each commit.
import Campaigns
import Testing

@testable import Engine

@Suite struct AuditHistoryTests {
    /// Few, since each looks at everything after each step.
    private static let trials = Trials.oneOf(20, byHand: 100)

    /// Looks at everything in a history wherever nothing waits for its commit, until something is wrong.
    private static func drift(in seed: Int, _ looks: inout [KeptKind: Int]) -> String? {
        let history = History(seed: seed)
        for (place, step) in RandomWorld(seed: UInt64(seed)).steps.enumerated() {
            _ = history.run(step)
            if let found = history.player.engine.audited(&looks)?.first { return "step \(place): \(found.kind) of \(found.subject)" }
        }
        return nil
    }

    @Test func nothingIsWrongOfARightEngine() {
        var looks: [KeptKind: Int] = [:]
        for seed in 1...Self.trials {
            let found = Self.drift(in: seed, &looks)
            #expect(found == nil, "seed \(seed): \(found ?? "")")
        }
        for kind in KeptKind.allCases { #expect(looks[kind, default: 0] > 40, "\(kind) is looked at \(looks[kind, default: 0]) times") }
    }

    /// What is only remembered, or only told, follows from nothing; and an image is no part of what is kept.
    private static let unseen: Set<Omission> = [.keepingMembers, .announcingToSaves, .keepingRows]
    /// What random histories hardly ever need.
    private static let rarelyNeeded: Set<Omission> = [.announcingMemberships, .guardsOfAccumulators, .findingStrata]

    /// An engine that is wrong may also trap before it is looked at. In these histories none does.
    private static let histories = 1001...1000 + max(400, trials)

    @Test(arguments: Omission.allCases.filter { !unseen.contains($0) && !rarelyNeeded.contains($0) })
    func aStepThatIsLeftOutIsSeen(omission: Omission) {
        var looks: [KeptKind: Int] = [:]
        let seen = Omission.$current.withValue(omission) { Self.histories.first { Self.drift(in: $0, &looks) != nil } }
        #expect(seen != nil, "\(omission) is not seen in \(Self.histories.count) histories")
    }
}
