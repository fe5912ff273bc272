// Goal: what a dry run says is what publishing then does, whatever campaigns, rows, memories and clock there are, and asking leaves no
// trace. Method: the random histories of EnginePropertyTests, with a dry run before each publish.
import Campaigns
import Testing

@Suite struct DryRunTests {
    /// Of one part.
    private static let trials = Trials.oneOf(24, byHand: 40)

    @Test(arguments: 0..<4)
    func aDryRunSaysWhatPublishingDoes(part: Int) {
        var (memberEvents, failures) = (0, 0)
        for trial in 0..<Self.trials where failures < 2 {
            let seed = part * Self.trials + trial + 1
            let steps = RandomWorld(seed: UInt64(seed)).steps
            do {
                memberEvents += try Simulation.runWhole(steps, rehearses: true).memberEvents
            } catch {
                failures += 1
                Issue.record("seed \(seed): \(error)")
            }
        }
        if failures == 0 { #expect(memberEvents > 2 * Self.trials, "histories in which nobody moves prove nothing") }
    }
}
