// Goal: an image holds all that a state machine is (ImageContents.swift). Method: a machine is written, loaded and written again, and both
// images have the same in every section; the loaded one has the same members. What it does from then on is the engine's histories'
// (Tests/EngineTests/Reloading.swift), and the loop's (CheckpointTests.swift).
import Glibc
import Testing

@testable import Campaigns
@testable import Daemon
@testable import Engine
@testable import Kafka
@testable import Storage
@testable import Wire

private let fingerprint = JournalRecord.Fingerprint(timezones: "", mapping: "")

extension Checkpoints {
    /// Those of a folder, as a process has them that has just begun.
    convenience init(folder: String, group: String = "replay") {
        var configuration = Configuration(kafka: [:], data: folder)
        configuration.group = group
        let kafka = KafkaSource(client: ClientConfiguration(settings: [:]), group: group)
        self.init(configuration, Surroundings(source: kafka, makeSink: kafka.sink))
    }

    func load(_ fingerprint: JournalRecord.Fingerprint, _ limits: OutputLimits) throws -> Loaded? {
        try open(fingerprint).flatMap { try load($0, limits) }
    }

    /// Takes one of a machine that is nobody's.
    func take(_ machine: StateMachine, _ loop: LoopFacts = LoopFacts()) {
        let place = JournalPlace(sequence: machine.sequence, offset: 7, hash: 8)
        takeLast(machine, loop, at: place, outputs: ["o": [0: 3]], fingerprint)
    }
}

/// Every section of the only image in a folder.
private func sections(of folder: String) throws -> [ImageSection: [UInt8]] {
    let names = try Folders.names(in: "\(folder)/checkpoints")
    let image = try ImageReader(path: "\(folder)/checkpoints/\(try #require(names.first))", knowing: ImageContents.kinds)
    #expect(names.count == 1 && image.footer.journalOffset == 7 && image.footer.journalHash == 8)
    #expect(image.footer.ends == [.init(topic: "o", partition: 0, offset: 3)])
    var sections: [ImageSection: [UInt8]] = [:]
    for extent in image.sections {
        try image.forEachPiece(of: extent.section) { piece, _ in sections[extent.section, default: []] += piece }
    }
    return sections
}

private func members(_ machine: StateMachine) -> [[String]] {
    (0..<machine.engine.audienceCount).map { audience in
        let members = machine.engine.members(of: audience)
        return (0..<members.count).map { place in
            members.withMember(place) { String(decoding: $0, as: UTF8.self) + " \($1) " + String(decoding: $2, as: UTF8.self) }
        }
    }
}

/// A checkpoint of a machine loads as a machine that writes the same checkpoint.
func expectTheSameFromACheckpoint(of machine: StateMachine) throws {
    let (first, second) = (TemporaryFolder(), TemporaryFolder())
    Checkpoints(folder: first.path).take(machine)
    let loaded = try #require(try Checkpoints(folder: first.path).load(fingerprint, .none))
    #expect(loaded.place == JournalPlace(sequence: machine.sequence, offset: 7, hash: 8))
    Checkpoints(folder: second.path).take(loaded.machine)
    let (written, writtenAgain) = (try sections(of: first.path), try sections(of: second.path))
    #expect(written.keys == writtenAgain.keys)
    for (section, bytes) in written where bytes != writtenAgain[section] {
        Issue.record("\(section) has \(bytes) first, and \(writtenAgain[section] ?? []) from the loaded machine")
    }
    #expect(members(machine) == members(loaded.machine))
}

/// Images of examples as they were written by each format, which are read for ever: what loads from them is the same as what the example
/// comes to now. `AUDIENCED_GOLDEN=1 swift test --filter ExampleTests` writes those that are missing: after `ImageFormat.current` was
/// raised, or for examples that are new.
func expectTheSameFromGoldenCheckpoints(of machine: StateMachine, example: String) throws {
    let golden = "/" + #filePath.split(separator: "/").dropLast().joined(separator: "/") + "/Golden"
    let now = TemporaryFolder()
    Checkpoints(folder: now.path).take(machine)
    let name = try #require(try Folders.names(in: "\(now.path)/checkpoints").first)
    for format in 1...ImageFormat.current {
        let path = "\(golden)/\(format)-\(example.replacing("/", with: "-")).image"
        if getenv("AUDIENCED_GOLDEN") != nil, format == ImageFormat.current, !Folders.exists(path) {
            let image = try OpenFile.reading("\(now.path)/checkpoints/\(name)").read(maximumBytes: Int.max)
            try AtomicFile.write(image, to: path)
        }
        let (then, again) = (TemporaryFolder(), TemporaryFolder())
        try Folders.create("\(then.path)/checkpoints")
        try AtomicFile.write(try OpenFile.reading(path).read(maximumBytes: Int.max), to: "\(then.path)/checkpoints/\(name)")
        let loaded = try #require(try Checkpoints(folder: then.path).load(fingerprint, .none))
        #expect(members(loaded.machine) == members(machine))
        Checkpoints(folder: again.path).take(loaded.machine)
        #expect(try sections(of: again.path) == sections(of: now.path))
    }
}

@Suite struct ImageContentsTests {
    @Test func aMachineWithoutAnything() throws {
        let machine = StateMachine(group: "replay", zoneNames: TimeZones.system.names, zone: TimeZones.system.rules)
        machine.commit()
        try expectTheSameFromACheckpoint(of: machine)
    }

    @Test func whatTheLoopHas() throws {
        var loop = LoopFacts()
        loop.eventClock = 17
        let last = JournalRecord.Range(topic: "a", partition: 1, from: 2, to: 4, records: 2, hash: 1 << 63)
        loop.inputs = [
            .init(topic: "a", partition: 1, position: 5, journaled: 4, last: last),
            .init(topic: "b", partition: 0, position: 0, journaled: 0),
        ]
        loop.anchors = [.init(topic: "a", partition: 1, instant: 1_700_000_000_001, offset: 2)]
        loop.barriers = [.init(id: "later", after: ["a": [1: 9, 0: 2]]), .init(id: "ever", after: [:])]
        loop.announced = ["vip": 3]
        loop.owesSnapshots = true
        #expect(try LoopFacts(loop.json) == loop)
        #expect(try LoopFacts(LoopFacts().json) == LoopFacts())
    }

    /// What is longer than a block is cut, and read as one.
    @Test(arguments: [1, ImageWriter.maximumPayloadBytes, ImageWriter.maximumPayloadBytes + 1, 3 * ImageWriter.maximumPayloadBytes])
    func pieces(bytes: Int) throws {
        let folder = TemporaryFolder()
        var store = ImageStore(folder: folder.path, also: nil)
        var writer = try store.begin(ImageHeader(group: "g", sequence: 1, clock: 0, created: 0, program: ""))
        let written = [[UInt8](repeating: 1, count: bytes), [2], [UInt8](repeating: 3, count: bytes)]
        for (number, piece) in written.enumerated() { try writer.append(piece: piece, count: number + 1, to: ImageContents.list(0)) }
        _ = try store.publish(writer, ImageFooter(journalOffset: 0, journalHash: 0, ends: [], fingerprint: ""))
        let image = try #require(try store.newest(knowing: ImageContents.kinds).image)
        var (read, counts) = ([[UInt8]](), [Int]())
        try image.forEachPiece(of: ImageContents.list(0)) { piece, count in
            read.append(Array(piece))
            counts.append(count)
        }
        #expect(read == written && counts == [1, 2, 3])
    }
}
