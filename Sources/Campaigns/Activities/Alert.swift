// alert: "Raised in the commit in which `when` becomes true of `recCount`, at publish too, and again only after a commit in which it was
// not; an inactive one is never raised. Output: the inbound."

/// alert: says so when a count becomes what it should not be.
public struct Alert: ActivityDefinition {
    /// `when`, unless it says so itself.
    package static let usual = "\(RecordCount.name) > 0"

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// What is said, as it is.
    public var title: String?
    /// What is said besides.
    public var message: String?
    /// Of `recCount` and the clock.
    public var when: Expression

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { RowDecision() }
    package static var memory: ActivityMemory { .whileEqual }

    public init(id: String, from: Transition, title: String? = nil, message: String? = nil, when: Expression) {
        self.id = id
        self.from = from
        self.title = title
        self.message = message
        self.when = when
    }
}

extension ActivityReader {
    mutating func readAlert(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let title = reader.text("title", isRequired: false)
        let message = reader.text("message", isRequired: false)
        let source = reader.has("when") ? reader.text("when") : Alert.usual
        let when = countCondition(source, at: reader.path(of: "when"))
        var alert: Activity?
        if let from, let when { alert = .alert(Alert(id: item.name, from: from, title: title, message: message, when: when)) }
        add(item, outputs: [Transition.main: shape], alert)
    }
}
