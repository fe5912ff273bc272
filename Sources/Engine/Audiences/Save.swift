// What one save-audience activity keeps: which condition's rows it saves, by which identity, with which attributes. Members are not
// stored: who is one follows from the condition's rows and the index of the identity.
import Campaigns

struct Save: ~Copyable {
    let table: Int32
    let condition: Int32
    let identityField: Int32
    /// The place of the identity's index in the table.
    let identity: Int
    let audience: Int
    /// Nodes of the attributes, and before each the JSON of its name: `{"country":`, `,"age":`.
    var attributes = Vector<Int32>()
    var attributePrefixes: [[UInt8]] = []
    /// The identity and everything the attributes read.
    var reads: SignalSet = 0
    var identityBit: SignalSet = 0
    var identityNode: Int32 = -1
    /// Rows of the population without an identity, or with a key that is too long.
    var rejected = 0
    /// false once the campaign no longer saves by it, and while it begins to in the middle of a commit: nobody is a member by it then.
    var isOpen = true
    /// Whether its audience has other contributions beside it.
    var isMerged = false

    init(table: Int32, condition: Int32, identityField: Int32, identity: Int, audience: Int) {
        self.table = table
        self.condition = condition
        self.identityField = identityField
        self.identity = identity
        self.audience = audience
    }
}

/// A member that may have changed in the commit at hand, as it was when the commit began. Of a merged audience it is about the identity
/// in all contributions, whichever save touched it first.
struct Touched: BitwiseCopyable {
    var save: Int32
    /// Of its identity, in the save's table.
    var code: Int32
    /// 0: it was no member.
    var rows: Int32
    /// Where its attributes were kept.
    var attributesStart: Int
    var attributesEnd: Int
    var cause: Cause
}

extension Engine {
    /// Opens a save for one activity of a campaign; its condition is filled from the tables.
    mutating func openSave(_ definition: SaveAudience, of population: Population, audience: Int) -> Int32 {
        let table = population.frame.table
        let condition = condition(table: table, node: population.who)
        retainCondition(condition)
        let identity = identityIndex(table, Int32(definition.identityField))
        var save = Save(
            table: table, condition: condition, identityField: Int32(definition.identityField), identity: identity, audience: audience)
        let identityNode = intern(Node(operation: .column, table: table, a: Int32(definition.identityField)))
        save.identityNode = identityNode
        save.identityBit = retain(identityNode, 1)
        save.reads = save.identityBit
        for attribute in definition.attributes {
            var name = JSONText()
            name.append(raw: save.attributes.isEmpty ? "{" : ",")
            name.append(string: attribute.name)
            name.append(raw: ":")
            save.attributePrefixes.append(name.bytes)
            let node = build(attribute.source, in: population.frame)
            save.attributes.append(node)
            save.reads |= retain(node, 1)
            if nodes[node].linkCount > 0 { linkedAttributes += 1 }
        }
        conditions[condition].saves.append(Int32(saves.count))
        conditions[condition].saveReads |= save.reads
        tables[table].saveReads |= save.reads
        for row in 0..<Int32(tables[table].states.count)
        where tables[table].memberships.contains(row, condition) && identityCode(table, save.identityField, row) == nil {
            save.rejected += 1
        }
        saves.append(save)
        return Int32(saves.count - 1)
    }

    mutating func closeSave(_ number: Int32) {
        let (table, condition) = (saves[number].table, saves[number].condition)
        saves[number].isOpen = false
        conditions[condition].saves.removeFirst(number)
        conditions[condition].saveReads = 0
        for place in 0..<conditions[condition].saves.count {
            conditions[condition].saveReads |= saves[conditions[condition].saves[place]].reads
        }
        tables[table].saveReads = 0
        for other in 0..<saves.count where saves[other].isOpen && saves[other].table == table {
            tables[table].saveReads |= saves[other].reads
        }
        for place in 0..<saves[number].attributes.count {
            let node = saves[number].attributes[place]
            _ = retain(node, -1)
            if nodes[node].linkCount > 0 { linkedAttributes -= 1 }
        }
        _ = retain(saves[number].identityNode, -1)
        releaseCondition(condition)
    }

    /// The index of an identity field, built when an audience first saves by it.
    private mutating func identityIndex(_ table: Int32, _ column: Int32) -> Int {
        for place in 0..<tables[table].identities.count where tables[table].identities[place].column == column { return place }
        tables[table].identities.append(IdentityIndex(column: column))
        let place = tables[table].identities.count - 1
        for row in 0..<Int32(tables[table].states.count) where tables[table].isLive(row) {
            if let code = tables[table].columns[column].key(row) { tables[table].identities[place].rows.insert(row, under: Int32(code)) }
        }
        return place
    }

    /// The code of a row's identity; nil when it has none: null, empty, or longer than an identity may be, or its key is (contract §10).
    @inline(__always)
    func identityCode(_ table: Int32, _ field: Int32, _ row: Int32) -> Int32? {
        guard let code = tables[table].columns[field].key(row), isIdentity(table, field, Int32(code)), !hasLongKey(table, row) else {
            return nil
        }
        return Int32(code)
    }

    @inline(__always)
    func isIdentity(_ table: Int32, _ field: Int32, _ code: Int32) -> Bool {
        guard code != Column.nullCode else { return false }
        let length = identityText(table, field, code).count
        return length > 0 && length <= Limits.identityBytes
    }

    func identityText(_ table: Int32, _ field: Int32, _ code: Int32) -> UnsafeRawBufferPointer {
        switch tables[table].columns[field].kind {
        case .ownKey: return tables[table].keys.text(code)
        case .foreignKey: return tables[tables[table].columns[field].target].keys.text(code)
        default: return tables[table].columns[field].texts.text(code)
        }
    }

    // Touching: whatever may change a member says so before it does.

    /// A row of a save's population is about to come or go.
    mutating func touch(_ number: Int32, row: Int32, flipsTo now: Bool) {
        guard let code = identityCode(saves[number].table, saves[number].identityField, row) else {
            saves[number].rejected += now ? 1 : -1
            return
        }
        touch(number, code: code)
    }

    /// A row of a save's population is about to change.
    mutating func touch(_ number: Int32, row: Int32) {
        if let code = identityCode(saves[number].table, saves[number].identityField, row) { touch(number, code: code) }
    }

    mutating func touch(_ number: Int32, code: Int32) {
        let key =
            saves[number].isMerged ? mergedKey(number, code) : UInt64(UInt32(bitPattern: number)) << 32 | UInt64(UInt32(bitPattern: code))
        if let place = touchedNumbers.find(key) {
            touched[place].cause = cause
            return
        }
        let rows = standing(number, code)
        let start = touchedText.bytes.count
        touchedText.append(raw: attributeText.bytes)
        touchedNumbers.insert(key, Int32(touched.count))
        touched.append(
            Touched(
                save: number, code: code, rows: rows, attributesStart: start, attributesEnd: touchedText.bytes.count, cause: cause))
    }

    /// Signals of a row are about to change: members whose identity or attributes read them are touched, here and behind links.
    mutating func touchBefore(_ table: Int32, _ row: Int32, _ signals: SignalSet, distance: Int = 0) {
        if tables[table].saveReads & signals != 0 {
            for place in 0..<tables[table].memberships.count(row) {
                let condition = tables[table].memberships.entry(row, at: place).number
                guard conditions[condition].saveReads & signals != 0 else { continue }
                for save in 0..<conditions[condition].saves.count {
                    let number = conditions[condition].saves[save]
                    if saves[number].reads & signals != 0 { touch(number, row: row) }
                }
            }
        }
        guard linkedAttributes > 0 else { return }
        forEachWatcher(table, row, signals, distance) { engine, table, row, bit in
            engine.touchBefore(table, row, bit, distance: distance + 1)
        }
    }

    /// Identities of a row that stays in its conditions: the old one (`before`) goes, the new one comes. `newCodes` holds the codes of the
    /// new texts.
    mutating func changeIdentities(_ table: Int32, _ row: Int32, _ signals: SignalSet, before: Bool) {
        guard tables[table].saveReads & signals != 0 else { return }
        let base = copyMembers(table, row, reading: .existence)
        for place in base..<scratch.count where conditions[scratch[place]].saveReads & signals != 0 {
            changeIdentities(ofCondition: scratch[place], row, signals, before: before)
        }
        scratch.truncate(to: base)
    }

    private mutating func changeIdentities(ofCondition condition: Int32, _ row: Int32, _ signals: SignalSet, before: Bool) {
        for place in 0..<conditions[condition].saves.count {
            let number = conditions[condition].saves[place]
            guard saves[number].identityBit & signals != 0 else { continue }
            let (table, field) = (saves[number].table, saves[number].identityField)
            let hasIdentity = identityCode(table, field, row) != nil
            if !hasIdentity { saves[number].rejected += before ? -1 : 1 }
            if before && isIdentity(table, field, newCodes[Int(field)]) { touch(number, code: newCodes[Int(field)]) }
        }
    }

    /// How many rows stand for an identity in its audience; leaves its attributes in `attributeText`, nothing if it is no member.
    mutating func standing(_ number: Int32, _ code: Int32) -> Int32 {
        if saves[number].isMerged { return mergedStanding(number, code) }
        let (rows, lowest) = saves[number].isOpen ? member(number, code) : (0, -1)
        if rows > 0 { writeAttributes(number, lowest) } else { attributeText.bytes.removeAll(keepingCapacity: true) }
        return rows
    }

    /// How many rows of a save's population stand for an identity, and the one with the lowest row id.
    func member(_ number: Int32, _ code: Int32) -> (rows: Int32, lowest: Int32) {
        let (table, condition, identity) = (saves[number].table, saves[number].condition, saves[number].identity)
        var rows: Int32 = 0
        var lowest: Int32 = -1
        var row = tables[table].identities[identity].rows.first(code)
        while row >= 0 {
            if tables[table].memberships.contains(row, condition) && !hasLongKey(table, row) {
                rows += 1
                if lowest < 0 || isKeyTextLess(table, row, lowest) { lowest = row }
            }
            row = tables[table].identities[identity].rows.next(row)
        }
        return (rows, lowest)
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
