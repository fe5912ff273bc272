// Why one record goes to the dead letters.

/// Of which kind a refusal is: the closed list by which metrics and the log count dead letters.
public enum RefusalKind: String, CaseIterable, Sendable {
    /// Bytes that are no JSON.
    case malformed
    /// More bytes than are read of one record.
    case tooLarge = "too-large"
    /// JSON in which there is no change.
    case noChange = "no-change"
    /// It says something else than that a row comes or goes.
    case unknownOperation = "unknown-operation"
    /// No schema was published for its table, or it names none.
    case unknownTable = "unknown-table"
    /// A change without the row that it is about.
    case noRow = "no-row"
    /// A field whose value has another type.
    case wrongValue = "wrong-value"
    /// A field of the primary key is null.
    case nullKey = "null-key"
    /// A tombstone whose key is not that of a row.
    case wrongTombstone = "wrong-tombstone"
    /// A CloudEvent that contradicts itself, or several in one record.
    case wrongEvent = "wrong-event"
    /// A record of the control topic that is no control event.
    case noControlEvent = "no-control-event"
    /// A definition with problems, or a control event that cannot be done.
    case rejected
}

/// The reason of a dead letter. It stops nothing else.
public struct Refusal: Error, Equatable, Sendable {
    /// What it is counted as.
    public var kind: RefusalKind
    /// What is wrong, with table and field where they are known.
    public var reason: String
    /// The table and field that it is about, `customers.age`; nil: it is about no field of a schema.
    public var field: String?

    public init(_ kind: RefusalKind, _ reason: String, field: String? = nil) {
        self.kind = kind
        self.reason = reason
        self.field = field
    }
}
