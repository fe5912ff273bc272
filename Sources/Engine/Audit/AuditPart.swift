// What an audit looks at as one: a thing that is kept while somebody asks for it.

/// One thing that is kept.
enum AuditPart {
    case term(Number<ClockTerm>)
    case order(TableNumber, Number<OrderIndex>)
    case link(LinkPlace)
    case condition(Number<Condition>)
    case accumulator(Number<Accumulator>)
    case choice(Number<Choice>)
    case ranking(Number<Ranking>)
    case pairs(Number<Pairs>)
    case waiting(Number<Waiting>)
    case counter(Number<Counter>)
    case gate(Number<Gate>)
    case members(Number<Save>)
    case rejected(Number<Save>)
    case channel(Number<OpenChannel>)
    /// Of a campaign.
    case alerts(String)
    case size(Int)
    case audienceTable(String)

    var kind: KeptKind {
        switch self {
        case .term: .term
        case .order: .order
        case .link: .link
        case .condition: .condition
        case .accumulator: .accumulator
        case .choice: .choice
        case .ranking: .ranking
        case .pairs: .pairs
        case .waiting: .waiting
        case .counter: .counter
        case .gate: .gate
        case .members: .members
        case .rejected: .rejected
        case .channel: .channel
        case .alerts: .alerts
        case .size: .size
        case .audienceTable: .audienceTable
        }
    }
}
