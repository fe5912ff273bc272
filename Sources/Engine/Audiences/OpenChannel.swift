// What one channel activity keeps: who is there, and when the last request went to each. "When an identity first appears (`once`), or each
// time it appears again after having been gone, not within `cooldown` of the last (`every-entry`), one request is emitted." An identity
// appears when it has a row with an address (decision 49); that is looked at when a commit ends.
//
// Kept: 16 bytes for each identity of the namespace; the texts of those that are there, or that something was sent to, over versions.
// A change: a note. The end of a commit: a look at the rows of each identity noted.
import Campaigns

struct OpenChannel: ~Copyable {
    let campaign: String
    let definition: Channel
    let condition: Number<Condition>
    /// The derived link that leads rows to their identities, with a key or without.
    let link: LinkPlace
    let rowId: NodeNumber?
    let place: NodeNumber?
    let address: NodeNumber
    /// The key text of the row's record.
    let key: NodeNumber
    let attributes: SavedAttributes
    /// What moves a row to another identity, and whether it has an address.
    fileprivate(set) var reads = ReadSet.nothing
    /// By identity.
    fileprivate(set) var contacted = SharedColumn(empty: Contacted())
    /// What went to identities of other namespaces.
    fileprivate(set) var others: [String: [[UInt8]: Int64]] = [:]

    /// The nodes that it reads of a row to know who is there.
    var deciding: [NodeNumber] { [rowId, place].compactMap { $0 } + [address] }
    /// Who it is, in every life of the state.
    var names: (campaign: String, activity: String) { (campaign, definition.id) }
    /// All that it reads of a row.
    var nodes: [NodeNumber] { deciding + attributes.all + [key] }
}

/// What a channel knows of an identity.
struct Contacted: BitwiseCopyable, Equatable, Sendable {
    /// It was there when the last commit ended.
    var isPresent = false
    /// When the last request went to it, in milliseconds since the Unix epoch; `.min`: none did.
    private var lastOrMin = Int64.min

    /// The same; nil: none did.
    var last: Int64? {
        get { lastOrMin == .min ? nil : lastOrMin }
        set { lastOrMin = newValue ?? .min }
    }
}

/// What a channel remembers while nobody follows it (decisions 49, 50).
struct ChannelMemory {
    var namespace: String
    /// Identities that were there.
    var present: Set<[UInt8]> = []
    /// When the last request went to each, by namespace and identity.
    var last: [String: [[UInt8]: Int64]] = [:]
}

/// Identities that may have appeared or gone, by channel, each once.
struct Contacts: ~Copyable {
    struct Entry: BitwiseCopyable {
        var channel: Number<OpenChannel>
        var identity: RowNumber
    }

    private var entries = Vector<Entry>()
    private var places = IntegerMap()

    var count: Int { entries.count }

    subscript(place: Int) -> Entry { entries[place] }

    mutating func add(_ channel: Number<OpenChannel>, _ identity: RowNumber) {
        let key = IntegerMap.key(channel, identity)
        if places.find(key) != nil { return }
        places.insert(key, Int32(entries.count))
        entries.append(Entry(channel: channel, identity: identity))
    }

    mutating func removeAll() {
        entries.removeAll()
        places.removeAll()
    }
}

extension Engine {
    /// Follows a channel. Who is there is looked at when the commit at hand ends.
    mutating func openChannel(
        _ definition: Channel, of population: Population, in campaign: String, remembering memory: ChannelMemory?
    ) -> Number<OpenChannel> {
        let frame = population.frame
        let condition = plan.conditions.intern(table: frame.table, node: population.who)
        retainCondition(condition)
        let link = identityLink(definition.identity, namespace: definition.namespace, in: frame, ofRecord: false)
        let key = behind(frame.record[...], intern(Node(operation: .keyText, table: recordTable(of: frame))))
        var channel = OpenChannel(
            campaign: campaign, definition: definition, condition: condition, link: link, rowId: frame.rowId, place: frame.place,
            address: build(definition.address, in: frame), key: key, attributes: savedAttributes(definition.attributes, in: frame))
        channel.reads = retainDerivedLink(link, 1)
        for node in channel.deciding { channel.reads.formUnion(retain(node)) }
        // Read when a request goes out; whether they change is nobody's concern.
        for node in channel.attributes.all + [channel.key] { _ = retain(node) }
        if let memory { take(memory, &channel) }
        let number = audiences.channels.nextNumber
        audiences.channels.append(channel)
        addTaker(.channel(number), of: condition, isLinked: isLinked(number))
        for block in tables[frame.table].blocks {
            for row in tables[frame.table].memberships.rows(block, with: condition) { contact(number, row) }
        }
        audiences.channels[number].contacted.forEach { identity, contacted in
            if contacted.isPresent { pending.contacts.add(number, RowNumber(identity)) }
        }
        return number
    }

    /// Ceases to follow a channel. Returns what it remembers.
    mutating func closeChannel(_ number: Number<OpenChannel>) -> ChannelMemory {
        let memory = memory(of: number)
        let condition = audiences.channels[number].condition
        removeTaker(.channel(number), of: condition, isLinked: isLinked(number))
        for node in audiences.channels[number].attributes.all + [audiences.channels[number].key] { release(node) }
        for node in audiences.channels[number].deciding { release(node) }
        _ = retainDerivedLink(audiences.channels[number].link, -1)
        releaseCondition(condition)
        audiences.channels[number].contacted = SharedColumn(empty: Contacted())
        return memory
    }

    private func isLinked(_ number: Number<OpenChannel>) -> Bool {
        let identity = tables[audiences.channels[number].link].node!
        return (audiences.channels[number].deciding + [identity]).contains { plan.nodes[$0].linkCount > 0 }
    }

    private mutating func take(_ memory: ChannelMemory, _ channel: inout OpenChannel) {
        let target = tables.namespace(channel.definition.namespace)
        func identity(_ text: [UInt8]) -> RowNumber { text.withUnsafeBytes { tables[target].row(ofKey: $0, hash: textHash($0)) } }
        channel.others = memory.last
        for (text, clock) in channel.others.removeValue(forKey: channel.definition.namespace) ?? [:] {
            channel.contacted[identity(text).value].last = clock
        }
        guard memory.namespace == channel.definition.namespace else { return }
        for text in memory.present { channel.contacted[identity(text).value].isPresent = true }
    }

    func memory(of number: Number<OpenChannel>) -> ChannelMemory {
        let namespace = audiences.channels[number].definition.namespace
        let target = tables.target(of: audiences.channels[number].link)
        var memory = ChannelMemory(namespace: namespace, last: audiences.channels[number].others)
        audiences.channels[number].contacted.forEach { identity, contacted in
            let text = Array(tables[target].key(of: RowNumber(identity)))
            if contacted.isPresent { memory.present.insert(text) }
            if let last = contacted.last { memory.last[namespace, default: [:]][text] = last }
        }
        return memory
    }

    /// A row may come, go, or lead elsewhere: its identity is looked at when the commit ends.
    mutating func contact(_ number: Number<OpenChannel>, _ row: RowNumber) {
        let identity = tables[audiences.channels[number].link].rows[row]
        guard let identity = identity.orNil else { return }
        if pending.crossing.holds(number) {
            pending.crossing.add(Contacts.Entry(channel: number, identity: identity))
        } else {
            pending.contacts.add(number, identity)
        }
    }

    /// The commit ends: requests for those who have appeared.
    mutating func sendRequests(into difference: Difference) {
        for place in 0..<pending.contacts.count { look(at: pending.contacts[place], into: difference) }
        pending.contacts.removeAll()
        guard pending.crossing.isUnderWay, !pending.crossing.hasRows else { return }
        var left = crossingLimit
        while left > 0, let contact = pending.crossing.nextContact() {
            look(at: contact, into: difference)
            left -= 1
        }
        if left > 0, pending.crossing.isReleased { pending.crossing.finish() }
    }

    /// Sends a request where an identity has appeared.
    private mutating func look(at contact: Contacts.Entry, into difference: Difference) {
        let row = contactRow(contact.channel, contact.identity)
        let identity = contact.identity.value
        let was = audiences.channels[contact.channel].contacted[identity].isPresent
        if was && row == nil { audiences.channels[contact.channel].contacted[identity].isPresent = false }
        guard !was, let row else { return }
        audiences.channels[contact.channel].contacted[identity].isPresent = true
        guard mayBeSent(contact.channel, contact.identity) else { return }
        audiences.channels[contact.channel].contacted[identity].last = clock
        send(contact.channel, contact.identity, row, into: difference)
    }

    /// "Within the cooldown nothing is sent and nothing is made up for later; at exactly the cooldown it may be sent; with `once` it means
    /// nothing" (decision 49).
    private mutating func mayBeSent(_ number: Number<OpenChannel>, _ identity: RowNumber) -> Bool {
        guard let last = audiences.channels[number].contacted[identity.value].last else { return true }
        let definition = audiences.channels[number].definition
        guard definition.repeats == .everyEntry else { return false }
        guard let cooldown = definition.cooldown else { return true }
        return cooldown.after(last, in: zones[Int(zoneNumber(definition.timezone))]).map { $0 <= clock } ?? false
    }

    /// Of the rows of an identity that have an address, the one with the lowest row id.
    private mutating func contactRow(_ number: Number<OpenChannel>, _ identity: RowNumber) -> RowNumber? {
        let (condition, link) = (audiences.channels[number].condition, audiences.channels[number].link)
        let (rowId, place, address) = (
            audiences.channels[number].rowId, audiences.channels[number].place, audiences.channels[number].address
        )
        var lowest: RowNumber?
        var next = tables[link].children.first(under: identity)
        while let row = next {
            next = tables[link].children.next(row)
            guard tables[link.table].memberships.contains(row, condition) else { continue }
            scratch.texts.reset()
            if value(address, row).isNull { continue }
            if lowest.map({ isRowIdLess(rowId, place: place, link.table, row, $0) }) ?? true { lowest = row }
        }
        return lowest
    }

    private mutating func send(_ number: Number<OpenChannel>, _ identity: RowNumber, _ row: RowNumber, into difference: Difference) {
        writeAttributes(row, count: audiences.channels[number].attributes.nodes.count) { engine, place in
            engine.audiences.channels[number].attributes.attribute(at: place)
        }
        scratch.texts.reset()
        let (address, key) = (value(audiences.channels[number].address, row), value(audiences.channels[number].key, row))
        let sender = difference.sender(audiences.channels[number].definition, of: audiences.channels[number].campaign)
        let target = tables.target(of: audiences.channels[number].link)
        scratch.attributeText.bytes.withUnsafeBytes { attributes in
            difference.append(
                sender: sender, identity: tables[target].key(of: identity), address: address.text, key: key.isNull ? nil : key.text,
                attributes: attributes)
        }
    }
}
