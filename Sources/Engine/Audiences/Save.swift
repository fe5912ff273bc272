// What one save-audience activity keeps: which condition's rows it saves, by which identity, with which attributes. Members are not
// stored: who is one follows from the condition's rows and the link from rows to identities.
import CXxhash
import Campaigns

struct Save: ~Copyable {
    let table: Int32
    let condition: Int32
    /// The derived link of the table that leads rows to their identities.
    let link: Int32
    let audience: Int
    /// The node of the row id; -1: it is the key of the row.
    var rowId: Int32 = -1
    /// Nodes of the attributes, and before each the JSON of its name: `{"country":`, `,"age":`.
    var attributes = Vector<Int32>()
    var attributePrefixes: [[UInt8]] = []
    /// What the identity, the row id and the attributes read.
    var reads: SignalSet = 0
    /// Rows of the population that have a record and no identity.
    var rejected = 0
    /// false once the campaign no longer saves by it, and while it begins to in the middle of a commit: nobody is a member by it then.
    var isOpen = true
    /// Whether its audience has other contributions beside it.
    var isMerged = false

    init(table: Int32, condition: Int32, link: Int32, audience: Int) {
        self.table = table
        self.condition = condition
        self.link = link
        self.audience = audience
    }
}

/// A member that may have changed in the commit at hand, as it was when the commit began.
struct Touched: BitwiseCopyable {
    /// The one that touched it first; of a merged audience it is about the identity in all contributions.
    var save: Int32
    /// Its row in the table of the namespace.
    var identity: Int32
    /// 0: it was no member.
    var rows: Int32
    var attributes: AttributesHash
    var cause: Cause
}

/// What stands for attributes that are compared later: 128 bits of XXH3, so that a commit which everybody leaves holds no texts twice.
struct AttributesHash: BitwiseCopyable, Equatable {
    private let low: UInt64
    private let high: UInt64

    init(of bytes: [UInt8]) {
        let hash = bytes.withUnsafeBytes { XXH3_128bits($0.baseAddress, $0.count) }
        (low, high) = (hash.low64, hash.high64)
    }
}

extension Engine {
    /// Opens a save for one activity of a campaign; its condition is filled from the tables.
    mutating func openSave(_ definition: SaveAudience, of population: Population, audience: Int) -> Int32 {
        let frame = population.frame
        let table = frame.table
        let condition = condition(table: table, node: population.who)
        retainCondition(condition)
        let link = identityLink(definition.identity, namespace: definition.namespace, in: frame)
        var save = Save(table: table, condition: condition, link: link, audience: audience)
        save.reads = retainDerivedLink(table, link, 1)
        if !frame.record.isEmpty {
            save.rowId = rowId(of: frame)
            save.reads |= retain(save.rowId, 1)
        }
        for attribute in definition.attributes {
            var name = JSONText()
            name.append(raw: save.attributes.isEmpty ? "{" : ",")
            name.append(string: attribute.name)
            name.append(raw: ":")
            save.attributePrefixes.append(name.bytes)
            let node = build(attribute.source, in: frame)
            save.attributes.append(node)
            save.reads |= retain(node, 1)
        }
        for row in 0..<Int32(tables[table].states.count)
        where tables[table].memberships.contains(row, condition) && tables[table].follow(link, row) == TableLink.noValue {
            save.rejected += 1
        }
        saves.append(save)
        let number = Int32(saves.count - 1)
        addTaker(Taker(kind: .save, number: number), of: condition, isLinked: isLinked(number))
        return number
    }

    mutating func closeSave(_ number: Int32) {
        let (table, condition) = (saves[number].table, saves[number].condition)
        saves[number].isOpen = false
        removeTaker(Taker(kind: .save, number: number), of: condition, isLinked: isLinked(number))
        for place in 0..<saves[number].attributes.count { _ = retain(saves[number].attributes[place], -1) }
        if saves[number].rowId >= 0 { _ = retain(saves[number].rowId, -1) }
        _ = retainDerivedLink(table, saves[number].link, -1)
        releaseCondition(condition)
    }

    /// Whether the identity, the row id or an attribute of a save follows links.
    private func isLinked(_ number: Int32) -> Bool {
        let identity = tables[saves[number].table].links[saves[number].link].node
        return saves[number].rowId >= 0 || nodes[identity].linkCount > 0
            || (0..<saves[number].attributes.count).contains { nodes[saves[number].attributes[$0]].linkCount > 0 }
    }

    /// The identity of a row of a save's population; negative when it has none.
    @inline(__always)
    private func identity(_ number: Int32, of row: Int32) -> Int32 {
        tables[saves[number].table].follow(saves[number].link, row)
    }

    func identityText(_ save: Int32, _ identity: Int32) -> UnsafeRawBufferPointer {
        tables[tables[saves[save].table].links[saves[save].link].target].keys.text(identity)
    }

    /// How many identities the namespace of a save has.
    func identityCount(_ save: Int32) -> Int {
        tables[tables[saves[save].table].links[saves[save].link].target].keys.count
    }

    // Touching: whatever may change a member says so before it does.

    /// A row of a save's population is about to come or go.
    mutating func touch(_ number: Int32, row: Int32, flipsTo now: Bool) {
        let identity = identity(number, of: row)
        if identity == TableLink.noValue { saves[number].rejected += now ? 1 : -1 }
        if identity >= 0 { touch(number, identity) }
    }

    /// A row of a save's population is about to change.
    mutating func touch(_ number: Int32, row: Int32) {
        let identity = identity(number, of: row)
        if identity >= 0 { touch(number, identity) }
    }

    /// A row is about to stand for another identity, or for none, in the populations that it is in.
    mutating func regroup(_ table: Int32, _ link: Int32, _ row: Int32, from old: Int32, to new: Int32) {
        for place in 0..<tables[table].memberships.count(row) {
            let condition = tables[table].memberships.entry(row, at: place).number
            for taker in 0..<conditions[condition].takers.count where conditions[condition].takers[taker].kind == .save {
                let number = conditions[condition].takers[taker].number
                guard saves[number].link == link else { continue }
                if old >= 0 { touch(number, old) }
                if new >= 0 { touch(number, new) }
                saves[number].rejected += (new == TableLink.noValue ? 1 : 0) - (old == TableLink.noValue ? 1 : 0)
            }
        }
    }

    private mutating func touch(_ number: Int32, _ identity: Int32) {
        // Audiences that merge are told apart from saves, whose numbers are never negative.
        let owner = saves[number].isMerged ? 1 << 31 | UInt64(saves[number].audience) : UInt64(UInt32(bitPattern: number))
        let key = owner << 32 | UInt64(UInt32(bitPattern: identity))
        if let place = touchedNumbers.find(key) {
            touched[place].cause = cause
            return
        }
        let rows = standing(number, identity)
        touchedNumbers.insert(key, Int32(touched.count))
        touched.append(
            Touched(save: number, identity: identity, rows: rows, attributes: AttributesHash(of: attributeText.bytes), cause: cause))
    }

    /// How many rows stand for an identity in its audience; leaves its attributes in `attributeText`, nothing if it is no member.
    mutating func standing(_ number: Int32, _ identity: Int32) -> Int32 {
        if saves[number].isMerged { return mergedStanding(number, identity) }
        let (rows, lowest) = saves[number].isOpen ? member(number, identity) : (0, -1)
        if rows > 0 { writeAttributes(number, lowest) } else { attributeText.bytes.removeAll(keepingCapacity: true) }
        return rows
    }

    /// How many rows of a save's population stand for an identity, and the one with the lowest row id.
    mutating func member(_ number: Int32, _ identity: Int32) -> (rows: Int32, lowest: Int32) {
        let (table, condition, link) = (saves[number].table, saves[number].condition, saves[number].link)
        var rows: Int32 = 0
        var lowest: Int32 = -1
        var row = tables[table].links[link].children.first(identity)
        while row >= 0 {
            if tables[table].memberships.contains(row, condition) {
                rows += 1
                if lowest < 0 || isRowIdLess(number, row, lowest) { lowest = row }
            }
            row = tables[table].links[link].children.next(row)
        }
        return (rows, lowest)
    }

    private mutating func isRowIdLess(_ number: Int32, _ a: Int32, _ b: Int32) -> Bool {
        let node = saves[number].rowId
        if node < 0 { return isKeyTextLess(saves[number].table, a, b) }
        texts.reset()
        let first = value(node, a)
        return isLess(first.text, value(node, b).text)
    }

    /// Leaves the attributes of a row in `attributeText`, as one JSON object.
    mutating func writeAttributes(_ number: Int32, _ row: Int32) {
        attributeText.bytes.removeAll(keepingCapacity: true)
        texts.reset()
        let count = saves[number].attributes.count
        if count == 0 { attributeText.append(raw: "{") }
        for place in 0..<count {
            attributeText.bytes.append(contentsOf: saves[number].attributePrefixes[place])
            let value = value(saves[number].attributes[place], row)
            switch value.kind {
            case .null: attributeText.appendNull()
            case .boolean: attributeText.append(boolean: value.bits != 0)
            case .integer: attributeText.append(integer: value.integer)
            case .double: attributeText.append(double: value.double)
            case .text: attributeText.append(string: value.text)
            case .date: attributeText.append(date: Int32(value.integer))
            case .instant: attributeText.append(instant: value.integer)
            }
        }
        attributeText.append(raw: "}")
    }
}
