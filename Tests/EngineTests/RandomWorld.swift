// Random histories: schemas that arrive and grow, campaigns that are published, changed, stopped and deleted, rows that come, change
// and go, and a clock that jumps. The same seed gives the same history.
import Campaigns
import Oracle

struct RandomWorld {
    private(set) var steps: [Step] = []
    /// The expressions of the campaigns, as they were written.
    private(set) var sources: [String] = []

    private var random: RandomNumbers
    private let values: RandomValues
    private let planned: RandomSchemas
    private var zone = "UTC"
    private var catalog = Catalog()
    private var schemas: [String: Schema] = [:]
    private var registry = AudienceRegistry()
    private var campaigns: [String: Campaign] = [:]
    private var clock: Int64
    private var written: [(table: String, row: Row)] = []

    init(seed: UInt64, length: Int = 45) {
        random = RandomNumbers(seed: seed)
        values = RandomValues(&random)
        planned = RandomSchemas(&random)
        clock = values.base
        zone = random.chance(values.isSlow ? 90 : 50) ? values.zone : random.pick(Zones.names)
        // The last schema may come when rows of the others are there.
        let late = random.chance(25) ? planned.complete.count - 1 : planned.complete.count
        if random.chance(90) { steps.append(.advance(clock)) }
        for place in 0..<late { publishSchema(planned.initial[place]) }
        if steps.count == late { steps.append(.advance(clock)) }
        for _ in 0..<random.number(0...12) { change() }
        publishCampaign()
        while steps.count < length { step() }
        steps.append(.commit)
    }

    private mutating func step() {
        switch random.number(0...99) {
        case 0...57: change()
        case 58...75: steps.append(.commit)
        case 76...87: advance()
        case 88...93: publishCampaign()
        case 94...95: steps.append(.stop("c\(random.number(0...2))")); noteStop()
        case 96: removeCampaign()
        default: extend()
        }
    }

    private mutating func noteStop() {
        if case .stop(let id) = steps[steps.count - 1] { registry.stop(campaign: id) }
    }

    private mutating func removeCampaign() {
        let id = "c\(random.number(0...2))"
        registry.delete(campaign: id)
        campaigns[id] = nil
        steps.append(.delete(id))
    }

    private mutating func advance() {
        let minutes: [Int64] = [1, 1000, 900_000, 900_000, 1_800_000, 1_800_000, 1_800_000, 2_700_000, 3_600_000, RandomValues.day]
        let jump: Int64 =
            values.isSlow
            ? random.pick(minutes)
            : random.pick([
                1, 1000, 3_600_000, 1_800_000, RandomValues.day, RandomValues.day, 2 * RandomValues.day, 3 * RandomValues.day,
                RandomValues.day - 3_600_000, RandomValues.day / 2, 30 * RandomValues.day, 30 * RandomValues.day - 1, 40 * RandomValues.day,
                Int64(random.number(1...200_000_000)),
            ])
        clock = min(clock + jump, InstantText.maximum)
        steps.append(.advance(clock))
    }

    // MARK: Schemas

    private mutating func publishSchema(_ planned: Schema) {
        let (published, problems) = catalog.publish(planned.definition)
        guard let schema = published else { preconditionFailure("\(problems)") }
        schemas[schema.name] = schema
        steps.append(.schema(schema))
    }

    /// Publishes a schema that has not arrived yet, or completes one.
    private mutating func extend() {
        for (place, complete) in planned.complete.enumerated() {
            if schemas[complete.name] == nil {
                publishSchema(planned.initial[place])
                return
            }
            let sizes = [schemas[complete.name]!, complete].map { [$0.fields.count, $0.links.count, $0.identities.count] }
            if sizes[0] != sizes[1], random.chance(60) {
                publishSchema(complete)
                return
            }
        }
        change()
    }

    // MARK: Rows

    private mutating func change() {
        let table = random.pick(schemas.keys.sorted())
        let schema = schemas[table]!
        let known = written.filter { $0.table == table && $0.row.count == schema.fields.count }
        switch random.number(0...19) {
        case 0 where random.chance(20): steps.append(.truncate(table))
        case 0...3:
            let key = !known.isEmpty && random.chance(80) ? self.key(of: random.pick(known).row, schema) : newKey(schema)
            steps.append(.remove(table: table, key: key, version: schema.version.flatMap { version(of: schema.fields[$0]) }))
        case 4 where !known.isEmpty:
            let from = random.pick(known).row
            var row = from
            for (field, value) in zip(schema.primaryKey, newKey(schema)) { row[field] = value }
            if let version = schema.version { row[version] = self.version(of: schema.fields[version]) }
            written.append((table, row))
            steps.append(.move(table: table, from: key(of: from, schema), to: row))
        case 5...11 where !known.isEmpty:
            // One field changed, several, or none.
            var row = random.pick(known).row
            for _ in 0..<random.pick([1, 1, 1, 2, 0]) {
                let field = random.number(0...schema.fields.count - 1)
                if !schema.primaryKey.contains(field) { row[field] = value(field, schema) }
            }
            if let version = schema.version, random.chance(60) { row[version] = self.version(of: schema.fields[version]) }
            upsert(table, row)
        default:
            var row = Row(repeating: nil, count: schema.fields.count)
            for field in row.indices { row[field] = value(field, schema) }
            for (field, value) in zip(schema.primaryKey, newKey(schema)) { row[field] = value }
            // A row that links to itself.
            if let link = random.chance(10) ? schema.links.first(where: { $0.target == table }) : nil {
                for pair in link.on where !schema.primaryKey.contains(schema.field(named: pair.source)!) {
                    row[schema.field(named: pair.source)!] = row[schema.field(named: pair.target)!]
                }
            }
            upsert(table, row)
        }
    }

    private mutating func upsert(_ table: String, _ row: Row) {
        written.append((table, row))
        steps.append(.upsert(table: table, row: row))
    }

    private func key(of row: Row, _ schema: Schema) -> Key {
        schema.primaryKey.map { row[$0]! }
    }

    private mutating func newKey(_ schema: Schema) -> Key {
        var key: Key = []
        for field in schema.primaryKey { key.append(values.key(of: schema.fields[field], &random)) }
        return key
    }

    private mutating func value(_ field: Int, _ schema: Schema) -> Datum? {
        field == schema.version ? version(of: schema.fields[field]) : values.value(of: schema.fields[field], &random)
    }

    private mutating func version(of field: Field) -> Datum? {
        if random.chance(15) { return nil }
        let number = Int64(steps.count + random.number(-12...3))
        return field.type == .integer ? .integer(number) : .instant(values.base + number)
    }

    // MARK: Campaigns

    private mutating func publishCampaign() {
        let id = "c\(random.number(0...2))"
        let tables = schemas.keys.sorted().filter { !schemas[$0]!.identities.isEmpty }
        guard !tables.isEmpty else { return extend() }
        let zone = random.chance(90) ? self.zone : random.pick(Zones.names)
        let expressions = RandomExpressions(catalog: catalog, zone: zone, values: values)
        var campaign = RandomCampaign(id: id, schemas: schemas, audiences: registry, clock: clock, expressions: expressions, &random)
        if let old = campaigns[id], random.chance(50) {
            campaign.campaign = old
            if old.timezone == zone { campaign.change(&random) }
        } else {
            // What another campaign says up to its saves.
            let others = campaigns.values.filter { $0.id != id && $0.timezone == zone }.sorted { $0.id < $1.id }
            if !others.isEmpty, random.chance(40) {
                campaign.campaign.activities = random.pick(others).activities.filter { if case .save = $0 { false } else { true } }
            }
            campaign.grow(&random)
            let ifExists: IfExists = random.chance(25) ? .merge : .fail
            let free = random.shuffled(["a0", "a1", "a2", "a3"]).filter { name in
                registry.writers(of: name).allSatisfy {
                    $0.campaign == id || $0.isStopped || $0.ifExists == .merge && ifExists == .merge
                }
            }
            for audience in free.prefix(random.number(1...3)) { SaveAudience.add(audience, ifExists, to: &campaign, &random) }
            if random.chance(90) { campaign.dropUnused() }
            campaign.setValidity(&random)
        }
        if random.chance(10) { campaign.setValidity(&random) }
        sources += campaign.expressions.sources
        guard !campaign.campaign.saves.isEmpty, registry.allows(campaign.campaign) else { return change() }
        registry.take(campaign.campaign)
        campaigns[id] = campaign.campaign
        steps.append(.publish(campaign.campaign))
    }
}
