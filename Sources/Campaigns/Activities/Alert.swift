// alert: "Raised in the commit in which `when` becomes true of `recCount`, at publish too, and again only after a commit in which it was
// not; an inactive one is never raised. Output: the inbound."

/// alert: says so when a count becomes what it should not be.
public struct Alert: Equatable, Sendable {
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
        refuseYet(item)
    }
}
