// Goal: the history of audiences is what commits have said, step by step, within its bound, and the same after a checkpoint. Method: random
// commits beside a plain list of all of them; a bound that is reached soon; pieces of an image read again.
import Campaigns
import Testing

@testable import Daemon
@testable import Engine

@Suite struct PastTests {
    private struct Event {
        let clock: Int64
        let size: Int
        let entered: Int
        let left: Int
    }

    @Test(arguments: HistoryStep.allCases) func everyStepIsWhatCommitsHaveSaid(step: HistoryStep) {
        var random = SeededGenerator(UInt64(step.kept))
        var history = AudienceHistory()
        var events: [Event] = []
        var (clock, size) = (Int64(1_700_000_000_123), 0)
        for _ in 0..<2000 {
            clock += Int64.random(in: 0...step.milliseconds * 2, using: &random)
            let (entered, left) = (Int.random(in: 0...9, using: &random), Int.random(in: 0...min(9, size), using: &random))
            size += entered - left
            events.append(Event(clock: clock, size: size, entered: entered, left: left))
            if events.count == 1 {
                history = AudienceHistory(
                    points: [:], causes: [:], begin: clock, causesBegin: clock, daysBegin: nil, steps: HistoryStep.allCases)
            }
            history.note("a", at: clock, size: size, entered: entered, left: left)
        }
        let from = clock - 50 * step.milliseconds
        for (begin, point) in history.points(of: "a", in: step, from: from, to: clock, now: clock, size: size) {
            let within = events.filter { $0.clock >= begin && $0.clock < begin + step.milliseconds }
            #expect(Int(point.size) == events.last { $0.clock < begin + step.milliseconds }?.size ?? 0)
            #expect(Int(point.entered) == within.reduce(0) { $0 + $1.entered } && Int(point.left) == within.reduce(0) { $0 + $1.left })
        }
        let all = history.points(of: "a", in: step, from: 0, to: clock, now: clock, size: size)
        #expect(all.count == Int(step.kept) && all.last?.begin == step.number(of: clock) * step.milliseconds)
        #expect(history.points["a"]!.allSatisfy { $0.count <= 288 })
        // Somebody of whom nothing was said all the time.
        let silent = history.points(of: "b", in: step, from: from, to: clock, now: clock, size: 7)
        #expect(silent.count == min(51, Int(step.kept)) && silent.allSatisfy { $0.point.size == 7 && $0.point.entered == 0 })
    }

    @Test func whereThereIsNoRoomStepsAreGivenUp() {
        // Room for one audience with all steps, for three with hours, for seven with days alone; why takes as much of each.
        var history = AudienceHistory(mostBytes: (30 * 16 + 24 * MemoryLayout<HistoryCauses>.stride) * 7)
        func note(_ name: String) { history.note(name, at: 7_200_000, size: 1, entered: 1, left: 0) }
        note("a")
        #expect(history.steps == HistoryStep.allCases)
        for name in ["b", "c"] { note(name) }
        #expect(history.steps == [.hour, .day])
        for name in ["d", "e", "f", "g", "h", "i"] { note(name) }
        #expect(history.steps == [.day] && history.points.count == 7 && history.points.values.allSatisfy { $0.count == 1 })
        // When what is old is forgotten, there is room again.
        history.note("i", at: 7_200_000 + 31 * 86_400_000, size: 1, entered: 1, left: 0)
        #expect(Array(history.points.keys) == ["i"])
    }

    @Test func whyIsKnownOfADay() throws {
        let house = House()
        house.machine.past = Past()
        house.control(Sample.publish())
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        let hour = HistoryStep.hour.milliseconds
        house.machine.advance(to: 100 * hour)
        house.change(Sample.row("1", n: 1))
        house.change(Sample.row("2", n: 1))
        house.commit(clock: 100 * hour + 1)
        house.change(Sample.row("1", n: 0))
        house.commit(clock: 101 * hour)
        func causes(after hours: Int64) -> [UInt32]? {
            house.machine.past!.audiences.causes(of: "vip", now: (100 + hours) * hour).map {
                [
                    $0.entered[Int(Cause.change.rawValue)], $0.left[Int(Cause.change.rawValue)], $0.entered.wrappedSum(),
                    $0.left.wrappedSum(),
                ]
            }
        }
        #expect(causes(after: 23) == [2, 1, 2, 1] && causes(after: 24) == [0, 1, 0, 1] && causes(after: 25) == [0, 0, 0, 0])
        // What is older is not kept.
        house.change(Sample.row("1", n: 1))
        house.commit(clock: 130 * hour)
        #expect(house.machine.past?.audiences.causes["vip"]?.map(\.hour) == [130])
    }

    @Test func theLastVersionsAreRemembered() {
        var versions = CampaignVersions()
        for number in 1...CampaignVersions.most + 1 {
            versions.note("c", .init(number: number, offset: Int64(number), sequence: 0, clock: 0))
        }
        #expect(versions.version(1, of: "c") == nil && versions.version(2, of: "c")?.offset == 2)
        versions.forget("c")
        #expect(versions.version(2, of: "c") == nil)
    }

    @Test func itIsTheSameFromAnImage() throws {
        let house = House()
        house.machine.past = Past()
        house.machine.advance(to: 1000)
        house.control(Sample.publish())
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        house.change(Sample.row("1", n: 1))
        house.commit(clock: 1_700_000_000_000)
        let past = try #require(house.machine.past)
        #expect(past.audiences.points["vip"]?.count == 4 && past.versions.versions["c"]?.count == 1)
        var pieces: [JSON] = []
        past.forEachPiece { pieces.append(json(String(decoding: $0, as: UTF8.self))) }
        // These texts are read for ever.
        #expect(
            pieces.map(\.line) == [
                #"{"begin":1000,"causesBegin":1000,"daysBegin":null,"steps":["PT1M","PT5M","PT1H"],"versions":{"c":[[1,9,2,1000]]}}"#,
                #"{"id":"vip","points":[[28333333,1,1,0],[5666666,1,1,0],[472222,1,1,0]],"#
                    + #""causes":[472222,1,0,0,0,0,0,0,0,0,0,0,0,0,0],"days":[19675,1,1,0]}"#,
            ])
        // Images of before there were causes, and days, which the hours tell.
        let olderFirst = json(#"{"begin":1000,"steps":["PT1M","PT5M","PT1H"],"versions":{}}"#)
        let older = try Past(pieces: [olderFirst, json(#"{"id":"vip","points":[[28333333,1,1,0],[5666666,1,1,0],[472222,1,1,0]]}"#)])
        #expect(older.audiences.points == past.audiences.points && older.audiences.causes.isEmpty)
        // What is older than the hours is not known, and a day that is not whole is not told.
        #expect(older.audiences.daysBegin == 19669 * HistoryStep.day.milliseconds)
        #expect(older.audiences.causes(of: "vip", now: 1_700_000_000_000) == nil, "nobody knows why")
        #expect(try Past(pieces: pieces) == past)
        let later = try Past(
            pieces: [
                json(#"{"daysBegin":null,"steps":["PT2M","PT1H"],"versions":{}}"#),
                json(#"{"id":"vip","points":[[9,9,9,9],[472222,1,1,0]],"days":[19675,1,1,0]}"#),
            ])
        #expect(later.audiences.steps == [.hour, .day] && later.audiences.points["vip"]! == Array(past.audiences.points["vip"]![2...]))
        #expect(throws: FactsError.self) { try Past(pieces: [json(#"{"steps":[2],"versions":{}}"#)]) }
        #expect(throws: FactsError.self) { try Past(pieces: [pieces[0], json(#"{"id":"a","points":[[1,2,3],[],[]]}"#)]) }
        #expect(throws: FactsError.self) { try Past(pieces: [pieces[0], json(#"{"id":"a","points":[[],[],[]],"causes":[1]}"#)]) }
        try expectTheSameFromACheckpoint(of: house.machine)
    }
}
