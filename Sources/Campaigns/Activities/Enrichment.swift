// enrichment: "Adds carried columns, never adds or removes rows. `columns`: an expression each. `collections`: of the records of a 1-N link
// that pass `filter`, in `sort` order (nulls last, then key), the first `lines`; columns `<alias>1_<field>` … null-filled. `joins`: the one
// row of another transition, or record of a schema, equal on all `on` pairs."

/// enrichment: columns that rows carry along.
public struct Enrichment: ActivityDefinition {
    /// A column, and what it is for each row.
    public struct Column: Equatable, Sendable {
        /// What expressions behind it call it.
        public var name: String
        /// Of the row.
        public var value: Expression

        public init(name: String, value: Expression) {
            self.name = name
            self.value = value
        }
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// In the order of the definition.
    public var columns: [Column]
    /// Columns of the first few of many linked records.
    public var collections: [Collection]
    /// Columns of the one row or record that is equal on some values.
    public var joins: [Join]

    /// Of the records that links lead to, at least one of them walked back to many: those that pass, in an order, the first few.
    public struct Collection: Equatable, Sendable {
        /// The links to walk, in order.
        public var path: [AggregateStep]
        /// The schema at their end.
        public var schema: String
        /// About the linked record; nil is true.
        public var filter: Expression?
        /// nil: by key text alone, which decides between equal ones too.
        public var sort: Sort?
        /// How many.
        public var lines: Int
        /// The numbers of the fields that each gives.
        public var fields: [Int]
        /// What the names of the columns begin with: `<alias><line>_<field>`.
        public var alias: String

        public init(
            path: [AggregateStep], schema: String, filter: Expression? = nil, sort: Sort? = nil, lines: Int, fields: [Int], alias: String
        ) {
            self.path = path
            self.schema = schema
            self.filter = filter
            self.sort = sort
            self.lines = lines
            self.fields = fields
            self.alias = alias
        }

        /// The name of the column of a line (from 1 on) and a field.
        public static func columnName(_ alias: String, line: Int, field: String) -> String { "\(alias)\(line)_\(field)" }
    }

    /// "The one row of another transition, or record of a schema, equal on all `on` pairs; several matches: lowest row id or key […]; none:
    /// nulls."
    public struct Join: Equatable, Sendable {
        /// Where the joined rows come from.
        public enum Source: Equatable, Sendable {
            case transition(Transition)
            /// All records of a schema, by its name.
            case schema(String)
        }

        /// A pair of expressions that must be equal.
        public struct Pair: Equatable, Sendable {
            /// Of the row.
            public var source: Expression
            /// Of the joined row.
            public var target: Expression

            public init(source: Expression, target: Expression) {
                self.source = source
                self.target = target
            }
        }

        /// Where the joined rows come from.
        public var from: Source
        /// At least one.
        public var on: [Pair]
        /// At least one; the values are of the joined row.
        public var columns: [Column]

        public init(from: Source, on: [Pair], columns: [Column]) {
            self.from = from
            self.on = on
            self.columns = columns
        }
    }

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { collections.isEmpty && joins.isEmpty ? RowDecision(expressions: columns.map(\.value)) : nil }
    package var joined: [Transition] {
        joins.compactMap { if case .transition(let transition) = $0.from { transition } else { nil } }
    }

    public init(id: String, from: Transition, columns: [Column], collections: [Collection] = [], joins: [Join] = []) {
        self.id = id
        self.from = from
        self.columns = columns
        self.collections = collections
        self.joins = joins
    }
}
