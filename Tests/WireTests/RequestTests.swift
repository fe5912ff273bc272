// Goal: what channels ask for and what alerts say, byte by byte and in order (contract §4). Method: differences filled by hand; records are
// compared whole: topic, key, partition, headers, value.

import Campaigns
import Testing

@testable import Engine
@testable import Wire

@Suite struct RequestTests {
    private let clock: Int64 = 1_772_357_400_250
    private let time = "2026-03-01T09:30:00.250Z"

    private func channel(
        _ id: String, _ kind: Channel.Kind = .email, _ category: Channel.Category = .marketing, namespace: String = "Email",
        template: String? = "hello"
    ) -> Channel {
        Channel(
            id: id, from: Transition(activity: "b"), channel: kind, category: category, identity: .literal(.null), namespace: namespace,
            address: .literal(.null), template: template, timezone: "UTC", dimension: "people")
    }

    private func add(
        _ channel: Channel, _ campaign: String = "c", to difference: Difference, identity: String, address: String = "a@x",
        key: String? = "1",
        attributes: String = "{}"
    ) {
        func with(_ text: String, _ body: (UnsafeRawBufferPointer) -> Void) { Array(text.utf8).withUnsafeBytes(body) }
        let sender = difference.sender(channel, of: campaign)
        with(identity) { identity in
            with(address) { address in
                with(attributes) { attributes in
                    guard let key else {
                        difference.append(sender: sender, identity: identity, address: address, key: nil, attributes: attributes)
                        return
                    }
                    with(key) { key in
                        difference.append(sender: sender, identity: identity, address: address, key: key, attributes: attributes)
                    }
                }
            }
        }
    }

    private func records(_ difference: Difference, limits: OutputLimits = .none, then body: (World) -> Void = { _ in }) -> [PlainRecord] {
        let world = World(limits: limits)
        difference.sort(Audiences())
        world.encoder.begin(sequence: 7, clock: clock)
        world.encoder.encode(difference, world.engine, into: world.output)
        body(world)
        return world.take()
    }

    @Test func aRequest() {
        let difference = Difference()
        add(channel("mail"), to: difference, identity: "a\"|b", key: "1|2", attributes: #"{"n":1}"#)
        add(channel("push", .directMail, .transactional, namespace: "Id", template: nil), to: difference, identity: "é", key: nil)
        let records = records(difference)
        #expect(
            records.map(\.value) == [
                #"{"request":"7-0","campaign":"c","activity":"mail","channel":"email","category":"marketing","identity":{"namespace":"Email","id":"a\"|b"},"address":"a@x","template":"hello","attributes":{"n":1},"schema":"people","key":"1|2","time":"\#(time)"}"#,
                #"{"request":"7-1","campaign":"c","activity":"push","channel":"direct-mail","category":"transactional","identity":{"namespace":"Id","id":"é"},"address":"a@x","template":null,"attributes":{},"schema":"people","key":null,"time":"\#(time)"}"#,
            ])
        #expect(records.map(\.key) == ["c|mail|Email|a\"|b", "c|push|Id|é"])
        #expect(records.allSatisfy { $0.topic == .channelRequests && $0.timestamp == -1 })
        #expect(
            records[1].headers == [
                "ce_specversion=1.0", "ce_id=7-1", "ce_source=audienced/g", "ce_type=channel.requested", "ce_time=\(time)",
                "content-type=application/json",
            ])
    }

    @Test func aPersonsRequestsStayInOnePartition() {
        let difference = Difference()
        add(channel("mail"), to: difference, identity: "a|b")
        let world = World()
        world.encoder.begin(sequence: 1, clock: clock)
        world.encoder.encode(difference, world.engine, into: world.output)
        world.output.forEach { #expect(text($0.partitionKey) == "Email|a|b" && !$0.endsKey) }
    }

    @Test func theOrderOfACommit() {
        let difference = Difference()
        // By UTF-8 bytes: the last is beyond the first plane, where UTF-16 has another order.
        for identity in ["\u{ffee}", "😀", "a", "B"] { add(channel("m"), to: difference, identity: identity) }
        add(channel("m", namespace: "A"), to: difference, identity: "z")
        add(channel("M"), to: difference, identity: "z")
        add(channel("z"), "b", to: difference, identity: "z")
        for (campaign, activity) in [("d", "a"), ("c", "b"), ("c", "B"), ("D", "z")] {
            difference.alerts.append(.init(campaign: campaign, activity: activity, title: nil, message: nil, rows: 1))
        }
        let records = records(difference) { $0.encoder.encode(barrier: "end", offsets: nil, outputs: nil, into: $0.output) }
        #expect(
            records.map(\.key) == [
                "b|z|Email|z", "c|M|Email|z", "c|m|A|z", "c|m|Email|B", "c|m|Email|a", "c|m|Email|\u{ffee}", "c|m|Email|😀", "D", "c", "c",
                "d",
                "end",
            ])
        #expect(records.map { $0.header("ce_id") } == records.indices.map { "7-\($0)" })
        #expect(records[8].value?.contains(#""activity":"B""#) == true)
    }

    @Test func anAlert() {
        let difference = Difference()
        difference.alerts.append(.init(campaign: "c", activity: "few", title: "Too \"few\"", message: nil, rows: 3))
        let records = records(difference)
        #expect(
            records[0].value
                == #"{"type":"alert.raised","campaign":"c","activity":"few","title":"Too \"few\"","message":null,"rows":3,"sequence":7,"time":"\#(time)"}"#
        )
        #expect(records[0].topic == .updated && records[0].key == "c" && records[0].header("ce_type") == "alert.raised")
        #expect(!difference.isEmpty)
        difference.removeAll()
        #expect(difference.isEmpty && difference.alerts.isEmpty && difference.senders.isEmpty)
    }

    @Test func whatIsTooLargeGoesInASmallerForm() {
        let long = String(repeating: "x", count: 1 << 20)
        let difference = Difference()
        add(channel("a"), to: difference, identity: "1", attributes: #"{"v":"\#(long)"}"#)
        add(channel("b"), to: difference, identity: "2", address: long)
        add(channel("c", template: long), to: difference, identity: "3")
        difference.alerts.append(.init(campaign: "c", activity: "d", title: long, message: "short", rows: 1))
        let records = records(difference) { #expect($0.output.truncatedEvents == 4) }
        let values = records.map { json($0.value!) }
        #expect(values.allSatisfy { $0["truncated"] == .boolean(true) && $0["attributes"] == nil })
        #expect(values[0]["address"] == .string("a@x") && values[0]["template"] == .string("hello"))
        #expect(values[1]["address"] == .null && values[2]["template"] == .null && values[3]["message"] == .string("short"))
        guard case .string(let title) = values[3]["title"] else { fatalError() }
        #expect(title.utf8.count == Limits.problemTextBytes && title.hasSuffix("…"))
    }

    @Test func theLongestFitIntoTheSmallestTopic() {
        let identifier = String(repeating: "i", count: Limits.identifierCharacters)
        let long = String(repeating: "\u{1}", count: Limits.smallestTopicBytes)
        let difference = Difference()
        let most = String(repeating: "\u{1}", count: Limits.identityBytes)
        add(
            channel(identifier, .directMail, .transactional, namespace: identifier, template: long), identifier, to: difference,
            identity: most,
            address: long, key: String(repeating: "\u{1}", count: Limits.keyTextBytes))
        difference.alerts.append(.init(campaign: identifier, activity: identifier, title: long, message: long, rows: Int.max))
        for record in records(difference, limits: OutputLimits { _ in Limits.smallestTopicBytes }) {
            let headers = record.headers.reduce(0) { $0 + $1.utf8.count + OutputLimits.headerOverheadBytes }
            #expect(record.key!.utf8.count + record.value!.utf8.count + headers <= Limits.smallestTopicBytes - 97)
        }
    }
}
