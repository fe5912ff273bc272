// What the world writes to the input topics while the daemon runs: definitions, rows, rows that are none, and barriers, some of it in
// transactions that end late or are aborted. It knows what it wrote, so that the plain evaluator needs no parser.
import Campaigns
import Daemon
import Oracle
import Wire

/// What a record of an input topic says.
enum Written {
    case upsert(table: String, Row)
    case delete(table: String, Key)
    /// A dead letter.
    case refused
    case schema(Schema)
    case campaign(Campaign)
    case deletion(campaign: String)
    case barrier(String)
}

final class World {
    struct Entry {
        var offset: Int64
        var transaction: Int?
        var written: Written
    }

    static let control = "campaign-publish"
    static let customers = "a-customers"
    static let purchases = "b-mixed"
    private static let day: Int64 = 86_400_000

    private(set) var log: [String: [Int32: [Entry]]] = [:]
    private(set) var barriers: [String] = []
    private let broker: SimulatedBroker
    private let course: Course
    private let followsWallClock: Bool
    private var definitions = Definitions()
    private var eventTime: Int64 = 1_799_000_000_000
    private var open: [Int] = []
    /// How many there were of each topic at first.
    private var partitions: [String: Int] = [:]
    private var changesLeft: Int
    private var controlLeft: Int
    private var lateSchema: Bool
    /// Whether the topic of purchases waits for their schema; else it is read from when any is live.
    let isMapped: Bool

    init(_ broker: SimulatedBroker, _ course: Course, followsWallClock: Bool) {
        self.broker = broker
        self.course = course
        self.followsWallClock = followsWallClock
        changesLeft = course.number(40...400)
        controlLeft = course.number(2...10)
        lateSchema = course.chance(200)
        isMapped = lateSchema || course.chance(500)
        broker.create(World.control, partitions: 1)
        broker.create(World.customers, partitions: course.number(1...2))
        broker.create(World.purchases, partitions: course.number(1...2))
        partitions = broker.partitionCounts
        if course.chance(300) { broker.compacted = [World.customers] }
        publishSchema(Definitions.customers)
        if !lateSchema { publishSchema(Definitions.purchases) }
        publishCampaign(0)
        for _ in 0..<course.number(0...30) { change() }
    }

    private var now: Int64 {
        if followsWallClock { return course.time.wallMilliseconds() }
        eventTime += Int64(course.number(0...1500))
        if course.chance(30) { eventTime += Int64(course.number(1...36)) * 3_600_000 }
        return eventTime
    }

    // Meanwhile.

    /// Something may happen.
    func goOn() {
        broker.goOn()
        guard course.chance(60) else { return }
        if course.chance(5) {
            let milliseconds = course.pick([-600_000, -3000, -200, 500, 4000, 700_000])
            course.note("the wall clock is set by \(milliseconds) ms")
            course.time.stepWallClock(milliseconds: Int64(milliseconds))
        }
        if course.chance(8), controlLeft > 0 { grow() }
        if course.chance(30) { compact() }
        if !open.isEmpty, course.chance(200) { endTransaction() }
        if course.chance(40), open.count < 2, changesLeft > 0 { open.append(broker.begin()) }
        if changesLeft > 0 { for _ in 0..<course.pick([1, 1, 2, 5, 20]) { change() } }
        if controlLeft > 0, course.chance(60) { controlEvent() }
    }

    /// Everything that is to come comes, and a barrier behind it. Returns its id.
    func finish() -> String {
        if lateSchema { publishSchema(Definitions.purchases) }
        lateSchema = false
        while !open.isEmpty { endTransaction() }
        while changesLeft > 0 { change() }
        controlLeft = 0
        return requestBarrier(isLast: true)
    }

    /// The cleaner of the broker runs.
    private func compact() {
        guard let topic = broker.compacted.min() else { return }
        let number = Int32(course.number(0...broker.partitionCounts[topic]! - 1))
        course.note("\(topic)/\(number) is compacted")
        broker.compact(topic, number)
    }

    /// A topic gets another partition; it is that of customers who were not there before.
    private func grow() {
        let topic = course.pick([World.customers, World.purchases])
        guard broker.partitionCounts[topic]! == partitions[topic]! else { return }
        broker.addPartition(to: topic)
        course.note("\(topic) has one partition more")
    }

    private func endTransaction() {
        let transaction = open.removeFirst()
        broker.end(transaction, isCommit: course.chance(650))
    }

    private func append(
        _ text: String, _ written: Written, to topic: String, _ number: Int32, key: String? = nil, time: Int64, transaction: Int? = nil
    ) {
        let record = StoredRecord(key: key.map { Array($0.utf8) }, value: Array(text.utf8), timestamp: time)
        let offset = broker.append(record, to: topic, number, transaction: transaction)
        log[topic, default: [:]][number, default: []].append(Entry(offset: offset, transaction: transaction, written: written))
    }

    // Rows.

    private func change() {
        changesLeft -= 1
        let transaction = open.isEmpty || course.chance(400) ? nil : course.pick(open)
        let isPurchase = course.chance(500)
        let topic = isPurchase ? World.purchases : World.customers
        let isGrown = broker.partitionCounts[topic]! > partitions[topic]!
        let customer = course.number(1...(isGrown ? 18 : 14))
        let number = Int32(customer > 14 ? partitions[topic]! : customer % partitions[topic]!)
        let time = now
        if course.chance(25) {
            let text = course.pick([#"{"table":"customers","op":"u","row":{"id":7}}"#, "{", #"{"op":"u","table":"customers","row":1}"#])
            return append(text, .refused, to: topic, number, key: "refused \(changesLeft)", time: time, transaction: transaction)
        }
        let (row, isDelete) = (isPurchase ? purchase(of: customer, time) : self.customer(customer), course.chance(120))
        let table = isPurchase ? Definitions.purchases : Definitions.customers
        let names = isDelete ? ["id"] : table.fields
        let members = zip(names, row).map { JSON.Member($0, $1.map { World.json($0, of: $0) } ?? .null) }
        let text = World.text(
            .object([
                .init("table", .string(table.name)), .init("op", .string(isDelete ? "d" : "u")), .init("row", .object(members)),
            ]))
        let written: Written = isDelete ? .delete(table: table.name, [row[0]!]) : .upsert(table: table.name, row)
        append(text, written, to: topic, number, key: isPurchase ? nil : "c\(customer)", time: time, transaction: transaction)
    }

    private func customer(_ number: Int) -> Row {
        let email = course.chance(60) ? nil : Datum.text(Array("\(course.chance(800) ? number : course.number(1...14))@x".utf8))
        let country: Datum? = course.chance(50) ? nil : .text(Array(course.pick(["FR", "DE", "IT"]).utf8))
        return [.text(Array("c\(number)".utf8)), email, country, course.chance(50) ? nil : .integer(Int64(course.number(0...9)))]
    }

    /// One that leaves a window of some days soon.
    private func purchase(of customer: Int, _ time: Int64) -> Row {
        let at = time - Int64(course.number(0...3)) * World.day + Int64(course.number(-2000...40_000))
        return [
            .text(Array("p\(customer)-\(course.number(1...6))".utf8)), .text(Array("c\(customer)".utf8)), .instant(at),
            .integer(Int64(course.number(0...50))),
        ]
    }

    private static func json(_ value: Datum, of: Datum) -> JSON {
        switch value {
        case .text(let bytes): .string(String(decoding: bytes, as: UTF8.self))
        case .integer(let number): .integer(number)
        case .instant(let instant): .string(InstantText.text(of: instant))
        default: preconditionFailure("no field has such a value")
        }
    }

    static func text(_ value: JSON) -> String {
        var text = JSONText()
        text.append(value)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    // Control events.

    private func controlEvent() {
        controlLeft -= 1
        switch course.number(0...9) {
        case 0 where lateSchema:
            publishSchema(Definitions.purchases)
            lateSchema = false
        case 0...5: publishCampaign(course.number(0...Definitions.campaigns - 1))
        case 6: delete(course.number(1...Definitions.campaigns - 1))
        default: _ = requestBarrier(isLast: false)
        }
    }

    private func publishSchema(_ table: Definitions.Table) {
        let schema = definitions.publish(table)
        let text = World.text(.object([.init("type", .string("schema.published")), .init("schema", table.definition)]))
        append(text, .schema(schema), to: World.control, 0, time: now)
    }

    private func publishCampaign(_ number: Int) {
        guard let (definition, campaign) = definitions.campaign(number, course) else { return }
        let text = World.text(.object([.init("type", .string("campaign.published")), .init("campaign", definition)]))
        append(text, .campaign(campaign), to: World.control, 0, time: now)
    }

    private func delete(_ number: Int) {
        guard definitions.delete(number) else { return }
        append(
            #"{"type":"campaign.deleted","campaignId":"c\#(number)"}"#, .deletion(campaign: "c\(number)"), to: World.control, 0, time: now)
    }

    private func requestBarrier(isLast: Bool) -> String {
        let id = "b\(barriers.count)"
        var after: [JSON.Member] = []
        for topic in [World.customers, World.purchases] where isLast || course.chance(700) {
            let partitions = (0..<Int32(broker.partitionCounts[topic]!)).map { number in
                let end = Int(broker.partition(topic, number)!.end)
                return JSON.Member(String(number), .integer(Int64(isLast ? end : course.number(0...end))))
            }
            after.append(.init(topic, .object(partitions)))
        }
        // Of the control topic also what is only coming: at least the last barrier does.
        if !isLast, course.chance(300) {
            let end = Int64(course.number(0...Int(broker.partition(World.control, 0)!.end) + 2))
            after.append(.init(World.control, .object([.init("0", .integer(end))])))
        }
        course.note("barrier \(id) behind \(World.text(.object(after)))")
        let event = JSON.object([.init("type", .string("barrier.requested")), .init("id", .string(id)), .init("after", .object(after))])
        append(World.text(event), .barrier(id), to: World.control, 0, time: now)
        barriers.append(id)
        return id
    }
}
