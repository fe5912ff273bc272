// One run of the simulator: lives of the daemon's own loop over a broker, machines and a time that are simulated, one after the other and,
// when one is paused while another takes over, one within the other; then a life that comes to the end, and one with nothing to do.
import Campaigns
import Daemon
import Wire

/// What a run came to.
struct RunResult {
    var steps: Int
    var lives: Int
    var memberEvents: Int
    /// Answers of committed state.
    var answers: Int
}

final class Run {
    private static let group = "simulated"

    private let course: Course
    private let broker: SimulatedBroker
    private let world: World
    private let machines: [SimulatedMachine]
    private let configuration: Configuration
    private let eventsPerCommit: Int
    private let isSplit: Bool
    private let hasZombies: Bool
    private let faults: Int
    /// Machines whose process is running, or paused.
    private var busy: Set<Int> = []
    private var lives = 0
    private var answers = 0

    init(seed: UInt64, time: SimulatedClocks, isTraced: Bool, isSplit: Bool) {
        time.reset()
        course = Course(seed: seed, time: time, isTraced: isTraced)
        broker = SimulatedBroker(course)
        self.isSplit = isSplit
        let followsWallClock = course.chance(500)
        world = World(broker, course, followsWallClock: followsWallClock)
        hasZombies = course.chance(400)
        machines = (0..<(hasZombies ? 2 : 1)).map { [course] in SimulatedMachine("machine \($0)", course) }
        faults = course.pick([0, 0, 2, 8])
        eventsPerCommit = course.chance(500) ? course.number(1...4) : Limits.eventsPerCommit
        var configuration = Configuration(kafka: [:], data: "/data")
        configuration.group = Run.group
        configuration.clock = followsWallClock ? .wall : .events
        configuration.topics.control = World.control
        configuration.topics.changes = [
            Configuration.ChangeTopic(topic: World.customers, table: "customers"),
            Configuration.ChangeTopic(topic: World.purchases, table: world.isMapped ? "purchases" : nil),
        ]
        configuration.checkpoints.every = .milliseconds(course.pick([20, 500, 5000, 60_000]))
        // A machine that comes back after another went on has an older checkpoint, and needs the journal behind that.
        configuration.checkpoints.trim = machines.count == 1 && course.chance(500)
        configuration.snapshots.every = .milliseconds(course.pick([500, 5000, 3_600_000]))
        self.configuration = configuration
        let topics = Topics(configuration)
        broker.create(topics.journal, partitions: 1)
        for output in OutputTopic.allCases { broker.create(topics.name(output), partitions: course.number(1...3)) }
    }

    var steps: Int { course.steps }

    func go() throws -> RunResult {
        for _ in 0..<course.number(1...6) {
            let isStopped = course.chance(250)
            let machine = course.number(0...machines.count - 1)
            try live(
                on: machine, kill: isStopped ? .never : someKill(),
                rounds: isStopped ? course.number(1...60) : .max, faults: faults)
            if course.chance(500) {
                course.note("the power of machine \(machine) is cut")
                machines[machine].cutPower(course)
            }
        }
        let last = world.finish()
        try live(on: 0, kill: .never, rounds: .max, faults: 0, until: last)
        let before = try checked().memberEvents
        try live(on: 0, kill: .never, rounds: 5, faults: 0)
        let outputs = try checked()
        if configuration.clock == .events, outputs.memberEvents != before {
            throw Difference("a start that has nothing to say says something")
        }
        return RunResult(steps: course.steps, lives: lives, memberEvents: outputs.memberEvents, answers: answers)
    }

    /// Half of them are aimed at what is rare among the calls.
    private func someKill() -> Kill {
        switch course.number(0...3) {
        case 0: Kill(calls: course.number(0...60), kind: .write)
        case 1: Kill(calls: course.number(0...150), kind: .disk)
        default: Kill(calls: course.number(1...course.pick([60, 400, 3000])))
        }
    }

    private func checked() throws -> Outputs {
        broker.settle()
        var outputs = Outputs(broker, world, Topics(configuration), announcesOnce: machines.count == 1)
        try outputs.check()
        return outputs
    }

    /// One process, from its start to its end. `rounds`: after so many rounds of its loop it is told to stop.
    private func live(on machine: Int, kill: Kill, rounds: Int, faults: Int, until barrier: String? = nil) throws {
        lives += 1
        let isLast = barrier != nil
        let process = SimulatedProcess("process \(lives)", course, kill: kill, faults: faults) { [self] in
            world.goOn()
            if hasZombies, !isLast, busy.count == 1, course.chance(1) { overtake(machine) }
        }
        course.note("\(process.name) begins on \(machines[machine].name)")
        busy.insert(machine)
        defer { busy.remove(machine) }
        process.use(machines[machine].disk)
        let asking = Asking(broker, journal: Topics(configuration).journal)
        let surroundings = Surroundings(
            source: SimulatedSource(broker: broker, process: process), files: machines[machine].disk,
            workers: .caller(isFree: { [course] in course.chance(500) }), interface: asking.interface
        ) { [self] topics, _, takeover, ends in
            let sink = try SimulatedSink(broker, process, id: Run.group, topics, takeover, ends)
            return isSplit ? SplitJournalSink(sink) : sink
        }
        var roundsLeft = rounds
        do {
            var lives = Lives(
                configuration, in: surroundings, instance: Instance(name: process.name), eventsPerCommit: eventsPerCommit
            ) { [self] in
                roundsLeft -= 1
                // Not of the course: which seed does what stays as it was.
                if self.lives % 2 == roundsLeft % 2 { asking.ask() }
                return process.isDead || roundsLeft < 0 || barrier.map(isReached) ?? false
            }
            try lives.run()
            course.note("\(process.name) ends: \(process.isDead ? "killed" : "stopped")")
        } catch let failure as DaemonFailure where !process.isDead {
            course.note("\(process.name) ends: \(failure)")
            guard failure.kind == .successor || failure.kind == .unavailable && faults > 0 else { throw failure }
        } catch  where process.isDead {
            course.note("\(process.name) ends: killed")
        }
        if let failure { throw failure }
        answers += asking.answers
        if let mistake = asking.mistake { throw Difference(mistake) }
        if course.steps > Course.maximumSteps { throw Difference("it does not come to an end") }
    }

    /// The process is paused, and another one takes over and goes on for a while.
    private func overtake(_ machine: Int) {
        let other = (machine + 1) % machines.count
        course.note("\(machines[machine].name) is paused")
        do {
            try live(on: other, kill: someKill(), rounds: course.number(1...40), faults: faults)
        } catch {
            failure = failure ?? error
        }
        course.note("\(machines[machine].name) goes on")
    }

    /// What went wrong in a process that took over.
    private var failure: (any Error)?

    private func isReached(_ barrier: String) -> Bool {
        let topic = Topics(configuration).name(.updated)
        return (0..<Int32(broker.partitionCounts[topic]!)).contains { number in
            broker.partition(topic, number)!.entries.suffix(40).contains { entry in
                guard case .record(let record, let transaction) = entry, broker.isSeen(transaction) else { return false }
                return String(decoding: record.value ?? [], as: UTF8.self).contains(#""id":"\#(barrier)""#)
            }
        }
    }
}
