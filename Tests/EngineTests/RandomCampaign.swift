// Random campaigns: graphs of every activity, in chains, diamonds and side by side, with columns that shadow fields and are read later on.
import Campaigns

struct RandomCampaign {
    var campaign: Campaign
    var expressions: RandomExpressions

    let schemas: [String: Schema]
    /// What other campaigns save.
    let audiences: AudienceRegistry
    private let clock: Int64
    /// Carried columns that two branches have are mostly of one type, so that they can be combined.
    let columnTypes: [String: ValueType]

    static let columnNames = ["x", "y", "two words", Split.codeColumn]

    /// A campaign without activities.
    init(
        id: String, schemas: [String: Schema], audiences: AudienceRegistry, clock: Int64, expressions: RandomExpressions,
        _ random: inout RandomNumbers
    ) {
        campaign = Campaign(id: id, name: id, timezone: expressions.zone, activities: [])
        self.schemas = schemas
        self.audiences = audiences
        self.clock = clock
        self.expressions = expressions
        var types: [String: ValueType] = [:]
        for name in Self.columnNames { types[name] = random.pick(RandomExpressions.types) }
        types[Split.codeColumn] = .string
        columnTypes = types
    }

    // MARK: Growing

    /// Builds, and other activities over them.
    mutating func grow(_ random: inout RandomNumbers) {
        if campaign.activities.isEmpty {
            for _ in 0..<random.number(1...3) { addBuild(&random) }
        }
        if random.chance(40) { addRead(&random) }
        for _ in 0..<random.pick([0, 0, 1, 2, 3, 5]) {
            addOperation(&random)
            if random.chance(50) { addRemembering(&random) }
        }
        if random.chance(30) { addRemembering(&random) }
    }

    /// Of rows that have something to be known by.
    mutating func addSave(_ audience: String, _ ifExists: IfExists, _ random: inout RandomNumbers) {
        let saved = known.filter { !identities(self.shape($0.carried)).isEmpty }
        let (from, carried) = random.pick(random.chance(60) ? Array(saved.suffix(4)) : saved)
        let shape = self.shape(carried)
        let (identity, namespace) = random.pick(identities(shape))
        let number = campaign.saves.count
        add(
            .save(
                SaveAudience(
                    id: "save\(number)", position: campaign.activities.count, from: from, audience: audience, label: audience,
                    identity: identity, namespace: namespace, attributes: attributes(shape, &random), ifExists: ifExists,
                    mode: mode(&random))))
    }

    /// What rows may be known by: identities of their schema, and carried texts.
    func identities(_ shape: Shape) -> [(source: Expression, namespace: String)] {
        let fields = shape.dimension.identities.filter { shape.columns[shape.dimension.fields[$0.field].name] == nil }
        let carried = shape.columns.filter { $0.value == .string || $0.value == .null }.sorted { $0.key < $1.key }
        return fields.map { (.field(FieldPath(field: $0.field, of: shape.dimension)), $0.namespace) }
            + carried.map { (.carried($0.key, type: $0.value), "Email") }
    }

    /// Drops what no save hangs on.
    mutating func dropUnused() {
        for place in campaign.activities.indices.reversed() {
            let activity = campaign.activities[place]
            let isTaken = campaign.activities.contains { ($0.inbounds + $0.joined).contains { $0.activity == activity.id } }
            if !isTaken, !["save", "channel", "alert"].contains(activity.kind) { campaign.activities.remove(at: place) }
        }
    }

    /// One that would not hang together is not added.
    mutating func add(_ activity: Activity) {
        campaign.activities.append(activity)
        if campaign.transitions(in: schemas) == nil { campaign.activities.removeLast() }
    }

    private mutating func addBuild(_ random: inout RandomNumbers) {
        let dimension = random.pick(schemas.values.filter { !$0.identities.isEmpty }.sorted { $0.name < $1.name })
        let shape = Shape(dimension: dimension)
        let filter = random.chance(30) ? nil : expressions.filter(shape, depth: random.number(0...3), &random)
        add(.build(BuildAudience(id: newId, dimension: dimension.name, filter: filter)))
    }

    private mutating func addOperation(_ random: inout RandomNumbers) {
        let (from, shape) = inbound(&random)
        var kinds = ["fork", "wait", "split", "split", "split", "enrichment", "enrichment", "enrichment", "combine", "combine", "combine"]
        kinds += ["change-dimension", "change-dimension"]
        kinds += ["deduplication", "deduplication", "reconciliation"]
        switch random.pick(kinds) {
        case "fork": add(.fork(Fork(id: newId, from: from, outputs: random.pick([["left", "right"], ["main", "left", "right"]]))))
        case "wait": add(.wait(Wait(id: newId, from: from, period: .until(instant(&random)))))
        case "split": addSplit(from, shape, &random)
        case "enrichment": addEnrichment(from, shape, &random)
        case "combine" where random.chance(33): addDiamond(from, shape, &random)
        case "combine": addCombine(from, shape, &random)
        case "change-dimension": addChangeDimension(from, shape, &random)
        case "deduplication": addDeduplication(from, shape, &random)
        case "reconciliation": addReconciliation(from, shape, &random)
        default: preconditionFailure("a kind of these")
        }
    }

    private mutating func addEnrichment(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        var enrichment = Enrichment(id: newId, from: from, columns: columns(shape, &random))
        addLines(to: &enrichment, shape, &random)
        addJoins(to: &enrichment, shape, &random)
        add(.enrichment(enrichment))
    }

    /// Branches with one column, each of its own value, that come together again.
    private mutating func addDiamond(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        let name = random.pick(Self.columnNames)
        let branches = [from, random.pick(transitions(of: shape.dimension))].map { inbound in
            let branch = Transition(activity: newId)
            let value = expressions.attribute(self.shape(campaign.transitions(in: schemas)![inbound]!), of: columnTypes[name], &random)
            add(.enrichment(Enrichment(id: branch.activity, from: inbound, columns: [.init(name: name, value: value)])))
            return branch
        }
        let operation: Combine.Operation = random.pick([.union, .union, .intersection])
        var combine = Combine(id: newId, operation: operation, from: branches)
        // By that column both rows of one record may stay.
        if random.chance(40) {
            combine.by = branches.map { [.carried(name, type: campaign.transitions(in: schemas)![$0]!.columns[name]!)] }
        }
        add(.combine(combine))
    }

    func transitions(of dimension: Schema) -> [Transition] {
        known.filter { $0.carried.dimension == dimension.name }.map(\.transition)
    }

    private mutating func addChangeDimension(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        guard let (path, dimension) = path(from: shape.dimension, &random) else { return }
        add(.changeDimension(ChangeDimension(id: newId, from: from, path: path, dimension: dimension.name)))
    }

    /// Links to one record each, or to many, but not so often that one row becomes thousands.
    private func path(from schema: Schema, _ random: inout RandomNumbers) -> (steps: [AggregateStep], destination: Schema)? {
        var before = 0
        for case .changeDimension(let change) in campaign.activities { before += change.path.count { !$0.isForward } }
        if before < 2, random.chance(50), let path = expressions.manyPath(from: schema, &random) {
            return path
        }
        guard let (links, dimension) = expressions.linkPath(from: schema, &random) else { return nil }
        return (links.map { AggregateStep(link: $0, isForward: true) }, dimension)
    }

    private mutating func addSplit(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        var subsets: [Split.Subset] = []
        for name in ["one", "two", "three"].prefix(random.number(1...3)) {
            subsets.append(Split.Subset(name: name, filter: nil, code: random.chance(50) ? nil : "code \(random.number(0...1))"))
            change(&subsets[subsets.count - 1], shape, &random)
        }
        add(
            .split(
                Split(
                    id: newId, from: from, subsets: subsets, overlaps: random.chance(40), hasComplement: random.chance(60),
                    seed: seed(&random))))
    }

    private mutating func addCombine(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        let operation: Combine.Operation = random.pick([.union, .intersection, .exclusion])
        let isByValues = random.chance(50)
        var inbounds = [from]
        let isAcross = isByValues && operation != .union && random.chance(60)
        if isAcross { inbounds.append(addRecords(beside: shape.dimension, &random)) }
        let others = random.shuffled(isAcross && random.chance(30) ? known.map(\.transition) : transitions(of: shape.dimension))
        inbounds += others.filter { $0 != from || random.chance(10) }.prefix(random.pick(isAcross ? [0, 0, 0, 1] : [1, 1, 2, 3, 3, 3]))
        if inbounds.count < 2 { inbounds.append(from) }
        let canLeaveSome = operation == .exclusion || operation == .intersection && !isAcross
        var combine = Combine(id: newId, operation: operation, from: inbounds, hasComplement: canLeaveSome && random.chance(60))
        if isByValues { setValues(of: &combine, &random) }
        // Rows of two schemas are seldom equal on anything but what is the same of all.
        if isAcross, operation == .intersection, random.chance(30) { combine.by = inbounds.map { _ in [.literal(.boolean(true))] } }
        add(.combine(combine))
    }

    /// All records of another schema, so that somebody is there, or some of them.
    private mutating func addRecords(beside schema: Schema, _ random: inout RandomNumbers) -> Transition {
        let others = schemas.values.filter { $0.name != schema.name }.sorted { $0.name < $1.name }
        guard !others.isEmpty else { return random.pick(known).transition }
        let other = random.pick(others)
        let filter = random.chance(70) ? nil : expressions.filter(Shape(dimension: other), depth: 1, &random)
        let build = BuildAudience(id: newId, dimension: other.name, filter: filter)
        add(.build(build))
        return Transition(activity: build.id)
    }

    var newId: String {
        let used = Set(campaign.activities.map(\.id))
        return (0...).lazy.map { "a\($0)" }.first { !used.contains($0) }!
    }

    var known: [(transition: Transition, carried: Campaign.Carried)] {
        let places = Dictionary(campaign.activities.enumerated().map { ($1.id, $0) }) { first, _ in first }
        return campaign.transitions(in: schemas)!.map { (transition: $0.key, carried: $0.value) }.sorted {
            (places[$0.transition.activity]!, $0.transition.output) < (places[$1.transition.activity]!, $1.transition.output)
        }
    }

    /// More likely one of the last than one of the first.
    func inbound(_ random: inout RandomNumbers) -> (transition: Transition, shape: Shape) {
        let known = known
        let (transition, carried) = random.pick(random.chance(60) ? Array(known.suffix(4)) : known)
        return (transition, shape(carried))
    }

    func shape(_ carried: Campaign.Carried) -> Shape {
        Shape(dimension: schemas[carried.dimension]!, columns: carried.columns)
    }

    // MARK: Parts

    mutating func attributes(_ shape: Shape, _ random: inout RandomNumbers) -> [Attribute] {
        var attributes: [Attribute] = []
        for name in ["one", "two \u{e9}\"", "three"].prefix(random.number(0...3)) {
            attributes.append(Attribute(name: name, source: expressions.attribute(shape, &random)))
        }
        return attributes
    }

    /// One to three columns; some have the name of a field, or of a column that is there.
    private mutating func columns(_ shape: Shape, _ random: inout RandomNumbers) -> [Enrichment.Column] {
        let fields = shape.dimension.fields.map(\.name).filter { $0 != shape.dimension.fields[shape.dimension.primaryKey[0]].name }
        var columns: [Enrichment.Column] = []
        for _ in 0..<random.number(1...3) {
            let name = random.pick(random.chance(30) && !fields.isEmpty ? fields : Self.columnNames)
            if columns.contains(where: { $0.name == name }) { continue }
            let type = random.chance(85) ? columnTypes[name] : nil
            columns.append(Enrichment.Column(name: name, value: expressions.attribute(shape, of: type, &random)))
        }
        return columns
    }

    private mutating func change(_ subset: inout Split.Subset, _ shape: Shape, _ random: inout RandomNumbers) {
        subset.filter = random.chance(50) ? nil : expressions.filter(shape, depth: random.number(0...2), &random)
        subset.draws = random.chance(50) ? nil : random.pick([0, 7, 2500, 3150, 5000, 5000, 7500, 7500, 10_000, 10_000])
        limit(&subset, shape, &random)
    }

    func seed(_ random: inout RandomNumbers) -> String {
        random.pick(["shared", "shared", "other", "\(campaign.id)/\(newId)"])
    }

    /// Before the clock, at it, and where it will be or may leap over.
    func instant(_ random: inout RandomNumbers) -> Int64 {
        let day = RandomValues.day
        let jumps = [-day, -day, 0, 0, 900_000, 1_800_000, 3_600_000, day / 2, day, day, 2 * day, 3 * day, 30 * day]
        return min(clock + random.pick(jumps) + Int64(random.number(-1...1)), InstantText.maximum)
    }

    // MARK: Changing

    /// A new version with one activity changed, or dropped, or with one more.
    mutating func change(_ random: inout RandomNumbers) {
        let old = campaign
        let place = random.number(0...campaign.activities.count - 1)
        switch random.number(0...9) {
        case 0:
            let fewer = campaign.without(place, in: schemas)
            if !fewer.isEmpty { campaign = random.pick(fewer) }
        case 1: if random.chance(50) { addRemembering(&random) } else { addOperation(&random) }
        case 2: break
        default: campaign.activities[place] = changed(campaign.activities[place], &random)
        }
        if campaign.transitions(in: schemas) == nil { campaign = old }
    }

    private mutating func changed(_ activity: Activity, _ random: inout RandomNumbers) -> Activity {
        let transitions = campaign.transitions(in: schemas)!
        let shape = activity.inbounds.first.map { self.shape(transitions[$0]!) }
        switch activity {
        case .build(var build):
            build.filter = expressions.filter(Shape(dimension: schemas[build.dimension]!), depth: 2, &random)
            return .build(build)
        case .fork: return activity
        case .split(var split):
            switch random.number(0...3) {
            case 0: split.seed = seed(&random)
            case 1: split.overlaps.toggle()
            default: change(&split.subsets[random.number(0...split.subsets.count - 1)], shape!, &random)
            }
            return .split(split)
        case .combine(var combine):
            if combine.by != nil || combine.matches.contains(where: { $0 != nil }) {
                setValues(of: &combine, &random)
            } else if random.chance(50) {
                combine.from = random.shuffled(combine.from)
            } else {
                combine.operation = combine.hasComplement ? random.pick([.intersection, .exclusion]) : .union
            }
            return .combine(combine)
        case .enrichment(var enrichment):
            if random.chance(50) || enrichment.columns.isEmpty {
                change(&enrichment, shape!, &random)
            } else {
                let column = random.number(0...enrichment.columns.count - 1)
                let type = enrichment.columns[column].value.type
                enrichment.columns[column].value = expressions.attribute(shape!, of: type == .null ? nil : type, &random)
            }
            return .enrichment(enrichment)
        case .changeDimension(var change):
            if let (path, dimension) = path(from: shape!.dimension, &random), dimension.name == change.dimension { change.path = path }
            return .changeDimension(change)
        case .wait(var wait) where wait.isUntil:
            wait.period = .until(instant(&random))
            return .wait(wait)
        case .save(var save):
            let mode = random.chance(20) ? mode(&random) : save.mode
            if mode != save.mode {
                save.mode = mode
            } else if random.chance(50) {
                (save.identity, save.namespace) = random.pick(identities(shape!))
            } else {
                save.attributes = attributes(shape!, &random)
            }
            return .save(save)
        case .deduplication(var deduplication):
            change(&deduplication, shape!, &random)
            return .deduplication(deduplication)
        case .reconciliation(var reconciliation):
            change(&reconciliation, shape!, &random)
            return .reconciliation(reconciliation)
        case .read, .andJoin, .test, .channel, .alert, .wait: return changedRemembering(activity, shape, &random)
        }
    }
}
