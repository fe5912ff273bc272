// The engine: tables, the plan of all live campaigns, and the audiences they save. A deterministic function of what it is told:
// schemas, campaigns, changes and the clock; no I/O, no clock and no randomness of its own. It is one value that one thread owns.
//
// After every `commit` each audience is exactly what evaluating its campaign from scratch, on the tables as they are and at the
// clock, would give (semantics §1).
import Campaigns

/// Tables, plan and audiences, and how a change goes through them.
public struct Engine: ~Copyable {
    /// What was done since the beginning.
    public internal(set) var statistics = Statistics()
    /// Milliseconds since the Unix epoch; `Int64.min` before it was first set.
    public internal(set) var clock = Int64.min

    /// Those of schemas, and hidden ones.
    var tables = Vector<Table>()
    /// By schema.
    var tableNumbers: [String: Int32] = [:]
    /// The tables of the schemas, in the order of their first publication: what changes name them by.
    var schemaTables = Vector<Int32>()
    /// The hidden tables of identities, by namespace.
    var namespaces: [String: Int32] = [:]
    var zones: [TimeZoneRules] = []

    // The plan.
    var nodes = Vector<Node>()
    /// By node.
    var heldTruths = Vector<HeldTruth>()
    var heldValues = Vector<HeldValue>()
    /// By node.
    var nodeUses = Vector<NodeUse>()
    /// How often columns were written.
    var writes: UInt64 = 1
    /// How often anything moved that a condition may read: columns, accumulators, links, terms.
    var moves: UInt64 = 1
    var operands = Vector<Int32>()
    var nodeNumbers: [NodeKey: Int32] = [:]
    var constants = Vector<Value>()
    var constantNumbers: [ConstantKey: Int32] = [:]
    var conditions = Vector<Condition>()
    var conditionNumbers = IntegerMap()
    var accumulators = Vector<Accumulator>()
    var accumulatorNumbers: [AccumulatorKey: Int32] = [:]
    var sums: [SumState] = []
    var freeSums = Vector<UInt32>()
    var clockTerms = Vector<ClockTerm>()
    /// By node.
    var clockTermNumbers: [Int32: Int32] = [:]
    var cursors = Vector<Cursor>()
    var cursorNumbers: [CursorKey: Int32] = [:]
    var valueSets: [ValueSet] = []
    var freeValueSets = Vector<UInt32>()
    /// Unique links that are walked the other way: table and place.
    var choices = Vector<IncomingLink>()
    /// Takers that read what lies behind links.
    var linkedTakers = 0
    /// The most links that one path follows: how far a change can be felt behind links, however rows link in circles.
    var longestPath = 0

    // Audiences.
    var registry = AudienceRegistry()
    var saves = Vector<Save>()
    var audiences: [AudienceState] = []
    var audienceNumbers: [String: Int] = [:]
    /// The place of each audience in the order of ids, by its number.
    var audienceOrder: [Int] = []
    var campaigns: [String: CampaignState] = [:]
    /// The first instant after the clock at which a live campaign starts or ends; `Int64.max` when there is none.
    public internal(set) var boundary = Int64.max

    // The commit at hand.
    var cause = Cause.change
    var touched = Vector<Touched>()
    var touchedNumbers = IntegerMap()

    /// What is decided when the commit ends, and the place of each mark.
    var marks = Vector<Mark>()
    var markNumbers = IntegerMap()

    /// The row whose values are being exchanged, and the signals it got meanwhile. In a circle of links what it feeds comes back to it:
    /// its own conditions wait until its values are the new ones.
    var changingTable: Int32 = -1
    var changingRow: Int32 = -1
    var pendingSignals: SignalSet = 0

    /// States of accumulators that moved in a step whose readers are not told yet.
    var moved = Vector<Moved>()

    /// Contributions taken back while a row changes.
    var retracted = Vector<Retraction>()
    var retractedNumbers = IntegerMap()

    // Memory that is used again.
    var event: UInt64 = 0
    var scratch = Vector<Int32>()
    var scratchRows = Vector<Int32>()
    var newCodes = Vector<Int32>()
    var keyBytes = Vector<UInt8>()
    var attributeText = JSONText()
    var arguments = Vector<Value>()
    var texts = TextArena()

    public init() {}

    func tableNumber(_ schema: String) -> Int32 {
        guard let number = tableNumbers[schema] else { preconditionFailure("schema \(schema) was published") }
        return number
    }

    /// The number of live rows of a table; 0 for an unknown one.
    public func rowCount(of schema: String) -> Int {
        tableNumbers[schema].map { tables[$0].liveCount } ?? 0
    }
}
