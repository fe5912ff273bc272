// Goal: a plan tells what publishing then says, with the reason for each example, and leaves the state as it is; one is made at a time, of
// committed state alone (contract §6, §8). Method: state machines with plans beside what is published then; and a loop over librdkafka's
// in-process broker that is asked.
import Campaigns
import HTTP
import Kafka
import Synchronization
import Testing

@testable import Daemon
@testable import Engine
@testable import Storage
@testable import Wire

@Suite(.serialized, .waiting, .quiet) struct PlanTests {
    private static let reader =
        #"{"id":"r","activities":[{"id":"in","type":"read-audience","audience":"vip","dimension":"people","identityField":"email"},{"id":"s","type":"save-audience","from":"in","audience":{"id":"readers"},"identity":{"field":"email","namespace":"Email"}}]}"#
    private static let mailing =
        #"{"id":"m","activities":[{"id":"b","type":"build-audience","dimension":"people","filter":"n >= 8"},{"id":"mail","type":"channel","from":"b","channel":"email","identity":{"field":"email","namespace":"Email"},"address":"email","template":"t"},{"id":"bell","type":"alert","from":"mail","title":"Some"},{"id":"s","type":"save-audience","from":"bell","audience":{"id":"mailed"},"identity":{"field":"email","namespace":"Email"}}]}"#

    private func house() -> House {
        let house = House()
        house.control(Sample.publish())
        for number in 0..<10 { house.change(Sample.row("\(number)", n: number)) }
        house.commit()
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip", filter: "n > 3")))
        house.control(Sample.publish(campaign: Self.reader))
        house.machine.output.removeAll()
        return house
    }

    private func copy(_ house: House) -> MachineCopy {
        var copy = MachineCopy(house.machine)
        while copy.goOn(house.machine) {}
        return copy
    }

    private func plan(_ house: House, _ definitions: String...) throws -> JSON {
        guard case .planned(let plan) = try PlannedCampaigns.outcome(of: definitions.map { json($0) }, on: copy(house)) else {
            throw CommandFailure(.refused, "not planned: \(definitions)")
        }
        return plan.json
    }

    private func problems(_ house: House, _ definitions: String...) throws -> [String] {
        guard case .refused(let problems) = try PlannedCampaigns.outcome(of: definitions.map { json($0) }, on: copy(house)) else {
            return []
        }
        return problems.map { "\($0.path): \($0.message)" }
    }

    private func numbers(_ value: JSON, _ names: String...) -> [Int64?] { names.map { value.integer($0) } }

    // What is told.

    @Test func aPlanIsWhatPublishingThenSays() throws {
        let house = house()
        let definition = Sample.campaign("c", audience: "vip", filter: "n > 1 AND n != 7")
        let plan = try plan(house, definition)
        let (sequence, held) = (house.sequence, house.machine.engine.held)
        #expect(house.news() == [] && plan.integer("sequence") == sequence && plan.integer("formatVersion") == 1)
        let campaign = try #require(plan.elements("campaigns").first)
        #expect(numbers(campaign, "baseVersion", "version") == [1, 2])
        #expect(
            campaign.text("sha256") == PlannedCampaigns.sha256(of: json(definition.replacing("\"id\":\"c\",", with: "\"id\" : \"c\" ,"))))
        let rows = campaign["transitions"]?["b"]
        #expect(rows?["now"]?.integer("rows") == 6 && rows?["then"]?.integer("rows") == 7)
        let audiences = plan.elements("audiences")
        #expect(audiences.map { $0.text("audience") } == ["vip", "readers"], "those that follow come last")
        for audience in audiences {
            #expect(numbers(audience, "entered", "updated", "left") == [2, 0, 1])
            #expect(audience["now"]?.integer("members") == 6 && audience["then"]?.integer("members") == 7)
            let examples = audience.elements("examples")
            #expect(examples.map { $0["identity"]?.text("id") } == ["7@x", "2@x", "3@x"])
            #expect(examples.map { $0.text("status") } == ["left", "entered", "entered"])
            for example in examples {
                let isIn = ["now", "then"].map { example[$0]?.text("reason")?.hasPrefix("A member, ") }
                #expect(isIn == (example.text("status") == "left" ? [true, false] : [false, true]))
                #expect(["now", "then"].map { example[$0]?["attributes"] != .null } == isIn)
            }
        }
        #expect(
            audiences[0].elements("examples")[0]["then"]?.text("reason")
                == "Not a member: b asks that n is not 7, which is not so of people 7.")
        #expect(
            audiences[0].elements("reasons").map { "\($0.text("status") ?? "") \($0.integer("members") ?? 0) \($0.text("reason") ?? "")" }
                == ["left 1 b asks that n is not 7", "entered 2 b asks that n is more than 3"])
        #expect(audiences[1].elements("reasons").map { $0.integer("members") } == [1, 2])
        #expect(numbers(plan, "entered", "updated", "left") == [4, 0, 2] && house.machine.engine.held == held)

        house.control(Sample.publish(campaign: definition))
        let said = house.take().filter { $0.type == "audience.updated" }.map { numbers($0.value, "entered", "updated", "exited", "size") }
        #expect(said == [[2, 0, 1, 7], [2, 0, 1, 7]])
        #expect(try self.plan(house, definition).integer("entered") == 0)
    }

    /// A window of a day over who bought when, and what time alone does to it; asked, and then seen.
    @Test func anOutlookIsWhatTimeThenDoes() throws {
        let house = House()
        let hour: Int64 = 3_600_000
        let start = 1000 * hour
        house.control(
            Sample.publish(schema: Sample.schema.replacing(#"{"name":"n""#, with: #"{"name":"at","type":"datetime"},{"name":"n""#)))
        for (place, age) in [1, 5, 23, 30].enumerated() {
            house.change(Sample.row("\(place)", n: 1).replacing(#""n":1"#, with: "\"at\":\(start - Int64(age) * hour)"))
        }
        house.change(Sample.row("soon", n: 1).replacing(#""n":1"#, with: "\"at\":\(start + 26 * hour)"))
        house.commit(clock: start)
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip", filter: "at >= DaysAgo(1) AND at <= NOW()")))
        house.machine.output.removeAll()
        for (hours, left, entered) in [(1, 0, 0), (20, 2, 0), (24, 3, 0), (30, 3, 1)] as [(Int64, Int64, Int64)] {
            let outlook = try #require(try Outlook(hours * hour, of: "vip", on: copy(house))).json
            #expect(numbers(outlook, "left", "entered") == [left, entered] && outlook["now"]?.integer("members") == 3, "\(hours)")
            #expect(outlook["then"]?.integer("members") == 3 - left + entered)
            let examples = outlook.elements("examples")
            #expect(Int64(examples.count) == left + entered)
            #expect(examples.allSatisfy { $0["then"]?.text("reason")?.hasPrefix($0.text("status") == "left" ? "Not a " : "A ") == true })
        }
        #expect(house.news() == [], "asking says nothing")
        // What is remembered of each moment on the way cannot be told.
        let kept = Sample.campaign("k", audience: "kept", filter: "n > 0").replacing(
            #""attributes":["#, with: #""mode":"append","attributes":["#)
        let reader = Self.reader.replacing("vip", with: "kept")
        for definition in [kept, reader] { house.control(Sample.publish(campaign: definition)) }
        house.machine.output.removeAll()
        for audience in ["kept", "readers"] {
            let outlook = try #require(try Outlook(hour, of: audience, on: copy(house))).json
            #expect(outlook.text("unknown") == "kept keeps who was in it in between" && outlook["left"] == nil)
        }
        #expect(try Outlook(hour, of: "nobody", on: copy(house)) == nil)
        house.commit(clock: start + 24 * hour)
        let said = house.take().filter { $0.type == "audience.updated" }.map { numbers($0.value, "entered", "exited", "size") }
        #expect(said == [[0, 3, 0]])
    }

    @Test func whatIsSentAtOnceIsTold() throws {
        let house = house()
        let plan = try plan(house, Self.mailing)
        #expect(
            plan.elements("requests").map(\.line) == [
                #"{"campaign":"m","activity":"mail","channel":"email","category":"marketing","count":2}"#
            ])
        #expect(plan.elements("alerts").map { $0.text("title") } == ["Some"])
        #expect(plan.elements("audiences")[0]["now"] == .null && plan.elements("campaigns")[0]["baseVersion"] == .null)
        let reasons = plan.elements("audiences")[0].elements("examples").map { $0["now"]?["reason"] }
        #expect(reasons == [.null, .null])
        house.control(Sample.publish(campaign: Self.mailing))
        let sent = house.take().map(\.type).filter { !$0.hasPrefix("audience.") }
        #expect(sent.count == 4, "two requests, an alert and that it is live: \(sent)")
        // Who was written to is remembered.
        let more = try self.plan(house, Self.mailing.replacing("n >= 8", with: "n >= 7"))
        #expect(more.elements("requests").map { $0.integer("count") } == [1])
    }

    @Test func reasonsAreCounted() throws {
        let house = house()
        let most = PlannedReasons.mostAsked
        for number in 10..<(most * 2) { house.change(Sample.row("\(number)", n: number % 10 < 3 ? 5 : 6)) }
        house.commit()
        // All but those of 5 go, for two reasons.
        let changed = Sample.campaign("c", audience: "vip", filter: "n > 3 AND n != 6 AND n < 8")
        let audience = try #require(try plan(house, changed).elements("audiences").first)
        let left = try #require(audience.integer("left").map(Int.init))
        #expect(left > most && audience["asked"]?.integer("left") == Int64(most / 2), "two audiences share them")
        let reasons = audience.elements("reasons").map { ($0.text("reason") ?? "", $0.integer("members") ?? 0) }
        #expect(reasons.reduce(0) { $0 + $1.1 } == Int64(most / 2), "each was asked for one: \(reasons)")
        #expect(reasons.first?.0 == "b asks that n is not 6")
        let attributes = Sample.campaign("c", audience: "vip", filter: "n > 3").replacing("\"name\":\"n\"", with: "\"name\":\"k\"")
        let updated = try #require(try plan(house, attributes).elements("audiences").first)
        #expect(updated.elements("reasons").map { $0.text("reason") } == ["n, k change"])
    }

    @Test func severalArePlannedTogether() throws {
        let house = house()
        let other = Self.reader.replacing("\"id\":\"r\"", with: "\"id\":\"q\"").replacing("vip", with: "new").replacing(
            "readers", with: "q")
        let alone = try problems(house, other)
        #expect(alone.count == 1 && alone[0].hasPrefix("activities[0].audience: "), "\(alone)")
        let plan = try plan(house, Sample.campaign("n", audience: "new", filter: "n = 1"), other, Sample.campaign("c", audience: "vip"))
        let entered = plan.elements("audiences").map { audience -> String in
            "\(audience.text("audience") ?? "") \(audience.integer("entered") ?? -1)"
        }
        #expect(entered == ["new 1", "q 1", "vip 3", "readers 3"])
    }

    @Test func everythingAgainstPublishingIsTold() throws {
        let house = house()
        let wrong = Sample.campaign("w", audience: "vip", label: "W", filter: "m > 1 AND k = 2")
        #expect(try problems(house, wrong).count == 2)
        let several = try problems(house, Sample.campaign("n", audience: "new"), wrong, Sample.campaign("n", audience: "other"))
        #expect(several.count == 3 && several[0].hasPrefix("[1].activities[0].filter: ") && several[2].hasPrefix("[2].id: n stands there"))
        #expect(try problems(house, "5").isEmpty == false)
        #expect(house.news() == [] && house.rejected == 0)
    }

    @Test func aPlanThatNobodyWaitsForEnds() throws {
        let copy = copy(house())
        var steps = 0
        for most in 0..<50 {
            steps = 0
            let outcome = try PlannedCampaigns.outcome(of: [json(Sample.campaign("c", audience: "vip"))], on: copy) {
                steps += 1
                return steps <= most
            }
            if case .givenUp = outcome { continue }
            #expect(most > 3, "it was asked \(most) times")
            return
        }
        Issue.record("it never came to its end")
    }

    // Who asks.

    /// Keeps the answers to one who asks.
    private final class Asker: Sendable {
        let answers = Mutex<[Response]>([])
        let isGone = Atomic(false)

        var recipient: Recipient {
            Recipient {
                self.isGone.load(ordering: .relaxed)
            } send: { answer in
                self.answers.withLock { $0.append(answer) }
            }
        }

        var codes: [Int] { answers.withLock { $0.map(\.status) } }

        /// What the first says.
        var first: JSON? {
            guard case .bytes(let bytes)? = answers.withLock({ $0.first?.body }) else { return nil }
            return JSON(text: bytes)
        }
    }

    private func order(_ asker: Asker) -> Plans.Order {
        Plans.Order(trial: .publishing([json(Sample.campaign("c", audience: "vip"))]), recipient: asker.recipient)
    }

    @Test func thereIsOnePlanAtATime() throws {
        let plans = Plans(RequestMetrics())
        let (early, first, second, third) = (Asker(), Asker(), Asker(), Asker())
        plans.ask(order(early))
        #expect(early.codes == [503], "nothing is live")
        plans.begin(try WakeUp())
        plans.ask(order(first))
        plans.ask(order(second))
        #expect(first.codes == [] && second.codes == [429] && plans.isAsked)
        // Who went away holds up nobody.
        first.isGone.store(true, ordering: .relaxed)
        plans.ask(order(third))
        #expect(third.codes == [] && plans.take() != nil && plans.take() == nil)
        plans.ask(order(second))
        #expect(second.codes == [429, 429] && !plans.isAsked)
        plans.done()
        plans.ask(order(second))
        #expect(second.codes == [429, 429] && plans.isAsked)
        plans.end()
        #expect(second.codes == [429, 429, 503] && !plans.isAsked)
    }

    @Test func whatStandsInTheWayOfAPlanIsSaid() throws {
        let house = house()
        let plans = Plans(RequestMetrics())
        plans.begin(try WakeUp())
        let folder = TemporaryFolder()
        try Folders.create("\(folder.path)/proc/self")
        try folder.write("proc/self/statm", "100000 2560 1000 10 0 3000 0\n")
        var configuration = Configuration(kafka: [:], data: "")
        configuration.memoryBytes = 10 << 20
        let poor = PlanMaker(plans, configuration, .threads, ProcessMemory(root: folder.path))
        let (asker, gone) = (Asker(), Asker())
        plans.ask(order(asker))
        poor.begin(house.machine)
        #expect(asker.codes == [503] && !poor.isCopying && house.machine.engine.keptBytes == 0)
        #expect(asker.first?.text("code") == "memory-short")
        // Whoever has an answer may ask for the next one at once.
        let next = Asker()
        let eager = Recipient {
            false
        } send: { _ in
            plans.ask(order(next))
        }
        plans.ask(Plans.Order(trial: .publishing([json(Sample.campaign("c", audience: "vip"))]), recipient: eager))
        poor.begin(house.machine)
        #expect(next.codes == [] && plans.isAsked)
        poor.begin(house.machine)
        #expect(next.codes == [503])
        poor.close(house.machine)

        let maker = PlanMaker(plans, configuration, .threads, nil)
        plans.ask(order(gone))
        maker.begin(house.machine)
        #expect(maker.isCopying)
        gone.isGone.store(true, ordering: .relaxed)
        maker.goOn(house.machine, until: Deadline(after: .zero))
        #expect(!maker.isCopying)
        plans.ask(order(asker))
        maker.begin(house.machine)
        maker.close(house.machine)
        #expect(asker.codes == [503, 503] && !maker.isCopying)
    }

    /// Beside changes and checkpoints: what is answered is a commit, and the members are what they would be.
    @Test func aLoopMakesPlansBetweenItsCommits() throws {
        let folder = TemporaryFolder()
        let deployment = try Deployment(data: folder.path, checkpointsEvery: .zero)
        let interface = Interface()
        deployment.interface = interface
        try deployment.control(Sample.publish(), time: 1000)
        try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip", filter: "n > 3")), time: 1000)
        for number in 0..<10 { try deployment.send("p.a", Sample.row("\(number)", n: number), time: 1001) }
        try deployment.control(#"{"type":"barrier.requested","id":"all","after":{"p.a":{"0":10}}}"#, time: 1002)
        try deployment.flush()
        let askers = (0..<5).map { _ in Asker() }
        var number = 0
        let sink = try deployment.run({ KeepingSink($0) }) { sink in
            guard sink.hasReached("all") else { return false }
            if number > 0, askers[number - 1].codes.isEmpty { return false }
            if number == askers.count { return true }
            interface.plans.ask(
                Plans.Order(
                    trial: .publishing([json(Sample.campaign("c", audience: "vip", filter: "n > \(number)"))]),
                    recipient: askers[number].recipient
                ))
            try deployment.send("p.a", Sample.row("x\(number)", n: 0), time: Int64(2000 + number))
            try deployment.flush()
            number += 1
            return false
        }
        for (number, asker) in askers.enumerated() {
            #expect(asker.codes == [200])
            let plan = try #require(asker.first)
            let then = plan.elements("audiences")[0]["then"]?.integer("members")
            #expect(then == Int64(9 - number))
            let sequence = asker.answers.withLock { $0[0].headers["Audienced-Sequence"].flatMap(Int64.init) }
            #expect(sequence == plan.integer("sequence") && sink.transactions.flatMap(\.journal).contains { $0.sequence == sequence })
        }
        var (members, last) = ([String: String](), Int64(0))
        fold(sink.transactions, into: &members, from: &last)
        #expect(members.count == 6, "nobody was moved by a plan")
        deployment.close()
    }
}
