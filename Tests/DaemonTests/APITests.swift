// Goal: what the API says is the committed state, page by page, and nothing else; what it describes is what it serves. Method: a state
// machine whose commits are acknowledged by hand, behind the real server, asked by the real client.
import Campaigns
import Foundation
import HTTP
import Kafka
import Storage
import Synchronization
import Testing

@testable import Daemon
@testable import Engine
@testable import Wire

@Suite(.serialized) struct APITests {
    /// A daemon without a loop: its commits are acknowledged when the test says so, and a thread answers questions meanwhile.
    private final class Served {
        let house = House()
        let interface = Interface()
        let topics = KeptTopics()
        let server: Server
        let client: Client

        init() throws {
            house.machine.past = Past()
            house.control(Sample.publish())
            house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip", label: "Very important")))
            house.control(Sample.publish(campaign: Sample.campaign("d", audience: "all", filter: "n >= 0")))
            house.commit()
            let publisher = ControlPublisher(ClientConfiguration(settings: [:]), topic: "campaign-publish")
            let configuration = Configuration(kafka: [:], data: "/nonexistent")
            let resources = Resources(
                interface: interface, publisher: publisher, group: "g", metrics: Metrics(),
                snapshotFolder: SnapshotFolder(path: "/nonexistent"), readings: TopicReadings(topics, Topics(configuration)))
            let secret = String(repeating: "s", count: 32)
            let token = try Token(name: "test", secret: Array(secret.utf8), role: .publish)
            server = try Server(
                .tcp(host: "127.0.0.1", port: 0), routes: resources.routes, access: Access(tokens: [token]),
                whenAnswered: { resources.noteAnswer($0, publishing: []) })
            resources.tokens.begin([token])
            client = try Client(server.address.base, token: secret)
        }

        deinit { server.stop() }

        func goLive() throws {
            house.machine.output.removeAll()
            interface.begin(house.machine, try WakeUp(), controlOffset: 7)
        }

        /// Asks, and lets the machine answer.
        func get(_ path: String, _ query: [(String, String)] = []) throws -> (status: Int, headers: Headers, json: JSON) {
            let (client, interface, machine) = (client, interface, house.machine)
            let answered = Answered()
            let thread = Thread {
                do {
                    let (head, body) = try client.send(.get, "/api/v1/" + path, query: query)
                    answered.set((head.status, head.headers, body))
                } catch ClientError.problem(let status, let body) {
                    answered.set((status, [:], body))
                } catch {
                    answered.set((0, [:], Array("\"\(error)\"".utf8)))
                }
            }
            thread.start()
            while true {
                interface.questions.answer(machine, isIdle: true)
                if let found = answered.value { return (found.0, found.1, JSON(text: found.2) ?? .null) }
                usleep(200)
            }
        }
    }

    private final class Answered: Sendable {
        private let state = Mutex<(Int, Headers, [UInt8])?>(nil)
        var value: (Int, Headers, [UInt8])? { state.withLock { $0 } }
        func set(_ value: (Int, Headers, [UInt8])) { state.withLock { $0 = value } }
    }

    private func items(_ json: JSON, _ name: String = "items") -> [JSON] { if case .array(let items)? = json[name] { items } else { [] } }

    @Test func beforeTheStateIsThereItSaysSo() throws {
        let served = try Served()
        let answer = try served.get("audiences/vip/members")
        #expect(answer.status == 503 && answer.json.text("code") == "starting")
        #expect(try served.get("audiences").status == 503)
        try served.goLive()
        #expect(try served.get("audiences/vip/members").status == 200)
    }

    /// What another life took is not pending for ever.
    @Test func whatWasPublishedBeforeTheStartIsNotPending() throws {
        let served = try Served()
        try served.goLive()
        #expect(try served.get("publications/6").status == 404)
        #expect(try served.get("publications/7").json["state"] == .string("pending"))
    }

    @Test func listsArePagedInTheOrderOfBytes() throws {
        let served = try Served()
        try served.goLive()
        let all = try served.get("audiences")
        #expect(items(all.json).map { $0.text("id") } == ["all", "vip"])
        #expect(all.headers["Audienced-Sequence"] == String(served.house.sequence))
        let first = try served.get("audiences", [("limit", "1")])
        guard case .string(let cursor)? = first.json["next"] else { return #expect(Bool(false), "no next") }
        let second = try served.get("audiences", [("limit", "1"), ("after", cursor)])
        #expect(items(second.json).map { $0.text("id") } == ["vip"] && second.json["next"] == .null)
        #expect(try served.get("audiences", [("after", cursor)]).status == 200)
        #expect(try served.get("audiences", [("q", "import"), ("after", cursor)]).json.text("code") == "cursor-invalid")
        #expect(items(try served.get("audiences", [("q", "IMPORT")]).json).map { $0.text("id") } == ["vip"])
        #expect(items(try served.get("campaigns").json).map { $0.text("state") } == ["live", "live"])
        #expect(try served.get("campaigns/nobody").json.text("hint") == "known: c, d")
    }

    /// What pages of the console ask for beyond what others need.
    @Test func listsTellADayAndMembersTheirEnds() throws {
        let served = try Served()
        served.house.change(Sample.row("1", n: 1))
        served.house.commit()
        try served.goLive()
        let plain = try served.get("audiences")
        #expect(items(plain.json).allSatisfy { $0["day"] == nil })
        let list = try served.get("audiences", [("trend", "1"), ("limit", "1")])
        #expect(items(list.json).map { $0.text("id") } == ["all"] && list.json.text("next") != nil)
        let day = try #require(items(list.json)[0]["day"])
        #expect(day.integer("entered") == 1 && day.integer("left") == 0 && items(day, "sizes").last == .integer(1))
        #expect(day["lastHour"]?.integer("entered") == 1 && day["lastHour"]?.integer("left") == 0)
        let members = try served.get("audiences/vip/members", [("validUntil", "1")])
        #expect(items(members.json).map { $0["validUntil"] } == [.null])
        #expect(try items(served.get("audiences/vip/members").json).allSatisfy { $0["validUntil"] == nil })
        #expect(try served.get("status").json["figures"] == nil)
        let figures = try served.get("status", [("figures", "1")]).json["figures"]
        #expect(figures?["topics"]?.text("members") == "audience-members" && figures?["audit"]?.integer("drift") == 0)
        let tokens = figures?.elements("tokens") ?? []
        #expect(tokens.map { $0.text("name") } == ["test"] && tokens[0].text("role") == "publish" && tokens[0].text("lastUsed") != nil)
    }

    @Test func membersArePagedWhileOthersCome() throws {
        let served = try Served()
        for number in 0..<900 { served.house.change(Sample.row("m\((number * 7919) % 900)", n: number % 3)) }
        served.house.commit()
        try served.goLive()
        var found: [String] = []
        var cursor: String?
        var pages = 0
        repeat {
            let page = try served.get("audiences/vip/members", [("limit", "97")] + (cursor.map { [("after", $0)] } ?? []))
            found += items(page.json).compactMap { item in if case .string(let id)? = item["identity"]?["id"] { id } else { nil } }
            if case .string(let next)? = page.json["next"] { cursor = next } else { cursor = nil }
            pages += 1
            // Somebody new before and behind the page, and one who leaves, in a commit that is acknowledged.
            served.house.change(Sample.row("a\(pages)", n: 1))
            served.house.change(Sample.row("z\(pages)", n: 1))
            served.house.commit()
            served.interface.acknowledge(served.house.machine.takeChange())
        } while cursor != nil && pages < 100
        let expected = (0..<900).filter { number in ((0..<900).first { $0 * 7919 % 900 == number }! % 3) > 0 }.map { "m\($0)@x" }
        #expect(found.filter { $0.hasPrefix("m") } == expected.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(Set(found).count == found.count && pages > 5)
        #expect(items(try served.get("audiences/vip/members", [("prefix", "m12")]).json).count == expected.count { $0.hasPrefix("m12") })
    }

    @Test func answersWaitForTheAcknowledgement() throws {
        let served = try Served()
        try served.goLive()
        let before = served.house.sequence
        served.house.change(Sample.row("1", n: 1))
        served.house.commit()
        // Not acknowledged: lists show what was, and what is asked of the engine is held.
        #expect(try served.get("audiences/vip").json["size"] == .integer(0))
        let held = Mutex<[Int64]>([])
        served.interface.questions.ask(
            .members,
            Recipient { response in held.withLock { $0.append(Int64(response.headers["Audienced-Sequence"]!)!) } }
        ) { _ in .written(Response(text: "")) }
        // What was gathered is written beside the one who gathered it, and not before its commit is there.
        let written = Mutex(0)
        let sent = Mutex<[String?]>([])
        served.interface.questions.ask(
            .members, Recipient { response in sent.withLock { $0.append(response.headers["Audienced-Sequence"]) } }
        ) { _ in
            .gathered {
                written.withLock { $0 += 1 }
                return Response(text: "")
            }
        }
        served.interface.questions.answer(served.house.machine, isIdle: true)
        #expect(held.withLock { $0 } == [] && written.withLock { $0 } == 0)
        let late = try served.get("status", [("atLeast", "\(before + 1)"), ("wait", "0")])
        #expect(late.status == 412 && late.json["sequence"] == .integer(before))
        served.interface.acknowledge(served.house.machine.takeChange())
        #expect(held.withLock { $0 } == [before + 1])
        while sent.withLock({ $0.isEmpty }) { usleep(200) }
        #expect(sent.withLock { $0 } == ["\(before + 1)"] && written.withLock { $0 } == 1)
        let later = try served.get("audiences/vip", [("atLeast", "\(before + 1)")]).json
        #expect(later["size"] == .integer(1) && later.text("lastChangeTime") != nil)
        let why = try served.get("audiences/vip/members/Email/1@x")
        #expect(why.json["member"] == .boolean(true) && why.json["sequence"] == .integer(before + 1))
        #expect(try served.get("audiences/vip/members/Phone/1@x").status == 404)
        #expect(try served.get("audiences/vip/rows/1").json["member"] == .boolean(true))
        let campaign = try served.get("campaigns/c").json
        #expect(campaign["transitions"]?["b"]?["rows"] == .integer(1) && campaign["words"]?["b"]?.text("filter") != nil)
    }

    @Test func theLogLevelIsAnotherForAWhile() throws {
        let served = try Served()
        func put(_ body: String) -> (status: Int, json: JSON) {
            do {
                let (head, answer) = try served.client.send(
                    .put, "/api/v1/log-level", headers: ["Content-Type": "application/json"], body: Array(body.utf8))
                return (head.status, JSON(text: answer) ?? .null)
            } catch ClientError.problem(let status, let body) {
                return (status, JSON(text: body) ?? .null)
            } catch {
                return (0, .string("\(error)"))
            }
        }
        let answer = put(#"{"level":"debug","for":"PT90S"}"#)
        #expect(answer == (200, .object([.init("level", .string("debug")), .init("seconds", .integer(90))])))
        #expect(Log.isShown(.debug))
        Log.reopen()
        for wrong in [
            #"{"level":"loud"}"#, #"{"level":"info","for":"P2D"}"#, #"{"level":"info","for":90}"#, #"{"levle":"info"}"#, "5", "{",
        ] {
            #expect(put(wrong).status == 400, "\(wrong)")
        }
    }

    @Test func rowsAtATransitionAreShown() throws {
        let served = try Served()
        for number in 0..<5000 { served.house.change(Sample.row("m\(number)", n: number % 1000 == 999 ? 1 : 0)) }
        served.house.commit()
        try served.goLive()
        func keys(_ from: String, limit: Int = 100) throws -> [String] {
            let rows = try served.get("campaigns/c/transitions/\(from)/rows", [("limit", "\(limit)")]).json
            #expect(rows["more"] == .boolean(items(rows).count == limit && limit < 5))
            return items(rows).compactMap { $0.text("key") }
        }
        // Over several questions, since the table has more places than one looks at.
        #expect(try keys("b") == ["m999", "m1999", "m2999", "m3999", "m4999"])
        #expect(try keys("b", limit: 2) == ["m999", "m1999"])
        let wrong = try served.get("campaigns/c/transitions/nobody/rows")
        #expect(wrong.status == 404 && wrong.json.text("hint") == "known: b")
        served.house.control(#"{"type": "campaign.stopped", "campaignId": "c"}"#)
        served.house.commit()
        served.interface.acknowledge(served.house.machine.takeChange())
        #expect(try keys("b") == [])
    }

    /// An output that nobody takes is evaluated when somebody looks at it.
    @Test func rowsOfAnOutputThatNobodyTakes() throws {
        let served = try Served()
        let activities =
            #"{"id":"b","type":"build-audience","dimension":"people"},{"id":"p","type":"split","from":"b","complement":true,"#
            + #""subsets":[{"name":"x","filter":"n > 1"},{"name":"y","filter":"n > 0"}]},"#
            + #"{"id":"s","type":"save-audience","from":"p.x","audience":{"id":"x"},"identity":{"field":"email","namespace":"Email"}}"#
        served.house.control(Sample.publish(campaign: #"{"id":"split","activities":[\#(activities)]}"#))
        for number in 0..<9 { served.house.change(Sample.row("m\(number)", n: number % 3)) }
        served.house.commit()
        try served.goLive()
        func keys(_ from: String) throws -> [String] {
            items(try served.get("campaigns/split/transitions/\(from)/rows").json).compactMap { $0.text("key") }
        }
        #expect(try keys("p.x") == ["m2", "m5", "m8"])
        #expect(try keys("p.y") == ["m1", "m4", "m7"])
        #expect(try keys("p.complement") == ["m0", "m3", "m6"])
        #expect(try keys("p.x") == ["m2", "m5", "m8"], "as before")
    }

    @Test func whatWasIsTold() throws {
        let served = try Served()
        for number in 0..<3 { served.house.change(Sample.row("\(number)", n: 1)) }
        served.house.commit(clock: 600_000)
        served.house.change(Sample.row("1", n: 0))
        served.house.commit(clock: 601_000)
        served.house.change(Sample.row("2", n: 0))
        served.house.commit(clock: 1_200_000)
        try served.goLive()
        func points(_ step: String, _ more: [(String, String)] = []) throws -> [String] {
            items(try served.get("audiences/vip/history", [("step", step)] + more).json, "points").map { point in
                let counts = ["size", "entered", "left"].map { String(point.integer($0) ?? -1) }
                return "\(point.text("time")!.dropFirst(11).prefix(5)) \(counts.joined(separator: " "))"
            }
        }
        let expected = ["00:00 0 0 0", "00:05 0 0 0", "00:10 2 3 1", "00:15 2 0 0", "00:20 1 0 1"]
        #expect(try points("PT5M") == expected)
        #expect(try points("PT5M", [("from", "1970-01-01T00:10:30Z"), ("to", "900000")]) == Array(expected[2...3]))
        #expect(try points("PT1H") == ["00:00 1 3 2"] && points("P1D") == ["00:00 1 3 2"])
        #expect(try points("PT1M").count == 21)
        let causes = try served.get("audiences/vip/history").json["causes"]
        #expect(causes?.line == #"{"since":"1970-01-01T00:00:01.000Z","entered":{"change":3},"left":{"change":2}}"#)
        #expect(try served.get("audiences/vip/history", [("step", "PT2M")]).status == 400)

        let definition = Sample.campaign("c", audience: "vip", label: "Very important")
        served.topics.add(
            "campaign-publish", partition: 0, offset: 9, key: nil, value: Sample.publish(campaign: definition), headers: [])
        served.topics.ends["campaign-publish/0"] = 10
        let version = try served.get("campaigns/c/versions/1").json
        #expect(version.integer("offset") == 9 && version.integer("sequence") == 2 && version["definition"] == json(definition))
        #expect(try served.get("campaigns/c/versions/2").json.text("hint") == "versions are 1 to 1")
    }

    @Test func streamsTellWhatIsCommitted() throws {
        let served = try Served()
        try served.goLive()
        let sizes = Mutex<[JSON]>([])
        let (client, house, interface) = (served.client, served.house, served.interface)
        var commits = 0
        try client.events("/api/v1/events", query: [("for", "audience:vip")]) { event in
            #expect(event.event == "state")
            sizes.withLock { $0.append(JSON(text: Array(event.data.utf8))?["audience"]?["size"] ?? .null) }
            guard commits < 2 else { return false }
            commits += 1
            // One that is about somebody else says nothing here.
            house.change(Sample.row("zero\(commits)", n: 0))
            house.commit()
            interface.acknowledge(house.machine.takeChange())
            house.change(Sample.row("\(commits)", n: 1))
            house.commit()
            interface.acknowledge(house.machine.takeChange())
            return true
        }
        #expect(sizes.withLock { $0 } == [.integer(0), .integer(1), .integer(2)])
        #expect(try served.get("events", [("for", "somebody")]).status == 400)
    }

    @Test func whatIsDescribedIsServed() throws {
        let served = try Served()
        try served.goLive()
        let text = try served.client.send(.get, "/api/v1/openapi.json").1
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Config/openapi.json")
        if ProcessInfo.processInfo.environment["AUDIENCED_GOLDEN"] != nil { try Data(text + [10]).write(to: path) }
        #expect(try Array(Data(contentsOf: path)) == text + [10], "AUDIENCED_GOLDEN=1 writes it anew")
        guard case .object(let paths)? = JSON(text: text)?["paths"] else { return #expect(Bool(false), "no paths") }
        for item in paths {
            guard case .object(let operations) = item.value else { continue }
            let path = item.name.replacing("{id}", with: "vip").replacing("{name}", with: "people").replacing("{offset}", with: "0")
                .replacing("{namespace}", with: "Email").replacing("{identity}", with: "1@x").replacing("{key}", with: "1").replacing(
                    "{sequence}", with: "1"
                ).replacing("{file}", with: "manifest.json").replacing("{from}", with: "b").replacing("{n}", with: "2")
            // A stream does not end, and here is no loop that looks ahead.
            for operation in operations where operation.name == "get" && !path.hasSuffix("/events") && !path.hasSuffix("/outlook") {
                let status = try served.get(String(path.dropFirst("/api/v1/".count))).status
                #expect(status == 200 || status == 404, "\(path): \(status)")
            }
        }
    }
}
