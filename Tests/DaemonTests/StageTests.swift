// Goal: a stage of the pipeline does every job, in order, takes together what piled up, and after a failure does no more (Stage.swift).
// Method: numbers as jobs, and a gate that holds the stage's thread.
import Glibc
import Synchronization
import Testing

@testable import Daemon
@testable import Kafka

/// What a stage did, and a gate before each of its rounds.
private final class Record: Sendable {
    private let rounds = Mutex<[[Int]]>([])
    private let isOpen: Mutex<Bool>

    init(isOpen: Bool = true) { self.isOpen = Mutex(isOpen) }

    var all: [[Int]] { rounds.withLock { $0 } }

    func open() { isOpen.withLock { $0 = true } }

    func add(_ jobs: [Int]) {
        rounds.withLock { $0.append(jobs) }
        while !isOpen.withLock({ $0 }) { usleep(200) }
    }
}

private struct Broken: Error, Equatable { var job: Int }

@Suite struct StageTests {
    @Test func everyJobIsDoneInOrder() throws {
        let record = Record()
        let stage = Stage<Int> { record.add($0) }
        for number in 0..<1000 { try stage.start(number) }
        try stage.finish()
        #expect(record.all.flatMap { $0 } == Array(0..<1000))
        #expect(stage.isIdle)
        stage.close()
    }

    @Test func whatPilesUpIsTakenTogether() throws {
        let record = Record(isOpen: false)
        let stage = Stage<Int>(maximumWaiting: 3) { record.add($0) }
        try stage.start(0)
        while record.all.isEmpty { usleep(200) }
        for number in 1...3 { try stage.start(number) }
        #expect(!stage.isIdle)
        #expect(record.all == [[0]])
        record.open()
        try stage.finish()
        #expect(record.all == [[0], [1, 2, 3]])
        stage.close()
    }

    /// Who waits for that, and for something else, waits for one signal.
    @Test func itTellsWhenItIsDone() throws {
        let wakeUp = try WakeUp()
        let stage = Stage<Int>(whenDone: wakeUp.signal) { jobs in
            if jobs.contains(1) { throw Broken(job: 1) }
        }
        for job in 0...1 {
            try stage.start(job)
            #expect(wakeUp.wait(timeout: .seconds(60)) && stage.isIdle)
            wakeUp.reset()
        }
        stage.close()
    }

    @Test func afterAFailureNothingIsDone() throws {
        let record = Record()
        let stage = Stage<Int> { jobs in
            record.add(jobs)
            if jobs.contains(1) { throw Broken(job: 1) }
        }
        try stage.start(0)
        try stage.finish()
        try stage.check()
        try stage.start(1)
        #expect(throws: Broken(job: 1)) { try stage.finish() }
        #expect(throws: Broken(job: 1)) { try stage.start(2) }
        #expect(throws: Broken(job: 1)) { try stage.check() }
        #expect(stage.isIdle)
        stage.close()
        #expect(record.all == [[0], [1]])
    }

    /// Without a thread of its own, jobs are done when it is time or when nothing else is left, and fail alike.
    @Test func theCallerDoesTheJobs() throws {
        let record = Record()
        let isFree = Mutex(false)
        let stage = Stage<Int>(maximumWaiting: 2, workers: .caller(isFree: { isFree.withLock { $0 } })) { jobs in
            record.add(jobs)
            if jobs.contains(5) { throw Broken(job: 5) }
        }
        for job in 0...2 { try stage.start(job) }
        #expect(record.all == [[0, 1]] && !stage.isIdle && stage.waitingCount == 1)
        isFree.withLock { $0 = true }
        #expect(stage.isIdle && stage.hasRoom)
        isFree.withLock { $0 = false }
        try stage.start(3)
        try stage.finish()
        #expect(record.all == [[0, 1], [2], [3]])
        for job in 4...5 { try stage.start(job) }
        #expect(throws: Broken(job: 5)) { try stage.finish() }
        #expect(throws: Broken(job: 5)) { try stage.start(6) }
        stage.close()
        #expect(record.all == [[0, 1], [2], [3], [4, 5]])
    }
}
