// Reading the activities of a campaign (contract §2.2): which types there are, what hangs on what, and the rules among them.

/// Reads activities; problems go to the list.
struct ActivityReader {
    let catalog: Catalog
    /// The campaign's id; empty when it has none.
    let campaign: String
    /// IANA name.
    let timezone: String
    let timeZones: TimeZoneNames
    /// Who writes which audience.
    let audiences: AudienceRegistry
    let problems: ProblemList
    /// Those that were read, sources first.
    private(set) var activities: [Activity] = []
    /// What waits and alerts say, by id.
    private(set) var definitions: [String: [JSON.Member]] = [:]
    /// What transitions carry, where that is known.
    private var shapes: [Transition: Shape] = [:]
    /// The types of all activities that have one, by id.
    private var types: [String: ActivityType] = [:]
    /// The outputs of the activities read so far, by id; none of those that say nothing of them.
    private var outputs: [String: [String]] = [:]
    private var graph: ActivityGraph
    /// `Limits.populationParts`.
    private var parts = 0
    /// What save-audience activities write, right or not, by their place in `activities`.
    private var writes: [Int: AudienceReference] = [:]

    /// The audience that a save-audience names.
    struct AudienceReference {
        var id: String?
        var label: String?
    }

    init(
        _ readers: [DefinitionReader], catalog: Catalog, campaign: String, timezone: String, timeZones: TimeZoneNames,
        audiences: AudienceRegistry, problems: ProblemList
    ) {
        graph = ActivityGraph(readers)
        self.catalog = catalog
        self.campaign = campaign
        self.timezone = timezone
        self.timeZones = timeZones
        self.audiences = audiences
        self.problems = problems
    }

    /// Reads all activities of a campaign.
    mutating func read() {
        for item in graph.items {
            if let id = item.id, graph.byId[id] === item, case .string(let type) = item.reader.peek("type") {
                types[id] = ActivityType(rawValue: type)
            }
        }
        for item in graph.inOrder() { read(item) }
        checkWrites()
    }

    private mutating func read(_ item: ActivityItem) {
        let reader = item.reader
        let type = reader.choice("type", of: ActivityType.self)
        _ = reader.text("label", isRequired: false)
        guard let type else { return }
        for reference in item.references { check(reference, of: item) }
        type.read(item, by: &self)
        reader.close()
    }

    private func check(_ reference: Transition.Reference, of item: ActivityItem) {
        let path = item.reader.path(of: reference.path)
        guard let transition = reference.transition else {
            if !reference.isJoin { problems.add(path, #"must be a text: "activity" or "activity.output""#) }
            return
        }
        guard graph.byId[transition.activity] != nil else {
            if !reference.isJoin { problems.addUnknown(path, "activity", transition.activity, known: Array(graph.byId.keys)) }
            return
        }
        // A source that is unknown or broken says nothing of its outputs.
        guard let type = types[transition.activity] else { return }
        if type.definition?.hasOutputs != true {
            problems.add(path, "\(quoted(transition.activity)) is \(type.rawValue), which has no output")
        } else if let known = outputs[transition.activity], !known.contains(transition.output) {
            problems.addUnknown(path, "output of \(transition.activity)", transition.output, known: known)
        }
    }

    // What the readers of the activities share.

    /// The end of a path: it takes a transition, and does nothing.
    func readEnd(_ item: ActivityItem) { _ = inbound(item) }

    /// A transition that an activity takes, and what it carries; nil when that is wrong, or what it hangs on is.
    struct Inbound {
        var transition: Transition
        var shape: Shape?
    }

    /// Notes an activity that was read, and what its outputs carry. Of several activities with one id the first has them. What is noted of
    /// a campaign with problems is of no use, so that an activity need not ask whether its own parts are right.
    mutating func add(_ item: ActivityItem, outputs: [String: Shape?], _ activity: Activity?) {
        if let activity {
            activities.append(activity)
            if type(of: activity.definition).memory == .whileEqual { definitions[item.name] = item.reader.members(but: "label") }
        }
        guard let id = item.id, graph.byId[id] === item, !outputs.isEmpty else { return }
        self.outputs[id] = outputs.keys.sorted()
        let known = outputs.values.compactMap { $0 }
        count(parts: known.reduce(0) { $0 + $1.columns.count + 1 }, of: item)
        if known.contains(where: { $0.levels > Limits.populationLevels }) {
            problems.add(
                item.reader.path, "conditions and columns of activities stand on one another \(Limits.populationLevels) levels deep",
                hint: "fewer activities in a row, or simpler expressions")
            return
        }
        for (name, shape) in outputs { shapes[Transition(activity: id, output: name)] = shape }
    }

    /// Counts what populations are made of; too much is a problem, once.
    mutating func count(parts more: Int, of item: ActivityItem) {
        let before = parts
        parts += more
        guard before <= Limits.populationParts, parts > Limits.populationParts else { return }
        problems.add(
            item.reader.path, "the campaign is too large: its transitions carry too many columns, or its splits have too many subsets",
            hint: "several campaigns")
    }

    mutating func noteWrite(_ audience: AudienceReference, at position: Int) {
        writes[position] = audience
    }

    /// The schema that `dimension` names.
    func readDimension(_ reader: DefinitionReader) -> Schema? {
        guard let name = reader.identifier("dimension") else { return nil }
        let dimension = catalog.schema(named: name)
        if dimension == nil {
            problems.addUnknown(reader.path(of: "dimension"), "schema", name, known: catalog.schemas.map(\.name))
        }
        return dimension
    }

    /// The one transition that `from` names.
    func inbound(_ item: ActivityItem) -> (transition: Transition?, shape: Shape?) {
        let inbounds = inbounds(item, atLeast: 1)
        if inbounds.count > 1 { item.reader.problem("from", "takes one transition", hint: "combine them first") }
        return (inbounds.first?.transition, inbounds.first?.shape)
    }

    /// The transitions that `from` names.
    func inbounds(_ item: ActivityItem, atLeast least: Int) -> [Inbound] {
        let references = item.references.filter { !$0.isJoin }
        if item.reader.required("from") != nil, references.count < least {
            item.reader.problem("from", "needs at least \(least) transition\(least == 1 ? "" : "s")")
        }
        return references.compactMap { reference in
            reference.transition.map { Inbound(transition: $0, shape: shapes[$0]) }
        }
    }

    /// The transition that a join names, and what it carries; nil when it is none.
    func joined(at place: Int, of item: ActivityItem) -> Inbound? {
        let reference = item.references.first { $0.isJoin && $0.path == "joins[\(place)].from" }
        guard let transition = reference?.transition, graph.byId[transition.activity] != nil else { return nil }
        return Inbound(transition: transition, shape: shapes[transition])
    }

    /// What may be joined so far.
    var knownTransitions: [String] { shapes.keys.map(\.text).sorted() }

    /// Of the inbounds the one that `primary` names goes first.
    func movePrimary(_ reader: DefinitionReader, _ inbounds: inout [Inbound]) {
        guard let name = reader.text("primary", isRequired: false) else { return }
        let primary = Transition(name)
        if let place = inbounds.firstIndex(where: { $0.transition == primary }) {
            inbounds.insert(inbounds.remove(at: place), at: 0)
        } else if !inbounds.isEmpty {
            problems.addUnknown(reader.path(of: "primary"), "inbound", name, known: inbounds.map(\.transition.text))
        }
    }

    /// A filter about rows of a shape; nil when it is absent, which is true, or wrong, or what it hangs on is.
    func filter(_ filter: JSON?, at path: String, about shape: Shape?) -> Expression? {
        guard let filter, let shape else { return nil }
        var reader = FilterReader(shape: shape, catalog: catalog, zone: timezone, timeZones: timeZones, problems: problems)
        return reader.read(filter, path: path)
    }

    /// An expression about rows of a shape; nil when it is wrong, or what it hangs on is.
    func expression(_ source: String?, at path: String, about shape: Shape?) -> Expression? {
        guard let source, let shape else { return nil }
        let read = readExpression(source, about: shape, catalog: catalog, zone: timezone, timeZones: timeZones)
        for mistake in read.mistakes { problems.add(path, mistake.message, hint: mistake.hint) }
        for warning in read.warnings { problems.warn(path, warning.message, hint: warning.hint) }
        return read.expression
    }

    /// As above, of one type or NULL.
    func expression(_ source: String?, at path: String, about shape: Shape?, as type: ValueType, hint: String) -> Expression? {
        guard let expression = expression(source, at: path, about: shape) else { return nil }
        if expression.type == type || expression.type == .null { return expression }
        problems.add(path, "must be \(type), not \(expression.type), in \(quoted(source ?? ""))", hint: hint)
        return nil
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
