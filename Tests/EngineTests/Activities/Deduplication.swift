// deduplication in random histories.
import Oracle

@testable import Campaigns

extension Deduplication: RandomActivity {
    var activity: Activity { .deduplication(self) }

    static var weight: Int { 6 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        var deduplication = Deduplication(
            id: campaign.newId, from: from, fields: [], hasComplement: random.chance(60), seed: campaign.seed(&random))
        deduplication.change(in: &campaign, shape, &random)
        campaign.add(.deduplication(deduplication))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        if fields.isEmpty || random.chance(40) {
            fields = []
            for _ in 0..<random.pick([1, 1, 1, 2]) { fields.append(campaign.side(shape!, &random)) }
        }
        keep = random.pick([1, 1, 1, 2, 3, nil])
        nulls = random.pick(Nulls.allCases)
        switch random.number(0...5) {
        case 0: method = .random
        case 1:
            let type = random.chance(70) ? .string : random.pick(RandomExpressions.types)
            method = .nonEmpty(campaign.expressions.side(shape!, of: type, &random))
        case 2...3:
            let value = campaign.side(shape!, &random)
            method = .values(of: value, order: Deduplication.order(of: value.type, campaign.expressions.values, &random))
        case 4: method = .lowest(campaign.sort(shape!, &random).by)
        default: method = .highest(campaign.sort(shape!, &random).by)
        }
    }

    /// Values of a type, none of them twice; integers and doubles mix.
    private static func order(of type: ValueType, _ values: RandomValues, _ random: inout RandomNumbers) -> [Literal] {
        var found: [Literal] = []
        for _ in 0..<random.number(0...4) {
            let types: [FieldType] =
                switch type {
                case .integer, .double: [.integer, .double]
                case .boolean: [.boolean]
                case .string: [.string, .enum]
                case .date: [.date]
                case .datetime: [.datetime]
                case .null: preconditionFailure("sides have a type")
                }
            let literal = Literal(values.value(of: random.pick(types), isKey: random.chance(30), enumeration: [], &random))
            if !found.contains(where: { $0.byValue == literal.byValue }) { found.append(literal) }
        }
        return found
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    var expressions: [Expression] { fields + (method.value.map { [$0] } ?? []) }

    mutating func say(_ expressions: [Expression]) {
        fields = Array(expressions.prefix(fields.count))
        let value = expressions.last!
        switch method {
        case .random: break
        case .lowest: method = .lowest(value)
        case .highest: method = .highest(value)
        case .nonEmpty: method = .nonEmpty(value)
        case .values(_, let order): method = .values(of: value, order: order)
        }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        let main = [Transition.main: inbounds[0]]
        return hasComplement ? main.merging([Deduplication.complement: inbounds[0]]) { $1 } : main
    }

    func text(_ readable: Readable) -> String {
        let text = readable.text as (Expression) -> String
        let method =
            switch method {
            case .random: "random"
            case .lowest(let value): "lowest \(text(value))"
            case .highest(let value): "highest \(text(value))"
            case .nonEmpty(let value): "non-empty \(text(value))"
            case .values(let value, let order): "\(text(value)) in order \(order.map { text(.literal($0)) })"
            }
        let options = " nulls \(nulls)" + (hasComplement ? " with complement" : "")
        return "first \(keep.map { "\($0)" } ?? "all") of \(readable.text(from))\(options) seed \(seed) "
            + "each \(fields.map(text).joined(separator: ", ")): \(method)"
    }

    var fewer: [Deduplication] {
        changed { change in
            change { $0.hasComplement = false }
            change { $0.method = .random }
            change { $0.keep = 1 }
            for field in fields.indices where fields.count > 1 { change { $0.fields.remove(at: field) } }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("deduplication \(method.name)", Transition.main)
        meeting.note("deduplication keeping \(keep.map { "\($0)" } ?? "all")", Transition.main)
        meeting.note("deduplication nulls \(nulls)", Transition.main)
        if hasComplement { meeting.note("complement of a deduplication", Deduplication.complement) }
    }

    static var wanted: [String] {
        let forms = ["random", "lowest", "highest", "nonEmpty", "values", "keeping 1", "keeping 2", "keeping 3"]
        return Met.someAndNotAll(
            forms.map { "deduplication \($0)" } + Nulls.allCases.map { "deduplication nulls \($0)" } + ["complement of a deduplication"])
            + ["deduplication keeping all: somebody", "Deduplication reads carried columns"]
    }
}

extension Deduplication.Method {
    fileprivate var name: String {
        switch self {
        case .random: "random"
        case .lowest: "lowest"
        case .highest: "highest"
        case .nonEmpty: "nonEmpty"
        case .values: "values"
        }
    }
}

extension Literal {
    /// A double that is a whole number as that.
    fileprivate var byValue: Literal {
        if case .double(let number) = self, let whole = Int64(exactly: number) { .integer(whole) } else { self }
    }

    fileprivate init(_ datum: Datum) {
        switch datum {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .text(let bytes): self = .string(String(decoding: bytes, as: UTF8.self))
        case .date(let value): self = .date(value)
        case .instant(let value): self = .instant(value)
        }
    }
}
