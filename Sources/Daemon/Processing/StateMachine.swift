// The deterministic state machine in the middle of `run`, `replay` and `demo`: definitions, engine and the encoding of what a commit says.
// It is told records and the clock and leaves output records; it reads no clock, file or socket.
package import Campaigns
package import Engine
import Storage
package import Wire

/// `@unchecked Sendable`: one thread at a time has it; a pipeline hands it over between two batches. Decoding (`changes`, `control`) and
/// the rest may be on two threads, unless a definition is applied.
package final class StateMachine: @unchecked Sendable {
    package var engine = Engine()
    var catalog = Catalog()
    var definitions = AcceptedDefinitions()
    package let changes = ChangeDecoder()
    package let control = ControlDecoder()
    /// The records of the commits since the caller took them.
    package private(set) var output = OutputBatch()
    let difference = Difference()
    /// What was decided and is not said yet.
    let emission = Emission()
    /// How many events of what is large a commit says; where a journal is repeated, what its commits had.
    var eventsPerCommit = Limits.eventsPerCommit
    /// Whether rows that time passes may be told in slices: so many for each event that a commit says.
    var tellsInSlices = false
    /// Of the last commit, when that mattered: something waited before or after it.
    private(set) var lastLimit: Int?
    /// Whether rows were told in slices by it, or wait for the next.
    private(set) var lastWasSliced = false
    var encoder: EventEncoder
    private let limits: OutputLimits
    let zone: (String) -> TimeZoneRules?
    let zoneNames: [String]
    /// The sequence of the last commit.
    private(set) var sequence: Int64
    /// That of the last commit by which anything but the clock may be another.
    private(set) var effectiveSequence: Int64
    package private(set) var deadLetters = 0
    var rejected = 0
    /// The sequence of the last commit that changed an audience, or completed its publish, by the audience's number.
    private(set) var lastChanges: [Int: Int64] = [:]
    /// The clock of that commit, of those that came since the machine was made.
    private(set) var lastChangeClocks: [Int: Int64] = [:]
    /// The attributes that an audience's members carry, by its id.
    var attributes: [String: [SnapshotColumn]] = [:]
    /// What commits have changed since somebody asked (API/CommittedState.swift); noted while `summarizes`.
    var changed = ChangedParts()
    var summarizes = false
    /// What the commits have said of members; nil while nobody compares that.
    var told: ToldMembers?
    /// What commits leave behind to be told; nil while nobody keeps it.
    var past: Past?
    /// What the commits since the caller took it add to the metrics; nil while nobody counts.
    var counts: CommitCounts?

    /// `zone` finds a time zone by its IANA name; `zoneNames` are those that hints may name.
    package init(
        group: String, sequence: Int64 = 0, limits: OutputLimits = .none, zoneNames: [String] = [],
        zone: @escaping (String) -> TimeZoneRules?
    ) {
        encoder = EventEncoder(group: group, limits: limits)
        self.limits = limits
        self.sequence = sequence
        effectiveSequence = sequence
        self.zone = zone
        self.zoneNames = zoneNames
    }

    /// The machine whose facts they are.
    init(
        group: String, limits: OutputLimits, zoneNames: [String], zone: @escaping (String) -> TimeZoneRules?, catalog: Catalog,
        engine: consuming Engine, _ facts: MachineFacts
    ) {
        encoder = EventEncoder(group: group, limits: limits)
        self.limits = limits
        self.zone = zone
        self.zoneNames = zoneNames
        self.catalog = catalog
        self.engine = engine
        definitions = facts.definitions
        sequence = facts.sequence
        effectiveSequence = sequence
        lastChanges = facts.lastChanges
        attributes = facts.attributes
        past = facts.past
        for (place, schema) in catalog.schemas.enumerated() { changes.publish(schema, table: place) }
    }

    /// What an image has of it besides rows and texts, as of the last commit.
    func facts() -> MachineFacts {
        MachineFacts(
            engine: engine.facts(), definitions: definitions, sequence: sequence, lastChanges: lastChanges, attributes: attributes,
            past: past)
    }

    func isTable(_ name: String) -> Bool { catalog.schema(named: name) != nil }

    /// How many schemas are live.
    var tableCount: Int { catalog.schemas.count }

    // Changes and time.

    /// How many rows that time passes a commit tells. A record of a journal may name any number of events.
    private var rowsPerCommit: Int { min(eventsPerCommit, .max / Limits.rowsPerEvent) * Limits.rowsPerEvent }

    /// Moves the clock (milliseconds since the Unix epoch).
    func advance(to clock: Int64) {
        // What waits of earlier commits would be looked through for each member.
        engine.crossingLimit = tellsInSlices && !emission.isWaiting ? rowsPerCommit : .max
        engine.advance(to: clock)
    }

    /// Moves the clock, refuses what could not be decoded, and applies what could.
    func apply(_ batch: DecodedBatch, clock: Int64) {
        for refused in batch.refused { refuse(refused.record, origin: .change, refused.refusal) }
        advance(to: clock)
        engine.apply(batch.changes)
    }

    /// Whether a commit now would say something.
    package var hasChanges: Bool { engine.hasChanges }

    /// Whether the next commits go on with what was begun: deciding it, or saying what was decided.
    package var isEmitting: Bool { emission.isWaiting || engine.isCrossing }

    /// The records of the commits since the last call, which are the caller's now.
    func takeOutput() -> OutputBatch {
        defer { output = OutputBatch() }
        return output
    }

    /// Ends a commit of time and changes.
    package func commit() {
        begin()
        lastWasSliced = engine.isCrossing
        if lastWasSliced && tellsInSlices { engine.crossingLimit = rowsPerCommit }
        engine.commit(into: difference)
        encodeDifference()
    }

    /// Ends a commit in which nothing was changed: the journal shows that the clock goes on.
    func beat() {
        precondition(!hasChanges && !isEmitting, "nothing was changed")
        let before = effectiveSequence
        commit()
        effectiveSequence = before
    }

    /// Decides what time and changes have changed, without a commit: nobody is told.
    func settle() {
        if engine.hasChanges { engine.commit(into: difference) }
    }

    /// Follows all campaigns anew, as a commit of its own.
    func repair() {
        // Where another program repeats the journal, time may have changed something: nobody is told of what is repeated.
        settle()
        begin()
        engine.repair(into: difference)
        encodeDifference()
    }

    /// The audience of which members were committed that is none here, so that nobody can say what becomes of them; nil when there is none.
    func unknownAudience(of committed: [String: CommittedMembers]) -> String? {
        committed.keys.sorted().first { !engine.isAudience($0) }
    }

    /// Follows all campaigns anew beside the members that were committed, as a commit of its own: "a program that differs there
    /// re-evaluates at its start and commits the difference with cause `repair`" (contract §7).
    /// - Parameter completes: some audience may not be complete, as its last event says: each says that it is.
    func reconcile(with committed: [String: CommittedMembers], completes: Bool) {
        precondition(!isEmitting, "what was said is compared with what is")
        // What became otherwise by repeating: nobody is told of that alone.
        settle()
        begin()
        engine.reconcile(with: committed, completes: completes, into: difference)
        encodeDifference()
    }

    /// Moves the clock to one of the engine's `commitInstants` and ends a commit there.
    func commit(at instant: Int64) {
        advance(to: instant)
        commit()
    }

    /// Ends a commit of time and changes that also carries a reached barrier, where no topics are.
    func commit(barrier id: String) {
        commit()
        encoder.encode(barrier: id, offsets: nil, outputs: nil, into: output)
    }

    /// The events of barriers that the last commit has reached: they are numbered behind its other outputs.
    func events(of barriers: ReachedBarriers) -> BarrierEvents { BarrierEvents(barriers, encoder: encoder) }

    func encodeDifference() {
        let wasEmitting = isEmitting
        emission.pass(difference, of: engine, limit: eventsPerCommit)
        lastLimit = wasEmitting || isEmitting || lastWasSliced ? eventsPerCommit : nil
        encoder.encode(difference, engine, into: output)
        told?.take(difference, of: engine)
        past?.audiences.note(difference, of: engine)
        count(difference)
        for update in difference.updates {
            lastChanges[update.audience] = sequence
            lastChangeClocks[update.audience] = engine.clock
            if summarizes { changed.audiences[update.audience] = update }
        }
        if summarizes { changed.retired.formUnion(difference.retired) }
    }

    func begin() {
        sequence += 1
        effectiveSequence = sequence
        lastLimit = nil
        lastWasSliced = false
        encoder.begin(sequence: sequence, clock: engine.clock)
    }

    // Dead letters.

    /// Adds the dead letter of a record. "One that does not fit keeps key and headers, and names `size` and `sha256` in place of its
    /// value"; where these do not fit either, it says in `truncated` what else is left out. The record itself stays where it was read.
    func refuse(_ record: InputRecord, origin: DeadLetterOrigin, _ refusal: Refusal) {
        deadLetters += 1
        counts?.note(refusal, of: record)
        let reason = refusal.reason
        let size = record.value?.count ?? 0
        if size <= Limits.inputRecordBytes, output.append(deadLetter: record, origin: origin, reason: reason, limits: limits) { return }
        let named = "{\"size\":\(size),\"sha256\":\"\(Digest.sha256(of: record.value ?? UnsafeRawBufferPointer(start: nil, count: 0)))\""
        var short = record
        func isAppended(_ truncated: String) -> Bool {
            Array((named + truncated + "}").utf8).withUnsafeBytes {
                short.value = $0
                return output.append(deadLetter: short, origin: origin, reason: reason, limits: limits)
            }
        }
        if isAppended("") { return }
        short.headers = []
        if isAppended(",\"truncated\":[\"headers\"]") { return }
        short.key = nil
        let isThere = isAppended(",\"truncated\":[\"headers\",\"key\"]")
        precondition(isThere, "a topic takes at least Limits.smallestTopicBytes")
    }

    // Snapshots.

    /// The sequence of the last commit that changed an audience; 0 for one that has no members to show, since nobody writes it.
    func lastChange(of audience: Int) -> Int64 {
        engine.audience(audience).isRetired ? 0 : lastChanges[audience] ?? 0
    }

    /// An audience as of the last commit. Changes that were applied since must have been committed.
    func snapshot(of audience: Int, position: (offsets: TopicOffsets, outputs: TopicOffsets)? = nil) -> SnapshotContent {
        let state = engine.audience(audience)
        return SnapshotContent(
            audience: state.id, label: state.label, namespace: state.namespace, campaign: state.campaign,
            campaignVersion: state.campaignVersion, attributes: attributes[state.id] ?? [], members: engine.members(of: audience),
            sequence: sequence, clock: engine.clock, position: position)
    }

    /// Adds to the last commit that a snapshot is complete.
    func announce(snapshot manifest: String, of audience: String) {
        encoder.encode(snapshot: manifest, of: audience, into: output)
    }
}
