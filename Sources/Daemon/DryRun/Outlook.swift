// What time alone will have done to an audience by a later instant: on a copy of the state the clock moves there, with nothing written, and
// the copy is dropped. Nothing is estimated: windows, waits, ends of campaigns, ranks and duplicates are decided as they will be then.
//
//   {"audience", "label", "sequence", "clock", "until", "now": {"members", "rows", "rejected"}, "then": the same,
//    "entered", "updated", "left", "asked", "reasons", "examples": as those of a plan (PlannedJSON.swift)}
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
        var run = DryRun(on: machine.engine)
        run.wait(until: until, on: &machine.engine)
        let effects = run.effects(on: &machine.engine, examples: PlannedCampaigns.mostOfOne, sample: PlannedReasons.mostAsked)
        change = effects.audiences.first { $0.number == number }
        let found = try PlannedCampaigns.reasons(of: change.map { [$0] } ?? [], after: machine, copy, isWanted)
        guard let found else { return nil }
        (examples, reasons) = (found.examples[audience], found.all[audience])
    }

    /// The whole of it.
    var json: JSON {
        let members = [
            JSON.Member("audience", .string(id)), JSON.Member("label", .string(label)), JSON.Member("sequence", .integer(sequence)),
            JSON.Member("clock", .instant(clock)), JSON.Member("until", .instant(until)), JSON.Member("now", now.json),
            JSON.Member("then", (change?.after ?? now).json), JSON.Member("entered", .integer(Int64(change?.entered ?? 0))),
            JSON.Member("updated", .integer(Int64(change?.updated ?? 0))), JSON.Member("left", .integer(Int64(change?.exited ?? 0))),
        ]
        return .object(members + PlannedCampaigns.told(reasons, examples))
    }
}
