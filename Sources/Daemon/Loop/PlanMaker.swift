// Makes the plans that are asked for: the loop copies its state, a little between two commits as for a checkpoint, and a thread publishes
// on the copy, explains, and answers. The live state knows nothing of it.
import Campaigns
import Engine
import HTTP
import Kafka
import Storage
import Synchronization

/// The plans of one life of the loop, to which it belongs.
final class PlanMaker {
    private struct Job: Sendable {
        let copy: MachineCopy
        let order: Plans.Order
        let sequence: Int64
        let clock: Int64
        let began: UInt64
        let longestHold: UInt64
    }

    private struct UnderWay {
        var copy: MachineCopy
        let order: Plans.Order
        let sequence: Int64
        let clock: Int64
        let began: UInt64
        /// The longest that the loop was held up by it at once, in nanoseconds.
        var longestHold: UInt64
    }

    /// Set when the loop ends.
    private final class End: Sendable {
        let isThere = Atomic(false)
    }

    private let plans: Plans
    private let maximumKeptBytes: Int
    private let memory: (process: ProcessMemory?, bytes: Int)
    private let stage: Stage<Job>
    private let end = End()
    private var underWay: UnderWay?

    /// Measured for checkpoints: what the plan of a campaign takes beside the rows.
    private static let campaignBytes = 4 << 10
    /// What is held of a member that moves, with its texts.
    private static let memberBytes = 200

    init(_ plans: Plans, _ configuration: Configuration, _ workers: Workers, _ memory: ProcessMemory?) {
        self.plans = plans
        maximumKeptBytes = configuration.memoryBudget.keptRowBytes
        self.memory = (memory, configuration.memoryBytes)
        stage = Stage(workers: workers) { [end] jobs in
            for job in jobs {
                let answer = PlanMaker.answer(job, isWanted: { !end.isThere.load(ordering: .relaxed) })
                // Whoever has the answer may ask for the next at once.
                plans.done()
                job.order.recipient.send(answer)
            }
        }
    }

    /// Whether the state is being copied.
    var isCopying: Bool { underWay != nil }

    /// Whether one may be begun.
    var isAsked: Bool { plans.isAsked }

    /// Begins the plan that is asked for, of a machine whose last commit is acknowledged.
    func begin(_ machine: StateMachine) {
        precondition(underWay == nil && !machine.hasChanges, "one plan at a time, of a commit")
        guard let order = plans.take() else { return }
        let began = monotonicNanoseconds()
        let held = machine.engine.held
        let copied = held.total + held.rows + held.texts + machine.engine.campaigns.count * Self.campaignBytes
        let needed = copied + movedBytes(order, machine)
        do throws(DaemonFailure) {
            try memory.process?.requireRoom(for: needed, of: "a plan", memory: memory.bytes)
        } catch {
            return refuse(order, ProblemDocument(.memoryShort, error.cause, hint: error.hint))
        }
        let copy = MachineCopy(machine)
        underWay = UnderWay(
            copy: copy, order: order, sequence: machine.sequence, clock: machine.engine.clock, began: began,
            longestHold: monotonicNanoseconds() - began)
    }

    /// Time may move everybody: what is held of those who move.
    private func movedBytes(_ order: Plans.Order, _ machine: StateMachine) -> Int {
        guard case .waiting = order.trial else { return 0 }
        return (0..<machine.engine.audienceCount).reduce(0) { $0 + machine.engine.audience($1).size } * Self.memberBytes
    }

    /// Goes on copying for a while, with nothing being applied.
    func goOn(_ machine: StateMachine, until deadline: Deadline) {
        let began = monotonicNanoseconds()
        defer { plans.copied(for: .nanoseconds(Int64(monotonicNanoseconds() - began))) }
        guard let order = underWay?.order else { return }
        if order.recipient.isGone() { return giveUp(machine) }
        if machine.engine.keptBytes > maximumKeptBytes {
            giveUp(
                machine, ProblemDocument(.tooBusy, "too many rows change while the state is copied", hint: "ask again in a quieter minute"))
            return
        }
        repeat {
            guard underWay?.copy.goOn(machine) == false else { continue }
            guard let copied = underWay.take() else { return }
            let job = Job(
                copy: copied.copy, order: order, sequence: copied.sequence, clock: copied.clock, began: copied.began,
                longestHold: max(copied.longestHold, monotonicNanoseconds() - began))
            do { try stage.start(job) } catch { preconditionFailure("making a plan throws nothing: \(error)") }
            return
        } while !deadline.hasPassed
        if let longest = underWay?.longestHold { underWay?.longestHold = max(longest, monotonicNanoseconds() - began) }
    }

    /// Ends what is being copied.
    func giveUp(_ machine: StateMachine) { giveUp(machine, Questions.starting) }

    private func giveUp(_ machine: StateMachine, _ reason: ProblemDocument) {
        guard let given = underWay.take() else { return }
        machine.engine.endCopying()
        refuse(given.order, reason)
    }

    private func refuse(_ order: Plans.Order, _ reason: ProblemDocument) {
        plans.done()
        order.recipient.send(reason.response)
    }

    /// The loop ends: what is being made is given up at its next step.
    func close(_ machine: StateMachine) {
        giveUp(machine)
        end.isThere.store(true, ordering: .relaxed)
        stage.close()
    }

    private static func answer(_ job: Job, isWanted: () -> Bool) -> Response {
        let recipient = job.order.recipient
        var response: Response
        do {
            let isWanted = { isWanted() && !recipient.isGone() }
            switch job.order.trial {
            case .waiting(let milliseconds, let audience):
                guard let outlook = try Outlook(milliseconds, of: audience, on: job.copy, whileWanted: isWanted) else {
                    return Questions.starting.response
                }
                response = Response(json: outlook.json)
            case .publishing(let definitions):
                switch try PlannedCampaigns.outcome(of: definitions, on: job.copy, whileWanted: isWanted) {
                case .planned(let planned): response = Response(json: planned.json)
                case .refused(let problems): response = Resources.invalid(problems, "what was to be planned").response
                case .givenUp: return Questions.starting.response
                }
            }
            if response.status == 200 {
                let milliseconds = (monotonicNanoseconds() - job.began) / 1_000_000
                Log.information(
                    .plan, "a plan was made",
                    [
                        "sequence": String(job.sequence), "duration_ms": String(milliseconds),
                        "longest_hold_microseconds": String(job.longestHold / 1000),
                    ])
            }
        } catch {
            // A copy that cannot be read is a mistake of ours, and no reason to end the daemon.
            return ProblemDocument(.fault, "the plan was not made: \(error)").response
        }
        response.note(sequence: job.sequence, clock: job.clock)
        return response
    }
}
