// Goal: what the demo shows follows from the events that it reads, at every size of the terminal. Method: events as JSON in; whole lines
// out.

import Campaigns
import Testing

@testable import Daemon

@Suite struct DemoViewTests {
    private func member(_ person: String, _ status: String, _ audience: String, cause: String, sequence: Int) -> JSON {
        json(
            #"{"audience":"\#(audience)","identity":{"namespace":"Email","id":"\#(person)"},"status":"\#(status)","cause":"\#(cause)","sequence":\#(sequence)}"#
        )
    }

    private func update(_ audience: String, size: Int, sequence: Int) -> JSON {
        json(#"{"type":"audience.updated","audience":"\#(audience)","size":\#(size),"sequence":\#(sequence)}"#)
    }

    private func receive(_ events: [JSON], _ state: inout DemoState, at second: Double) {
        state.second = second
        for event in events { state.receive(event, nanoseconds: UInt64(second * 1e9), wallMilliseconds: Int64(second * 1000)) }
        state.keepCopies()
    }

    /// Two people enter at the publish of one campaign, one of them leaves, another enters; a mistake is refused.
    private var story: DemoState {
        var state = DemoState(customerCount: 4)
        state.tell("The campaign goes live.", "It is evaluated once.")
        receive(
            [
                member("a@x", "realized", "recent-buyers", cause: "publish", sequence: 3),
                member("b@x", "realized", "recent-buyers", cause: "publish", sequence: 3), update("recent-buyers", size: 2, sequence: 3),
            ], &state, at: 1)
        state.second = 2
        state.send(DemoShop.Row(key: "c", value: "", email: "c@x", boughtAt: 2000), nanoseconds: 2_000_000_000)
        receive(
            [member("c@x", "realized", "recent-buyers", cause: "change", sequence: 4), update("recent-buyers", size: 3, sequence: 4)],
            &state, at: 2.025)
        state.tell("Time passes.")
        receive(
            [member("a@x", "exited", "recent-buyers", cause: "time", sequence: 5), update("recent-buyers", size: 2, sequence: 5)], &state,
            at: 4)
        receive(
            [
                json(
                    #"{"type":"campaign.rejected","campaign":"wrong","sequence":6,"problems":[{"path":"a[0].filter","message":"unknown link","hint":"did you mean it?"}]}"#
                )
            ], &state, at: 5)
        return state
    }

    @Test func eventsAreFolded() {
        let state = story
        let audience = state.audiences[0]
        #expect(state.audiences.count == 1 && audience.rule == DemoStory.rules["recent-buyers"])
        #expect(audience.members == ["b@x", "c@x"] && audience.size == 2 && audience.copy == ["a@x", "b@x"])
        #expect(audience.enteredCount == 3 && audience.leftCount == 1 && audience.wrongInCopyCount == 2)
        #expect(audience.sizes.map(\.size) == [2, 3, 2])
        #expect(state.memberEventCount == 4 && state.leftByTimeCount == 1 && state.refusedProblemCount == 1 && state.sequence == 6)
        #expect(state.latenciesMilliseconds == [25] && state.isSettled)
        #expect(
            state.summary == [
                "Members changed 4 times, in 6 commits.", "1 times somebody left because time passed, with no event.",
                "From a row sent to its event read: median 25 ms, at most 25 ms.",
                "A copy of recent-buyers, made when it went live, is wrong about 2 people by now; a nightly batch is such a copy.",
                "Mistakes refused, while nothing else noticed: 1.",
            ])
    }

    @Test func latencyIsCountedForEverybodyWhomARowMoves() {
        var state = DemoState(customerCount: 2)
        state.send(DemoShop.Row(key: "b", value: "", email: "b@x"), nanoseconds: 0)
        state.send(DemoShop.Row(key: "a", value: "", email: "a@x", otherEmail: "b@x"), nanoseconds: 1_000_000_000)
        for (person, status) in [("a@x", "realized"), ("b@x", "exited")] {
            let event = member(person, status, "gift", cause: "change", sequence: 1)
            state.receive(event, nanoseconds: 1_030_000_000, wallMilliseconds: 0)
        }
        #expect(state.latenciesMilliseconds == [30, 30])
    }

    @Test func latenessIsCountedFromTheEdge() {
        var state = DemoState(customerCount: 1)
        state.send(DemoShop.Row(key: "a", value: "", email: "a@x", boughtAt: 1000), nanoseconds: 0)
        let event = member("a@x", "exited", "buying-now", cause: "time", sequence: 1)
        state.receive(event, nanoseconds: 0, wallMilliseconds: 1000 + DemoStory.windowMilliseconds["buying-now"]! + 150)
        #expect(state.latenessMilliseconds == [150])
    }

    /// People are one entry only where commit, audience, direction and cause are the same.
    @Test func likeMovementsAreOneEntry() {
        var state = DemoState(customerCount: 9)
        let events = [
            member("a", "realized", "x", cause: "change", sequence: 1), member("b", "exited", "x", cause: "change", sequence: 1),
            member("c", "realized", "x", cause: "change", sequence: 1), member("c", "realized", "y", cause: "change", sequence: 1),
            member("d", "realized", "x", cause: "time", sequence: 1), member("e", "realized", "x", cause: "change", sequence: 2),
            member("f", "existing", "x", cause: "change", sequence: 2),
        ]
        receive(events, &state, at: 1)
        let entries = state.entries.map { entry -> String in
            if case .moved(let movement) = entry { movement.line(width: 100).text } else { "?" }
        }
        #expect(
            entries == [
                "+ 2 customers enter x, because a row changed", "- b leaves x, because a row changed",
                "+ c enters y, because a row changed",
                "+ d enters x, because time passed", "+ e enters x, because a row changed", "~ f stays in x, because a row changed",
            ])
    }

    @Test func plainLinesComeOnceAndInOrder() {
        var lines = PlainLines()
        var state = story
        state.second = 5
        let first = lines.next(state)
        #expect(lines.next(state) == [])
        #expect(
            first.map(\.text) == [
                "audienced demo", DemoState.honesty, "", "   0.0 s  > The campaign goes live.",
                "            It is evaluated once.", "   1.0 s    + 2 customers enter recent-buyers, because the campaign was published",
                "   2.0 s    + c@x enters recent-buyers, because a row changed", "            members now: recent-buyers 3", "",
                "   2.0 s  > Time passes.", "   4.0 s    - a@x leaves recent-buyers, because time passed",
                "   5.0 s    x the campaign wrong is refused:", "              a[0].filter: unknown link",
                "              hint: did you mean it?",
            ])
        // A commit's movements may still grow: they are shown when they had time to.
        receive([member("d@x", "realized", "recent-buyers", cause: "change", sequence: 7)], &state, at: 6)
        #expect(lines.next(state) == [])
        receive([member("e@x", "realized", "recent-buyers", cause: "change", sequence: 7)], &state, at: 6.2)
        #expect(lines.next(state).map(\.text) == ["   6.0 s    + 2 customers enter recent-buyers, because a row changed"])
    }

    @Test func aFrameOfAnOldTerminal() {
        let lines = TerminalFrame(state: story, size: .init(columns: 80, rows: 24)).lines.map { line in
            line.text.replacing(/\ +$/, with: "")
        }
        #expect(
            lines == [
                "audienced demo                                                commit 6     5.0 s",
                "The broker is librdkafka's, in this process. Everything else is the real daemon.", "", "▌ Time passes.", "▌", "▌", "▌", "",
                "Audiences of 4 customers   (a copy: the list a batch made when they went live)",
                "recent-buyers   EXISTS(purchases WHERE at >= DaysAgo(30))",
                "  ████████████▌············   2  ▁▁███▁▁▁             +3   -1   a copy:  2 wrong", "", "", "", "", "",
                "Who entered, who left, and why", "   1.0  + 2 customers enter recent-buyers, because the campaign was published",
                "   2.0  + c@x enters recent-buyers, because a row changed", "   4.0  - a@x leaves recent-buyers, because time passed",
                "   5.0  x the campaign wrong is refused:", "          a[0].filter: unknown link", "          hint: did you mean it?",
                "From a row sent to its event read: median 25 ms, at most 25 ms.   Ctrl-C ends it",
            ])
    }

    /// More audiences than three have a row each, where the terminal is not tall.
    @Test func manyAudiencesLeaveRoomForTheLog() {
        var state = story
        for audience in ["big-spenders", "gift", "gift-holdout"] {
            receive(
                [member("a@x", "realized", audience, cause: "upstream", sequence: 7), update(audience, size: 1, sequence: 7)], &state, at: 6
            )
        }
        let low = TerminalFrame(state: state, size: .init(columns: 80, rows: 24)).lines.map(\.text)
        #expect(
            low[9] == "recent-buyers   ████████········   2  ▁▁███▁▁▁▁▁      +3   -1   a copy:  2 wrong"
                && low[12].hasPrefix("gift-holdout"))
        #expect(low.firstIndex { $0.hasPrefix("Who entered") } == 16)
        #expect(low.contains { $0.hasSuffix("+ a@x enters gift, because another audience changed") })
        let tall = TerminalFrame(state: state, size: .init(columns: 80, rows: 40)).lines.map(\.text)
        #expect(
            tall.contains { $0 == "gift            \(DemoStory.rules["gift"]!)" } && tall.firstIndex { $0.hasPrefix("Who entered") } == 22)
    }

    @Test func aFrameFitsEveryTerminal() {
        let state = story
        for columns in [1, 2, 7, 20, 39, 79, 100, 149, 150, 151, 200, 500] {
            for rows in [1, 2, 3, 10, 15, 24, 60] {
                let lines = TerminalFrame(state: state, size: .init(columns: columns, rows: rows)).lines
                #expect(lines.count == rows && lines.allSatisfy { $0.width <= columns }, "\(columns)x\(rows)")
            }
        }
        // A wide one has the log on the right, and what was told before on the left.
        let wide = TerminalFrame(state: state, size: .init(columns: 160, rows: 30)).lines.map(\.text)
        #expect(wide[0].hasSuffix("Who entered, who left, and why") && wide[1].contains("+ 2 customers enter recent-buyers"))
        #expect(wide.contains { $0.hasPrefix("   0.0  The campaign goes live.") })
    }

    @Test func bars() {
        #expect(TerminalFrame.bar(0, of: 10, width: 4) == "····" && TerminalFrame.bar(10, of: 10, width: 4) == "████")
        #expect(TerminalFrame.bar(5, of: 10, width: 3) == "█▌·" && TerminalFrame.bar(1, of: 0, width: 2) == "··")
        #expect(TerminalFrame.bar(99, of: 10, width: 2) == "██" && TerminalFrame.bar(1, of: 2, width: 0) == "")
    }

    @Test func linesAreWrappedAndCut() {
        #expect(StyledLine.wrap("one two three", width: 7).map(\.text) == ["one two", "three"])
        #expect(StyledLine.wrap("incomprehensible", width: 6).map(\.text) == ["incom…"])
        var line = StyledLine("ab", .strong)
        line.append("cd", .left)
        #expect(
            line.fitted(to: 4) == line && line.fitted(to: 3).text == "ab…" && line.fitted(to: 1).text == "…"
                && line.fitted(to: 0).text == "")
        #expect(line.escaped(isColored: true) == "\u{1b}[1mab\u{1b}[0m\u{1b}[31mcd\u{1b}[0m")
        #expect(line.escaped(isColored: false) == "\u{1b}[1mab\u{1b}[0mcd")
    }
}
