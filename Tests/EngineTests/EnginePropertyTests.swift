// The one invariant (semantics §1) on random histories: after every commit the fold of all that was emitted is what evaluating every
// campaign from scratch gives. A history that fails is shrunk and printed; `AUDIENCED_SEED` runs one seed alone, `AUDIENCED_TRIALS` as
// many as it says, from 1 or that seed on, and `AUDIENCED_TRACE` prints each seed before it runs, for histories that trap.
import Campaigns
import Glibc
import Testing

@Suite struct EnginePropertyTests {
    /// Run beside each other.
    private static let parts = 8

    private static let seeds: Range<Int> = {
        let seed = Trials.setting("AUDIENCED_SEED")
        let first = seed ?? 1
        return first..<first + (Trials.asked ?? (seed == nil ? 400 : 1))
    }()

    @Test(arguments: 0..<parts)
    func everyCommitIsWhatEvaluatingFromScratchGives(part: Int) {
        let isTraced = getenv("AUDIENCED_TRACE") != nil
        var (trials, failures, expressions, memberEvents, foreseen) = (0, 0, 0, 0, 0)
        let size = (Self.seeds.count + Self.parts - 1) / Self.parts
        for seed in Self.seeds.dropFirst(part * size).prefix(size) where failures < 3 {
            // Now and then a long one, in which tables have more signals than bits.
            let world = RandomWorld(seed: UInt64(seed), length: seed % 40 == 0 ? 400 : 45)
            let steps = world.steps
            expressions += world.sources.count
            if isTraced { EnginePropertyTests.print("seed \(seed)\n") }
            if isTraced, Self.seeds.count == 1 { EnginePropertyTests.print(EnginePropertyTests.text(steps)) }
            trials += 1
            if let simulation = try? Simulation.runWhole(steps) {
                memberEvents += simulation.memberEvents
                foreseen += simulation.foreseen
                continue
            }
            failures += 1
            let (smaller, failure) = Shrinking.shrink(steps)
            Issue.record("seed \(seed), step \(failure.step): \(failure)\n\(EnginePropertyTests.text(smaller))")
        }
        EnginePropertyTests.print(
            "random histories, part \(part + 1) of \(Self.parts): \(trials) trials, "
                + "\(expressions) expressions, \(memberEvents) member events, \(foreseen) looked at until when\n"
        )
        // Histories in which nobody moves prove nothing.
        if failures == 0, trials >= 100 { #expect(memberEvents > 4 * trials) }
        if failures == 0, trials >= 1000 { #expect(foreseen > 0) }
    }

    /// At once, so that it is seen before a trap.
    private static func print(_ text: String) {
        _ = text.utf8.withContiguousStorageIfAvailable { write(2, $0.baseAddress, $0.count) }
    }

    private static func text(_ steps: [Step]) -> String {
        var readable = Readable()
        return steps.enumerated().map { "\($0). \(readable.text($1))\n" }.joined()
    }
}
