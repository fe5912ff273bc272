// Reading the activities of a campaign (contract §2.2): which types there are, what hangs on what, and the rules among them.

/// The types of activities that the contract knows.
enum ActivityType: String, CaseIterable {
    case buildAudience = "build-audience"
    case readAudience = "read-audience"
    case combine
    case split
    case deduplication
    case enrichment
    case reconciliation
    case changeDimension = "change-dimension"
    case fork
    case andJoin = "and-join"
    case wait
    case test
    case channel
    case saveAudience = "save-audience"
    case end
    case alert

    /// Whether nothing can be taken from it.
    var hasNoOutput: Bool { self == .saveAudience || self == .end }
}

/// Reads activities; problems go to the list.
struct ActivityReader {
    let catalog: Catalog
    /// IANA name.
    let timezone: String
    let timeZones: TimeZoneNames
    let problems: ProblemList
    private(set) var builds: [BuildAudience] = []
    private(set) var saves: [SaveAudience] = []
    /// The populations that were read without a problem of their own, by transition.
    private var populations: [Transition: Population] = [:]
    /// The types of all activities that have one, by id.
    private var types: [String: ActivityType] = [:]
    /// The outputs of the activities read so far, by id; none of those that say nothing of them.
    private var outputs: [String: [String]] = [:]
    /// What save-audience activities write, right or not, by their place in `activities`.
    private var writes: [Int: AudienceReference] = [:]

    /// What a transition carries.
    struct Population {
        /// Its place in `builds`.
        var number: Int
        var dimension: Schema
    }

    /// The audience that a save-audience names.
    struct AudienceReference {
        var id: String?
        var label: String?
    }

    init(catalog: Catalog, timezone: String, timeZones: TimeZoneNames, problems: ProblemList) {
        self.catalog = catalog
        self.timezone = timezone
        self.timeZones = timeZones
        self.problems = problems
    }

    /// Reads all activities of a campaign.
    mutating func read(_ readers: [DefinitionReader]) {
        let graph = ActivityGraph(readers)
        for item in graph.items {
            if let id = item.id, graph.byId[id] === item, case .string(let type) = item.reader.peek("type") {
                types[id] = ActivityType(rawValue: type)
            }
        }
        for item in graph.inOrder() { read(item, in: graph) }
        saves.sort { $0.position < $1.position }
        checkWrites()
    }

    private mutating func read(_ item: ActivityItem, in graph: ActivityGraph) {
        let reader = item.reader
        let type = reader.choice("type", of: ActivityType.self)
        _ = reader.text("label", isRequired: false)
        guard let type else { return }
        for reference in item.references { check(reference, of: item, in: graph) }
        switch type {
        case .buildAudience: readBuild(item, in: graph)
        case .fork: readFork(item, in: graph)
        case .saveAudience: readSave(item)
        default:
            reader.problem("type", "\(type.rawValue) is not supported yet")
            return
        }
        reader.close()
    }

    private func check(_ reference: Transition.Reference, of item: ActivityItem, in graph: ActivityGraph) {
        let path = item.reader.path(of: reference.path)
        guard let transition = reference.transition else {
            if !reference.isJoin { problems.add(path, #"must be a text: "activity" or "activity.output""#) }
            return
        }
        guard graph.byId[transition.activity] != nil else {
            if !reference.isJoin { problems.addUnknown(path, "activity", transition.activity, known: Array(graph.byId.keys)) }
            return
        }
        // A source that is unknown, broken or not supported yet says nothing of its outputs.
        guard let type = types[transition.activity] else { return }
        if type.hasNoOutput {
            problems.add(path, "\(quoted(transition.activity)) is \(type.rawValue), which has no output")
        } else if let known = outputs[transition.activity], !known.contains(transition.output) {
            problems.addUnknown(path, "output of \(transition.activity)", transition.output, known: known)
        }
    }

    /// An activity's outputs, each with its population, if that is known. Of several activities with one id the first has them.
    private mutating func register(_ names: [String], of item: ActivityItem, in graph: ActivityGraph, _ population: Population?) {
        guard let id = item.id, graph.byId[id] === item, !names.isEmpty else { return }
        outputs[id] = names
        for name in names { populations[Transition("\(id).\(name)")] = population }
    }

    private mutating func readBuild(_ item: ActivityItem, in graph: ActivityGraph) {
        let reader = item.reader
        var dimension: Schema?
        if let name = reader.identifier("dimension") {
            dimension = catalog.schema(named: name)
            if dimension == nil {
                problems.addUnknown(reader.path(of: "dimension"), "schema", name, known: catalog.schemas.map(\.name))
            }
        }
        let filter = reader.value("filter")
        if filter == nil {
            problems.warn(
                reader.path(of: "filter"), "there is no filter: every record is in",
                hint: "a filter is a condition, as in country = 'FR'; TRUE says that all are meant")
        }
        register([Transition.main], of: item, in: graph, dimension.map { Population(number: builds.count, dimension: $0) })
        guard let dimension else { return }
        let before = problems.problems.count
        var filters = FilterReader(schema: dimension, catalog: catalog, zone: timezone, timeZones: timeZones, problems: problems)
        let condition = filter.flatMap { filters.read($0, path: reader.path(of: "filter")) }
        // What takes the population is checked against its dimension even if the filter is wrong.
        let build = BuildAudience(id: item.id ?? "", dimension: dimension.name, filter: problems.problems.count == before ? condition : nil)
        builds.append(build)
    }

    /// "Each output is the inbound."
    private mutating func readFork(_ item: ActivityItem, in graph: ActivityGraph) {
        let inbound = readInbound(item)
        let names = item.reader.identifiers("outputs", atLeast: 2)
        if Set(names).count < names.count { item.reader.problem("outputs", "an output is there twice") }
        register(names, of: item, in: graph, inbound)
    }

    /// The population of the one transition that `from` names; nil when it is wrong, or what it names is.
    private func readInbound(_ item: ActivityItem) -> Population? {
        let references = item.references.filter { !$0.isJoin }
        if item.reader.required("from") != nil {
            if references.isEmpty {
                item.reader.problem("from", "needs at least 1 transition")
            } else if references.count > 1 {
                item.reader.problem("from", "takes one transition", hint: "combine them first")
            }
        }
        return references.first?.transition.flatMap { populations[$0] }
    }

    private mutating func readSave(_ item: ActivityItem) {
        let population = readInbound(item)
        let saves = SaveAudienceReader(catalog: catalog, timezone: timezone, timeZones: timeZones, problems: problems)
        let read = saves.read(item, of: population)
        writes[item.position] = read.audience
        if let save = read.save { self.saves.append(save) }
    }

    /// One campaign writes an audience once, and gives each its own label.
    private func checkWrites() {
        let known = writes.sorted { $0.key < $1.key }.compactMap { position, audience -> (position: Int, id: String, label: String)? in
            audience.id.map { (position, $0, audience.label ?? $0) }
        }
        for (number, write) in known.enumerated() {
            let earlier = known[..<number]
            let path = "activities[\(write.position)].audience"
            if earlier.contains(where: { $0.id == write.id }) {
                problems.add("\(path).id", "audience \(quoted(write.id)) is written twice")
            }
            if let other = earlier.first(where: { $0.id != write.id && $0.label == write.label }) {
                problems.add("\(path).label", "label \(quoted(write.label)) is that of audience \(other.id)", hint: "labels are unique")
            }
        }
    }
}
