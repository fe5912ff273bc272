// Goal: a stream of events tells of every change of what it shows, also of one that no event of an audience says: that its campaign begins,
// ends or is stopped. Method: commits of a campaign without members, taken one by one, and what the streams have of each.
import Campaigns
import Testing

@testable import Daemon

@Suite struct StreamTopicTests {
    private let house = House()
    private var state = CommittedState()

    init() {
        house.control(Sample.publish())
        house.apply(clock: 500)
        let save = #"{"id":"s","type":"save-audience","from":"b","audience":{"id":"vip"},"identity":{"field":"email","namespace":"Email"}}"#
        let build = #"{"id":"b","type":"build-audience","dimension":"people","filter":"n > 0"}"#
        house.control(
            #"{"type":"campaign.published","campaign":{"id":"c","startAt":2000,"endAt":3000,"activities":[\#(build),\#(save)]}}"#)
        #expect(house.rejected == 0)
        house.commit(clock: 1000)
        house.machine.summarizes = true
        state.take(house.machine.summary())
    }

    /// Commits, and says what each stream has of the states since.
    private mutating func told(clock: Int64) -> [String?] {
        let before = state.sequence
        house.commit(clock: clock)
        state.take(house.machine.takeChange())
        #expect(state.sequence > before)
        let (state, audience, campaign) = (state, StreamTopic("audience:vip"), StreamTopic("campaign:c"))
        let listed = StreamTopic.audiences.frame(state, since: before, status: .null)?.elements("audiences").first
        return [
            listed, audience?.frame(state, since: before, status: .null)?["audience"],
            campaign?.frame(state, since: before, status: .null)?["campaign"],
        ].map { $0?.text("state") }
    }

    @Test mutating func everyStateIsTold() {
        let nobody: [String?] = [nil, nil, nil]
        #expect(state.state(of: state.audiences["vip"]!) == "scheduled")
        #expect(told(clock: 1500) == nobody)
        #expect(told(clock: 2000) == ["live", "live", "live"])
        // The clock stops before the end of a campaign.
        #expect(told(clock: 2999) == nobody)
        #expect(told(clock: 3000) == ["completed", "completed", "completed"])
        #expect(told(clock: 3500) == nobody)
        house.control(#"{"type":"campaign.stopped","campaignId":"c"}"#)
        #expect(told(clock: 3600) == ["stopped", "stopped", "stopped"])
        #expect(told(clock: 3700) == nobody)
    }
}
