// What time alone will have done to an audience by a later instant: on a copy of the state the clock moves there, with nothing written, and
// the copy is dropped. Nothing is estimated: windows, ends of campaigns, ranks and duplicates are decided as they will be then, and who is
// in other than now is counted. What is remembered of the moments in between (waits, appends, audiences that are replaced) hangs on each of
// them: of an audience to which such a thing leads, it is said that it cannot be told.
//
//   {"audience", "label", "sequence", "clock", "until", "now": {"members", "rows", "rejected"}, "then": the same,
//    "entered", "updated", "left", "asked", "reasons", "examples": as those of a plan (PlannedJSON.swift)}
//   or {"audience", "label", "sequence", "clock", "until", "now", "unknown": why}
import Campaigns
import Engine

/// An outlook, as of a commit.
struct Outlook {
    private let id: String
    private let label: String
    private let sequence: Int64
    private let clock: Int64
    private let until: Int64
    private let now: DryRunEffects.Figures
    /// Why it cannot be told.
    private let unknown: String?
    /// nil: nothing will be otherwise.
    private let change: DryRunEffects.Audience?
    private let reasons: PlannedReasons?
    private let examples: [PlannedCampaigns.Example]?

    /// Looks ahead: about what a start from a checkpoint takes, twice. nil: nobody wants it any more, or the audience is not there.
    init?(_ milliseconds: Int64, of audience: String, on copy: MachineCopy, whileWanted isWanted: () -> Bool = { true }) throws {
        guard let machine = try copy.machine(whileWanted: isWanted), let number = machine.engine.number(ofAudience: audience),
            machine.engine.clock != .min
        else { return nil }
        let state = machine.engine.audience(number)
        (id, label, sequence, clock) = (state.id, state.label, machine.sequence, machine.engine.clock)
        now = DryRunEffects.Figures(state)
        until = clock + milliseconds
        unknown = Self.memory(of: audience, in: machine)
        if unknown != nil {
            (change, reasons, examples) = (nil, nil, nil)
            return
        }
        var run = DryRun(on: machine.engine)
        guard run.wait(until: until, on: &machine.engine, whileWanted: isWanted) else { return nil }
        let effects = run.effects(on: &machine.engine, examples: PlannedCampaigns.mostOfOne, sample: PlannedReasons.mostAsked)
        change = effects.audiences.first { $0.number == number }
        let found = try PlannedCampaigns.reasons(of: change.map { [$0] } ?? [], after: machine, copy, isWanted)
        guard let found else { return nil }
        (examples, reasons) = (found.examples[audience], found.all[audience])
    }

    /// What is remembered on the way to an audience, over those that are read for it; nil: nothing.
    private static func memory(of audience: String, in machine: StateMachine) -> String? {
        let campaigns = machine.engine.campaigns.compactMap { machine.engine.campaign($0)?.campaign }
        var (open, seen) = ([audience], Set([audience]))
        while let next = open.popLast() {
            for campaign in campaigns where campaign.saves.contains(where: { $0.audience == next }) {
                for activity in campaign.activities {
                    switch activity {
                    case .wait(let wait): return "\(wait.id) of \(campaign.id) lets rows through in between"
                    case .save(let save) where save.audience == next && save.mode != .mirror:
                        return "\(next) keeps who was in it in between"
                    case .read(let read): if seen.insert(read.audience).inserted { open.append(read.audience) }
                    default: continue
                    }
                }
            }
        }
        return nil
    }

    /// The whole of it.
    var json: JSON {
        let head = [
            JSON.Member("audience", .string(id)), JSON.Member("label", .string(label)), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("clock", .instant(clock)), JSON.Member("until", .instant(until)), JSON.Member("now", now.json),
        ]
        if let unknown { return .object(head + [JSON.Member("unknown", .string(unknown))]) }
        let members = [
            JSON.Member("then", (change?.after ?? now).json), JSON.Member("entered", .integer(Int64(change?.entered ?? 0))),
            JSON.Member("updated", .integer(Int64(change?.updated ?? 0))), JSON.Member("left", .integer(Int64(change?.exited ?? 0))),
        ]
        return .object(head + members + PlannedCampaigns.told(reasons, examples))
    }
}
