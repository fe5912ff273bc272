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
    }

    private let group: String
    private var store: ImageStore
    /// The sequence of the newest that was taken or loaded.
    private var newest: Int64 = 0

    init(_ configuration: Configuration) {
        group = configuration.group
        store = ImageStore(folder: "\(configuration.data)/checkpoints", also: configuration.checkpoints.also)
    }

    // Loading.

    /// The state of the newest checkpoint that can be used; nil when there is none. What cannot be used is said.
    func load(_ fingerprint: JournalRecord.Fingerprint, _ limits: OutputLimits) throws -> Loaded? {
        for failure in store.removeLeftovers() {
            Log.warning("a checkpoint that was not finished stays", ["cause": failure.description])
        }
        let choice: ImageStore.Choice
        do throws(ImageError) {
            choice = try store.newest(knowing: ImageContents.kinds)
        } catch {
            throw DaemonFailure(.data, "\(error)")
        }
        for refused in choice.refused { Log.error("a checkpoint cannot be used", ["cause": refused.description]) }
        guard let image = choice.image else { return nil }
        guard image.header.group == group else {
            throw DaemonFailure(
                .data, "\(image.path) is a checkpoint of group \(image.header.group), not of \(group)",
                hint: "Each deployment has a data directory of its own.")
        }
        guard image.footer.fingerprint == fingerprint.text else {
            Log.warning(
                "program, time zone data or mapping differ from those of the newest checkpoint: the whole journal is repeated",
                ["then": image.footer.fingerprint, "now": fingerprint.text])
            return nil
        }
        do {
            let loaded = try load(image, limits)
            newest = loaded.place.sequence
            return loaded
        } catch let error as FactsError {
            Log.error("a checkpoint cannot be used", ["path": image.path, "cause": error.description])
            return nil
        }
    }

    private func load(_ image: ImageReader, _ limits: OutputLimits) throws -> Loaded {
        let started = monotonicNanoseconds()
        var catalog = Catalog()
        let contents = try ImageContents(image, zoneNames: TimeZones.names, zone: TimeZones.system, catalog: &catalog)
        let facts = contents.machine.engine
        guard contents.machine.sequence == image.header.sequence else { throw FactsError("it shows another commit than it says") }
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
        let engine = try loading.finish(zones: facts.zones.compactMap(TimeZones.system))
        let machine = StateMachine(
            group: group, limits: limits, zoneNames: TimeZones.names, zone: TimeZones.system, catalog: catalog, engine: engine,
            contents.machine)
        let milliseconds = (monotonicNanoseconds() - started) / 1_000_000
        Log.information("checkpoint loaded", ["sequence": String(machine.sequence), "milliseconds": String(milliseconds)])
        let footer = image.footer
        return Loaded(
            machine: machine, loop: contents.loop,
            place: JournalPlace(sequence: machine.sequence, offset: footer.journalOffset, hash: footer.journalHash))
    }

    // Taking.

    /// Takes a checkpoint of the last commit, which is published and stands at a place of the journal; unless there is one of it. What
    /// fails is said, and harms nothing: the ones before stay.
    func take(
        _ machine: StateMachine, _ loop: LoopFacts, at place: JournalPlace?, outputs: TopicOffsets,
        _ fingerprint: JournalRecord.Fingerprint
    ) {
        guard machine.sequence > newest, let place, place.sequence == machine.sequence else { return }
        let started = monotonicNanoseconds()
        do {
            let contents = ImageContents(machine: machine.facts(), loop: loop)
            let clock = machine.engine.clock
            let header = ImageHeader(
                group: group, sequence: machine.sequence, clock: clock, created: wallMilliseconds(), program: "audienced")
            var writer = try store.begin(header)
            try machine.write(contents.machine.engine, into: &writer)
            try contents.write(into: &writer)
            let ends = outputs.sorted { $0.key < $1.key }.flatMap { topic, partitions in
                partitions.sorted { $0.key < $1.key }.map { ImageFooter.End(topic: topic, partition: $0.key, offset: $0.value) }
            }
            let footer = ImageFooter(
                journalOffset: place.offset, journalHash: place.hash, ends: ends, fingerprint: fingerprint.text)
            let publication = try store.publish(writer, footer)
            newest = machine.sequence
            for failure in publication.failures { Log.error("behind a checkpoint", ["cause": failure.description]) }
            Log.information(
                "checkpoint",
                [
                    "sequence": String(machine.sequence), "bytes": String(publication.byteCount),
                    "milliseconds": String((monotonicNanoseconds() - started) / 1_000_000),
                ])
        } catch {
            Log.error("a checkpoint failed; those before stay", ["sequence": String(machine.sequence), "cause": "\(error)"])
        }
    }
}

extension StateMachine {
    /// Adds texts and rows to an image.
    fileprivate func write(_ facts: EngineFacts, into writer: inout ImageWriter) throws {
        for (number, (place, count)) in engine.texts(of: facts).enumerated() {
            var code = 0
            while code < count {
                var piece: [UInt8] = []
                let end = engine.append(place, of: facts, from: code, bytes: ImageContents.pieceBytes, to: &piece)
                try writer.append(piece: piece, count: end - code, to: ImageContents.texts(ofPlace: number))
                code = end
            }
        }
        for (table, held) in facts.tables.enumerated() {
            for first in stride(from: 0, to: held.rows, by: held.rowsOfGroup) {
                let rows = first..<min(first + held.rowsOfGroup, held.rows)
                var piece: [UInt8] = []
                engine.append(table: table, rows: rows, to: &piece)
                try writer.append(piece: piece, count: rows.count, to: ImageContents.rows(ofTable: table))
            }
        }
    }
}
