// Why somebody is a member of an audience or is not, as the engine knows it: the way of each row through the activities, what each of them
// decided and by what, and the parts of conditions that decide, with their values. Plain values; what they look like is the caller's.
public import Campaigns

/// Why an identity, or the record of a key, is in an audience or not, as of the last commit.
public struct Explanation: Sendable {
    /// What each campaign that writes the audience says, the one published first first.
    public internal(set) var contributions: [Contribution] = []
    /// More was there to look at than was allowed.
    public internal(set) var isTruncated = false
    /// What tables were looked through for: the rows that a link leads to a row from.
    var lookedThrough: [LinkPlace: [RowNumber: [RowNumber]]] = [:]

    /// Whether it is a member by any of them.
    public var isMember: Bool { contributions.contains(where: \.isMember) }

    /// What one campaign says.
    public struct Contribution: Sendable {
        /// Its id.
        public let campaign: String
        /// The version that is live, or was last.
        public let version: Int
        /// The id of the save-audience.
        public let activity: String
        /// How its members come about.
        public let standing: Standing
        /// Whether it makes somebody a member.
        public internal(set) var isMember = false
        /// The identity by which members that are kept were looked for; nil: it is not known, or nothing that is kept was asked.
        public internal(set) var keptIdentity: [UInt8]?
        /// Its rows, those that make it a member first; at most `Explanation.mostRows`.
        public internal(set) var rows: [Row] = []
    }

    /// How a campaign's members come about.
    public enum Standing: String, Sendable {
        /// They are those of its population.
        case live
        /// They were those of its population once: an append keeps whom it added.
        case append
        /// They are those of its population when the audience was replaced last.
        case frozen
        /// The campaign is stopped, over, or has not begun: they stay as they are.
        case fixed
    }

    /// A record, as people call it.
    public struct Name: Sendable, Equatable {
        /// The name of its schema; of rows that are no records, of their hidden table.
        public let schema: String
        /// nil: a row without a record.
        public let key: String?
    }

    /// One row, and its way.
    public struct Row: Sendable {
        /// Its record where it was looked at.
        public let name: Name
        /// Its place among the records of that schema, where it is one of them; nil: it leads to its record over links.
        public let place: Int?
        /// The transition at which it was looked up: that which is saved, or one before that.
        public let transition: Transition
        /// Whether it makes somebody a member.
        public let isIn: Bool
        /// The activities on the way to the audience, in their order.
        public let steps: [Step]
    }

    /// What became of a row at an activity.
    public enum Result: String, Sendable {
        case passed, rejected, removed, waiting, stopped
        case notReached = "not-reached"
    }

    /// One activity on the way.
    public struct Step: Sendable {
        /// As it was published.
        public let activity: Activity
        /// What became of the row.
        public internal(set) var result: Result
        /// Whether the row has to pass it: an inbound that an exclusion takes away need not be passed.
        public internal(set) var isOnWay = false
        /// By what it decided, where that is no condition.
        public internal(set) var details: [Detail] = []
        /// Conditions that it asks, by the name of the member that says it (`filter`, `when`).
        public internal(set) var conditions: [(name: String, part: Part)] = []
    }

    /// By what an operator decided.
    public enum Detail: Sendable {
        /// combine: which inbounds have the row, or match it.
        case inbounds([(transition: Transition, hasRow: Bool)])
        /// split: the outputs that take the row.
        case outputs([String])
        /// split: of 10,000 draws the one that fell on the row, and how many are in.
        case draw(subset: String, draw: Int, below: Int)
        /// A limit or a deduplication: the row's place, from 1 on, of how many, how many stay, the last that does, and the first of all.
        case rank(place: Int, of: Int, stays: Int, boundary: Name?, first: Name?)
        /// deduplication: the values that rows have in common.
        case group([(expression: Expression, value: Literal)])
        /// wait: when the row passes; nil: never.
        case waitsUntil(Int64?)
        /// test, and-join: whether they let rows through, and how many there are.
        case gate(isOpen: Bool, recordCount: Int)
        /// reconciliation, change-dimension: the record that the row leads to, and whether there were several.
        case record(Name, isAmbiguous: Bool)
        /// read-audience: whose members are read.
        case audience(String)
        /// save-audience: the identity; nil: none.
        case identity(String?)
    }

    /// A condition, or a part of one.
    public struct Part: Sendable {
        /// As it was checked.
        public let expression: Expression
        /// nil: unknown, which passes nothing.
        public let value: Bool?
        /// What it is made of, where those are conditions too.
        public internal(set) var parts: [Part] = []
        /// Whether the result would be another if this part, and the others that decide, were.
        public internal(set) var isDeciding = false
        /// The fields and carried columns that it reads.
        public internal(set) var values: [(expression: Expression, value: Literal)] = []
        /// What it says of the clock, as of now.
        public internal(set) var clock: [(expression: Expression, value: Literal)] = []
        /// The collections of linked records that it counts, sums up or looks through.
        public internal(set) var collections: [Collection] = []
    }

    /// Records that links lead back to, and what they come to.
    public struct Collection: Sendable {
        /// The schema of its records.
        public let schema: String
        /// Its links and what is asked of its records.
        public let aggregate: Aggregate
        /// The value of the aggregate.
        public let actual: Literal
        /// How many records there are, whatever the filter says; of as many as were looked at.
        public internal(set) var of = 0
        /// How many of them the filter lets through.
        public internal(set) var counting = 0
        /// Some of them, those that count first.
        public internal(set) var records: [Record] = []
        /// Not all of them were looked at.
        public internal(set) var isTruncated = false
    }

    /// One linked record.
    public struct Record: Sendable {
        /// Which it is.
        public let name: Name
        /// The fields that the filter reads.
        public let values: [(expression: Expression, value: Literal)]
        /// Whether the filter lets it through.
        public let counts: Bool
    }

    /// How many rows are told of at most.
    public static let mostRows = 10
    /// How many linked records of a collection are shown at most.
    public static let mostRecordsShown = 5
}

extension Explanation.Row {
    /// The activity nearest to the audience that holds the row back; nil: none does.
    public var blocking: Explanation.Step? {
        steps.last { $0.isOnWay && $0.result != .passed && $0.result != .notReached }
    }
}

extension Explanation.Step {
    /// Whether nothing comes before it.
    public var isSource: Bool { activity.inbounds.isEmpty }
}
