// reconciliation in random histories.
import Oracle

@testable import Campaigns

extension Reconciliation: RandomActivity {
    var activity: Activity { .reconciliation(self) }

    static var weight: Int { 3 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        let dimension = random.pick(campaign.schemas.keys.sorted())
        var reconciliation = Reconciliation(
            id: campaign.newId, from: from, dimension: dimension, rules: [], hasComplement: random.chance(60))
        reconciliation.change(in: &campaign, shape, &random)
        campaign.add(.reconciliation(reconciliation))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        let (shape, dimension) = (shape!, campaign.schemas[dimension]!)
        filter = random.chance(60) ? nil : campaign.expressions.filter(shape, depth: 1, &random)
        keepsUnreconciled = random.chance(65)
        guard rules.isEmpty || random.chance(40) else { return }
        rules = []
        columns = []
        for _ in 0..<random.pick([1, 1, 2]) {
            let field = FieldPath(field: random.number(0...dimension.fields.count - 1), of: dimension)
            let (source, target) = campaign.expressions.side(shape, beside: field, &random)
            rules.append(Rule(source: source, target: target))
            for path in source.ownFields {
                let name = shape.dimension.fields[path.field].name
                if columns.contains(where: { $0.name == name }) { continue }
                columns.append(Enrichment.Column(name: name, value: .field(path)))
            }
        }
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    var expressions: [Expression] { (filter.map { [$0] } ?? []) + rules.map(\.source) }

    mutating func say(_ expressions: [Expression]) {
        var left = expressions[...]
        if filter != nil { filter = left.removeFirst() }
        for place in rules.indices { rules[place].source = left.removeFirst() }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        var result = Campaign.Carried(dimension: dimension, columns: inbounds[0].columns)
        for column in columns { result.columns[column.name] = column.value.type }
        return hasComplement ? [Transition.main: result, Reconciliation.complement: result] : [Transition.main: result]
    }

    func text(_ readable: Readable) -> String {
        let parts = rules.map { "\(readable.text($0.source)) = \(readable.text($0.target))" }.joined(separator: ", ")
        let options = (keepsUnreconciled ? " keeping all" : "") + (hasComplement ? " with complement" : "")
        return "\(readable.text(from)) as \(dimension)\(options) where \(parts)"
            + "\(filter.map { " and " + readable.text($0) } ?? "") carrying \(readable.text(columns))"
    }

    var fewer: [Reconciliation] {
        changed { change in
            change { $0.hasComplement = false }
            change { $0.filter = nil }
            for column in columns.indices { change { $0.columns.remove(at: column) } }
            for rule in rules.indices where rules.count > 1 { change { $0.rules.remove(at: rule) } }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("reconciliation of \(rules.count) rules", Transition.main)
        if filter != nil { meeting.note("reconciliation with a filter", Transition.main) }
        if !keepsUnreconciled { meeting.note("reconciliation keeping those with a key", Transition.main) }
        if hasComplement { meeting.note("complement of a reconciliation", Reconciliation.complement) }
        let main = meeting.output(Transition.main)
        if main.ambiguous > 0 { meeting.met.words.insert("an ambiguous reconciliation") }
        if main.rows.contains(where: { $0.key != nil }) { meeting.met.words.insert("a reconciled row") }
    }

    static var wanted: [String] {
        Met.someAndNotAll(
            (1...2).map { "reconciliation of \($0) rules" }
                + ["complement of a reconciliation", "reconciliation keeping those with a key"])
            + ["reconciliation with a filter: somebody", "a reconciled row", "an ambiguous reconciliation"]
    }
}
