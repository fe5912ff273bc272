// Checkpoints: images of the state as the daemon takes and loads them. A start goes on from the newest that is whole, with what the journal
// has behind it; without one it repeats the journal.
import Campaigns
import Engine
import Kafka
import Storage
import Wire

/// The checkpoints of a deployment. It belongs to the loop.
final class Checkpoints {
    /// The state as of a commit, and where the journal has that.
    struct Loaded {
        let machine: StateMachine
        let loop: LoopFacts
        let place: JournalPlace
        /// Of the process that took it, for people.
        let program: String
        /// What its members depend on besides input and clock.
        let fingerprint: String
    }

    private let group: String
    private let store: ImageHomes
    private let every: Duration
    /// More must not be kept of rows that change while they are copied.
    private let maximumKeptBytes: Int
    private let waitingPieces: Int
    private let memory: (process: ProcessMemory?, bytes: Int)
    /// Where the journal has the commit of the newest that was taken or loaded.
    private var newest: JournalPlace?
    /// nil: the journal is kept whole.
    private let trimming: JournalTrimming?
    private let workers: Workers
    private let timeZones: TimeZones
    /// The newest that was taken or loaded: when it was begun, milliseconds since the Unix epoch, and its size.
    private(set) var newestFacts: (milliseconds: Int64, bytes: Int)?
    /// Why there is none since then, and when that was found, milliseconds since the Unix epoch; nil: the last one did not fail.
    private(set) var newestFailure: (milliseconds: Int64, cause: String)?

    init(_ configuration: Configuration, _ surroundings: Surroundings) {
        trimming = configuration.checkpoints.trim ? JournalTrimming(source: surroundings.source, topic: Topics(configuration).journal) : nil
        group = configuration.group
        every = configuration.checkpoints.every
        maximumKeptBytes = configuration.memoryBudget.keptRowBytes
        memory = (surroundings.memory, configuration.memoryBytes)
        waitingPieces = configuration.memoryBudget.waitingPieces
        next = Deadline(after: every)
        workers = surroundings.workers
        timeZones = surroundings.timeZones
        store = ImageHomes(
            ImageStore(folder: "\(configuration.data)/checkpoints", also: configuration.checkpoints.also, files: surroundings.files))
    }

    // Loading.

    /// One whose rows and texts are not loaded.
    struct Opened {
        fileprivate let image: ImageReader
        let contents: ImageContents
        fileprivate let catalog: Catalog

        /// Of its commit.
        var place: JournalPlace {
            JournalPlace(sequence: image.header.sequence, offset: image.footer.journalOffset, hash: image.footer.journalHash)
        }

        /// Of the process that took it, for people.
        var program: String { image.header.program }

        /// What memory its state will take, about: what the engine said that it held, and what the plan of a campaign takes. An image of
        /// an older program does not say it: there it is what takes least, rows and texts with one campaign, by the bytes of the image.
        var neededBytes: Int {
            let shown = image.sections.reduce(0) { $0 + $1.bytes }
            let held = image.header.memoryBytes > 0 ? Int(image.header.memoryBytes) : shown + shown / 2
            return held + contents.machine.definitions.campaigns.count * Self.campaignBytes
        }

        /// Measured: 10,000 campaigns of a condition or two take 72 MB beside their rows, half of which is there once they are read.
        private static let campaignBytes = 4 << 10
    }

    /// The newest checkpoint that can be used; nil when there is none. What cannot be used is said.
    func open(_ fingerprint: JournalRecord.Fingerprint) throws -> Opened? {
        for failure in store.images.removeLeftovers() {
            Log.warning(.checkpointLeftover, "a checkpoint that was not finished stays", ["cause": failure.description])
        }
        let choice: ImageStore.Choice
        do throws(ImageError) {
            choice = try store.images.newest(knowing: ImageContents.kinds)
        } catch {
            throw DaemonFailure(.data, "\(error)")
        }
        for refused in choice.refused { Log.error(.checkpointUnusable, "a checkpoint cannot be used", ["cause": refused.description]) }
        guard let image = choice.image else { return nil }
        guard image.header.group == group else {
            throw DaemonFailure(
                .data, "\(image.path) is a checkpoint of group \(image.header.group), not of \(group)",
                hint: "Each deployment has a data directory of its own.")
        }
        guard fingerprint.isMapped(as: image.footer.fingerprint) else {
            Log.warning(
                .mappingChanged, "a topic is mapped to another table than in the newest checkpoint: the whole journal is repeated",
                ["then": image.footer.fingerprint, "now": fingerprint.text])
            return nil
        }
        return try unlessRefused(image) {
            var catalog = Catalog()
            let contents = try ImageContents(image, zoneNames: timeZones.names, zone: timeZones.rules, catalog: &catalog)
            guard contents.machine.sequence == image.header.sequence else { throw FactsError("it shows another commit than it says") }
            return Opened(image: image, contents: contents, catalog: catalog)
        }
    }

    /// Throws when there is no room for the state that it shows: before any of it is loaded, since a process that ends without memory
    /// says nothing.
    func requireRoom(for opened: Opened) throws(DaemonFailure) {
        try memory.process?.requireRoom(
            for: opened.neededBytes, of: "the state of checkpoint \(opened.image.header.sequence)", memory: memory.bytes)
    }

    /// The state that it shows; nil when it turns out that it cannot be used, which is said.
    func load(_ opened: Opened, _ limits: OutputLimits) throws -> Loaded? {
        let loaded = try unlessRefused(opened.image) { try read(opened, limits) }
        if let loaded {
            newest = loaded.place
            newestFacts = (opened.image.header.created, opened.image.sections.reduce(0) { $0 + Int($1.bytes) })
        }
        return loaded
    }

    private func unlessRefused<Result>(_ image: ImageReader, _ body: () throws -> Result) throws -> Result? {
        do {
            return try body()
        } catch let error as FactsError {
            Log.error(.checkpointUnusable, "a checkpoint cannot be used", ["path": image.path, "cause": error.description])
            return nil
        }
    }

    private func read(_ opened: Opened, _ limits: OutputLimits) throws -> Loaded {
        let started = monotonicNanoseconds()
        let (image, contents, catalog) = (opened.image, opened.contents, opened.catalog)
        let facts = contents.machine.engine
        var loading = try EngineLoading(facts)
        for (number, place) in facts.textPlaces.enumerated() {
            try image.forEachPiece(of: ImageContents.texts(ofPlace: number)) { piece, count in
                ServiceManager.current.progress("loading checkpoint \(image.header.sequence)")
                try loading.add(place, count: count, from: piece)
            }
        }
        try loading.beginRows()
        for (number, table) in facts.tables.enumerated() {
            var first = 0
            try image.forEachPiece(of: ImageContents.rows(ofTable: number)) { piece, count in
                ServiceManager.current.progress("loading checkpoint \(image.header.sequence)")
                try loading.fill(table: number, rows: first..<first + count, from: piece)
                first += count
            }
            guard first == table.rows else { throw FactsError("table \(table.schema.name) has \(first) of \(table.rows) rows") }
        }
        ServiceManager.current.progress("following the campaigns of checkpoint \(image.header.sequence)")
        let engine = try loading.finish(zones: facts.zones.compactMap(timeZones.rules))
        let machine = StateMachine(
            group: group, limits: limits, zoneNames: timeZones.names, zone: timeZones.rules, catalog: catalog, engine: engine,
            contents.machine)
        let milliseconds = (monotonicNanoseconds() - started) / 1_000_000
        Log.information(
            .checkpointLoaded, "checkpoint loaded", ["sequence": String(machine.sequence), "duration_ms": String(milliseconds)])
        return Loaded(
            machine: machine, loop: contents.loop, place: opened.place, program: opened.program, fingerprint: image.footer.fingerprint)
    }

    // Taking.

    /// One that is being taken.
    private struct UnderWay {
        let sequence: Int64
        var copy: FactsCopying
        let thread: ImageThread
        let began: UInt64
        var isCopied = false
        /// Where its commit stands in the journal; nil until that is known.
        var published: JournalPlace?
        /// The longest that the loop was held up by it at once.
        var longestHold: UInt64 = 0
    }

    private var underWay: UnderWay?
    private var next: Deadline
    /// The next is begun earlier where much has come since the last, so that a start repeats little; but not before this.
    private var earliest = Deadline(after: .zero)
    private var recordsSince = 0

    /// So many records are worth the next.
    private static let enoughRecords = 500_000
    /// One takes at most such a part of the time.
    private static let share = 10

    /// Whether one is under way, or it is time for the next.
    var isDue: Bool {
        underWay != nil || next.hasPassed || (recordsSince >= Checkpoints.enoughRecords && earliest.hasPassed)
    }

    /// So many records more are in commits, or on their way.
    func note(records: Int) { recordsSince += records }

    /// Whether one is under way.
    var isUnderWay: Bool { underWay != nil }

    /// The commit whose place in the journal is waited for.
    var awaitsPlace: Bool { underWay.map { $0.isCopied && $0.published == nil } ?? false }

    /// Begins one of the last commit, unless there is one of it; a start may go on from it once it is published. Nothing is applied that is
    /// in no commit. Returns whether it was begun.
    func begin(_ machine: StateMachine, _ loop: LoopFacts) -> Bool {
        precondition(underWay == nil && !machine.hasChanges, "one checkpoint at a time, of a commit")
        let began = monotonicNanoseconds()
        next = Deadline(after: every)
        recordsSince = 0
        guard machine.sequence > newest?.sequence ?? 0 else { return false }
        let contents = ImageContents(machine: machine.facts(), loop: loop)
        let header = ImageHeader(
            group: group, sequence: machine.sequence, clock: machine.engine.clock, created: wallMilliseconds(),
            program: Program.text(), memoryBytes: Int64(machine.engine.held.total))
        do {
            // The newest until then will be the older of two. What a second home has not got may need more.
            let (trimming, older) = (trimming, newest)
            let thread = try ImageThread(store, header, workers, maximumWaiting: waitingPieces) {
                if let older { trimming?.trim(before: older.offset) }
            }
            try thread.write(contents)
            machine.engine.beginCopying(contents.machine.engine)
            let copy = FactsCopying(contents.machine.engine, machine.engine, pieceBytes: ImageContents.pieceBytes)
            underWay = UnderWay(sequence: machine.sequence, copy: copy, thread: thread, began: began)
            noteHold(since: began)
        } catch {
            fail(error, machine)
        }
        return underWay != nil
    }

    /// Goes on with what is under way for a while: copies, and sees what has become of it. With nothing being applied.
    func goOn(_ machine: StateMachine, until deadline: Deadline) {
        guard let thread = underWay?.thread else { return }
        let began = monotonicNanoseconds()
        defer { noteHold(since: began) }
        do {
            try thread.check()
            while underWay?.isCopied == false, thread.hasRoom, !deadline.hasPassed { try copyNext(machine, thread) }
            if machine.engine.keptBytes > maximumKeptBytes {
                throw StorageError(operation: "copy", path: "", cause: "too much changes meanwhile")
            }
            if let publication = thread.publication { end(publication, machine) }
        } catch {
            fail(error, machine)
        }
    }

    private func noteHold(since began: UInt64) {
        let hold = monotonicNanoseconds() - began
        if let taken = underWay, hold > taken.longestHold { underWay?.longestHold = hold }
    }

    private func copyNext(_ machine: StateMachine, _ thread: ImageThread) throws {
        if let piece = underWay?.copy.next(of: &machine.engine) {
            try thread.write(ImagePiece(piece))
        } else {
            underWay?.isCopied = true
            machine.engine.endCopying()
            try thread.finishBody()
        }
    }

    /// The commit is published and stands at a place of the journal: from now on it counts.
    func publish(at place: JournalPlace, outputs: TopicOffsets, _ fingerprint: JournalRecord.Fingerprint) {
        guard awaitsPlace, let taken = underWay, place.sequence == taken.sequence else { return }
        let ends = outputs.sorted { $0.key < $1.key }.flatMap { topic, partitions in
            partitions.sorted { $0.key < $1.key }.map { ImageFooter.End(topic: topic, partition: $0.key, offset: $0.value) }
        }
        let footer = ImageFooter(journalOffset: place.offset, journalHash: place.hash, ends: ends, fingerprint: fingerprint.text)
        underWay?.published = place
        // What fails is found when it is looked for.
        try? taken.thread.publish(footer)
    }

    /// Takes one of the last commit at once: the loop ends, and the commit is published.
    func takeLast(
        _ machine: StateMachine, _ loop: LoopFacts, at place: JournalPlace?, outputs: TopicOffsets, _ fingerprint: JournalRecord.Fingerprint
    ) {
        giveUp(machine)
        guard let place, place.sequence == machine.sequence, begin(machine, loop) else { return }
        while let thread = underWay?.thread {
            goOn(machine, until: Deadline(after: Patience.tick))
            publish(at: place, outputs: outputs, fingerprint)
            // What fails is found when it goes on.
            try? thread.finish()
        }
    }

    private func end(_ publication: ImageStore.Publication, _ machine: StateMachine) {
        guard let taken = underWay, let place = taken.published else { return }
        newest = place
        newestFacts = (wallMilliseconds(), Int(publication.byteCount))
        newestFailure = nil
        let milliseconds = (monotonicNanoseconds() - taken.began) / 1_000_000
        earliest = Deadline(after: .milliseconds(Int64(milliseconds) * Int64(Checkpoints.share)))
        for failure in publication.failures { Log.error(.checkpointBehind, "behind a checkpoint", ["cause": failure.description]) }
        Log.information(
            .checkpoint, "checkpoint",
            [
                "sequence": String(taken.sequence), "bytes": String(publication.byteCount),
                "duration_ms": String(milliseconds), "longest_hold_microseconds": String(taken.longestHold / 1000),
            ])
        giveUp(machine)
    }

    private func fail(_ error: any Error, _ machine: StateMachine) {
        newestFailure = (wallMilliseconds(), "\(error)")
        Log.error(.checkpointFailed, "a checkpoint failed; those before stay", ["cause": "\(error)"])
        giveUp(machine)
        next = Deadline(after: max(every, Patience.checkpointAfterFailure))
    }

    /// Ends what is under way; what was not published is gone.
    func giveUp(_ machine: StateMachine) {
        underWay?.thread.close()
        underWay = nil
        machine.engine.endCopying()
    }
}
