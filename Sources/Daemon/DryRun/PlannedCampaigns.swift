// What publishing some campaigns would do now (contract §6, `plan`): they are published on a copy of the state, and the copy is dropped.
// Who leaves, enters or changes is asked for the reason on a copy before and on the one after.
import Campaigns
import Engine
import Kafka
import Storage
import Wire

/// A plan, as of a commit.
struct PlannedCampaigns {
    /// One that was planned.
    struct Definition {
        /// Of its canonical JSON.
        let sha256: String
        let warnings: [Problem]
        /// live, scheduled or completed, once it is published.
        let state: String
    }

    /// Why somebody is a member before or after, or is not; and what it carries.
    struct Standing {
        var reason: String?
        /// As a JSON object; nil: it is no member.
        var attributes: [UInt8]?
    }

    /// Somebody who leaves, enters or changes.
    struct Example {
        let member: DryRunEffects.Example
        var now = Standing()
        var then = Standing()
    }

    let sequence: Int64
    let clock: Int64
    let effects: DryRunEffects
    /// By campaign.
    let definitions: [String: Definition]
    /// By audience.
    let examples: [String: [Example]]
    /// By audience.
    let reasons: [String: PlannedReasons]
    /// What publishing took here.
    let duration: Duration

    /// More are not planned together.
    static let mostCampaigns = 100
    /// Of an audience so many that leave, that enter and that change are shown; of many audiences fewer.
    static let mostOfOne = 10
    private static let mostOfAll = 100
}

extension PlannedCampaigns {
    /// What became of the wish for a plan.
    enum Outcome {
        case planned(PlannedCampaigns)
        /// What is against publishing; of several definitions each path begins with the place of its own.
        case refused([Problem])
        /// Nobody wants it any more.
        case givenUp
    }

    /// Makes a plan: about what a start from a checkpoint takes, twice.
    static func outcome(of definitions: [JSON], on copy: MachineCopy, whileWanted isWanted: () -> Bool = { true }) throws -> Outcome {
        guard let machine = try copy.machine(whileWanted: isWanted) else { return .givenUp }
        var run = DryRun(on: machine.engine)
        var planned: [String: Definition] = [:]
        var problems: [Problem] = []
        var nanoseconds: UInt64 = 0
        for (place, definition) in definitions.enumerated() {
            guard isWanted() else { return .givenUp }
            func refuse(_ found: [Problem]) {
                let prefix = definitions.count > 1 ? "[\(place)]" : ""
                problems += found.map { problem in
                    let isWhole = prefix.isEmpty || problem.path.isEmpty
                    return Problem(
                        path: prefix + (isWhole ? "" : ".") + problem.path, message: problem.message, hint: problem.hint)
                }
            }
            do throws(ControlRefusal) {
                let found = try machine.publishable(definition)
                guard planned[found.campaign.id] == nil else {
                    refuse([Problem(path: "id", message: "\(found.campaign.id) stands there before", hint: "plan one version of it")])
                    continue
                }
                let began = monotonicNanoseconds()
                run.publish(found.campaign, zone: found.zone, otherZones: found.otherZones, on: &machine.engine)
                nanoseconds += monotonicNanoseconds() - began
                planned[found.campaign.id] = Definition(
                    sha256: sha256(of: definition), warnings: found.warnings,
                    state: "\(found.campaign.validity(at: machine.engine.clock))")
            } catch {
                refuse(error.problems)
            }
        }
        guard problems.isEmpty else { return .refused(problems) }
        let effects = run.effects(on: &machine.engine, examples: mostOfOne, sample: PlannedReasons.mostAsked)
        guard let (examples, reasons) = try reasons(of: effects.audiences, after: machine, copy, isWanted) else { return .givenUp }
        return .planned(
            PlannedCampaigns(
                sequence: machine.sequence, clock: machine.engine.clock, effects: effects, definitions: planned, examples: examples,
                reasons: reasons, duration: .nanoseconds(Int64(nanoseconds))))
    }

    /// The digest of a definition, however it is written.
    static func sha256(of definition: JSON) -> String {
        var text = JSONText()
        text.append(definition)
        return text.bytes.withUnsafeBytes { Digest.sha256(of: $0) }
    }

    /// The members to be shown, with their reasons, and the reasons of all; nil: nobody wants them any more.
    static func reasons(
        of audiences: [DryRunEffects.Audience], after machine: StateMachine, _ copy: MachineCopy, _ isWanted: () -> Bool
    ) throws -> (examples: [String: [Example]], all: [String: PlannedReasons])? {
        let changed = audiences.filter { !$0.examples.isEmpty }.prefix(mostOfAll)
        if changed.isEmpty { return ([:], [:]) }
        let mostOfStatus = max(1, min(mostOfOne, mostOfAll / changed.count))
        var found: [String: [Example]] = [:]
        for audience in changed {
            for status in [MemberStatus.exited, .realized, .existing] {
                let members = audience.examples.filter { $0.status == status }.prefix(mostOfStatus)
                found[audience.id, default: []] += members.map { Example(member: $0) }
            }
        }
        var reasons: [String: PlannedReasons] = [:]
        guard explain(&found, \.then, machine, isWanted),
            PlannedReasons.ask(&reasons, of: audiences, [.exited], on: machine, whileWanted: isWanted),
            let before = try copy.machine(whileWanted: isWanted), explain(&found, \.now, before, isWanted),
            PlannedReasons.ask(&reasons, of: audiences, [.realized, .existing], on: before, whileWanted: isWanted)
        else { return nil }
        return (found, reasons)
    }

    /// False: nobody wants them any more.
    private static func explain(
        _ examples: inout [String: [Example]], _ standing: WritableKeyPath<Example, Standing>, _ machine: StateMachine,
        _ isWanted: () -> Bool
    ) -> Bool {
        for audience in examples.keys.sorted() {
            guard let number = machine.engine.number(ofAudience: audience) else { continue }
            let members = machine.engine.audience(number).isRetired ? nil : machine.engine.members(of: number)
            for place in examples[audience]!.indices {
                guard isWanted() else { return false }
                let member = examples[audience]![place].member
                let subject = Explained.Subject.identity(namespace: member.namespace, id: String(decoding: member.identity, as: UTF8.self))
                examples[audience]![place][keyPath: standing].reason = machine.explain(subject, in: audience)?.summary
                guard machine.engine.audience(number).namespace == member.namespace else { continue }
                examples[audience]![place][keyPath: standing].attributes = members?.attributes(of: member.identity)
            }
        }
        return true
    }
}
