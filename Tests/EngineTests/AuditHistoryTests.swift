// Goal: what an audit decides anew from what lies beneath is what a right engine keeps, whatever came before; and an engine that leaves a
// step out is seen by it. Method: random histories, with everything looked at after each commit.
import Campaigns
import Glibc
import Testing

@testable import Engine

@Suite struct AuditHistoryTests {
    /// One looks at everything after each step: where `AUDIENCED_TRIALS` asks for more, a twentieth of them.
    private static let trials = max(100, (getenv("AUDIENCED_TRIALS").flatMap { Int(String(cString: $0)) } ?? 0) / 20)

    /// Looks at everything in a history wherever nothing waits for its commit, after each step or one of several, until something is wrong.
    private static func drift(in seed: Int, after steps: Int = 1, _ looks: inout [KeptKind: Int]) -> String? {
        let history = History(seed: seed)
        for (place, step) in RandomWorld(seed: UInt64(seed)).steps.enumerated() {
            _ = history.run(step)
            if place % steps != 0 { continue }
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

    @Test(arguments: Omission.allCases.filter { !unseen.contains($0) && !rarelyNeeded.contains($0) })
    func aStepThatIsLeftOutIsSeen(omission: Omission) {
        var looks: [KeptKind: Int] = [:]
        let seen = Omission.$current.withValue(omission) { (1...Self.trials).first { Self.drift(in: $0, after: 3, &looks) != nil } }
        #expect(seen != nil, "\(omission) is not seen in \(Self.trials) histories")
    }
}
