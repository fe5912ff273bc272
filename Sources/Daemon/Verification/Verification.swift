// `--verify`: the plain evaluator evaluates every live campaign on the tables as they are, and what comes out is compared with what the
// engine holds and with what its events have said. What follows from tables is evaluated anew. What is memory is part of the tables
// (semantics §1), and taken as it is: since when rows wait, the former members of an append, those of a frozen audience, what a campaign
// gives that is stopped, scheduled or completed. Where memory follows from the tables after all, it must do so: who waits, who is there
// for a channel, which alerts are true.
import Campaigns
import Engine
import Oracle

struct Verification {
    private(set) var report = VerificationReport()
    private let written = WrittenMembers()

    /// Evaluates everything as of the commit that has just ended. What is wrong once stays wrong: after a difference nothing more is looked
    /// at.
    mutating func check(_ machine: StateMachine) {
        guard machine.engine.clock != Int64.min, !report.hasDifferences else { return }
        precondition(!machine.hasChanges, "what has changed is committed before it is compared")
        report.checks += 1
        var check = Check(Verification.evaluator(machine), machine, written, report)
        check.evaluateCampaigns()
        check.compareAudiences()
        report = check.report
    }

    /// An evaluator of the engine's tables at its clock.
    private static func evaluator(_ machine: StateMachine) -> Evaluator {
        var tables = ReferenceTables()
        for schema in machine.engine.schemas {
            tables.publish(schema)
            machine.engine.forEachRow(of: schema.name) { _ = tables.upsert($0.map(Datum.init), into: schema.name) }
        }
        let zones = Dictionary(uniqueKeysWithValues: machine.engine.timeZones.map { ($0.name, $0) })
        return Evaluator(tables: tables, clock: machine.engine.clock, zones: zones)
    }
}

/// One commit evaluated anew.
private struct Check {
    /// What campaigns should give to audiences: by audience and campaign.
    private var contributions = Contributions()
    private let evaluator: Evaluator
    private let machine: StateMachine
    private let registry: AudienceRegistry
    private let written: WrittenMembers
    /// Members whose differences were told already.
    private var toldOf: [String: Set<[UInt8]>] = [:]
    private(set) var report: VerificationReport

    init(_ evaluator: Evaluator, _ machine: StateMachine, _ written: WrittenMembers, _ report: VerificationReport) {
        self.evaluator = evaluator
        self.machine = machine
        self.written = written
        self.report = report
        registry = machine.engine.registry
        contributions.registry = registry
        self.report.rows += evaluator.tables.rows.values.reduce(0) { $0 + $1.count }
    }

    // MARK: Campaigns

    /// Those that others read from first.
    mutating func evaluateCampaigns() {
        let states = machine.engine.campaigns.map { ($0, machine.engine.campaign($0)!) }
        let live = states.filter { !$1.isStopped && $1.campaign.validity(at: evaluator.clock) == .live }.map(\.0)
        for (id, state) in states where !live.contains(id) { takeWhatStays(state, of: id) }
        let readers = registry.readersInOrder.filter(live.contains)
        for id in live.filter({ !readers.contains($0) }) + readers { evaluate(machine.engine.campaign(id)!.campaign) }
    }

    /// "Before `startAt` a mirrored audience is empty, the others stay as they are"; all do once it is stopped or over.
    private mutating func takeWhatStays(_ state: CampaignState, of id: String) {
        let isScheduled = !state.isStopped && state.campaign.validity(at: evaluator.clock) == .scheduled
        for save in state.campaign.saves {
            guard let given = machine.engine.given(to: save.audience, by: id) else { continue }
            if isScheduled, save.mode == .mirror {
                compare(given, with: [:], rejected: 0, by: save, of: id)
                continue
            }
            let columns = registry.writers(of: save.audience).first { $0.campaign == id }?.columns ?? [:]
            contributions.add(given.members, written.read(given.members, columns), of: id, to: save.audience)
        }
    }

    private mutating func evaluate(_ campaign: Campaign) {
        report.campaigns += 1
        let held = machine.engine.remembered(by: campaign.id)
        let memory = memory(held, of: campaign)
        let known = contributions
        let evaluation = evaluator.evaluate(campaign, memory, isPublishing: false, audience: { known.members(of: $0) })
        for difference in memory.differences(to: evaluation.memory, of: campaign) {
            let what = difference.what.map { ", \(Self.shown($0))" } ?? ""
            let verdict = difference.isInFirst ? "is remembered, should not be" : "is not remembered, should be"
            report.add("campaign \(campaign.id), activity \(difference.activity)\(what): \(verdict)", at: evaluator.clock)
        }
        for save in campaign.saves {
            let saved = evaluation.saved[save.id]!
            if registry.writers(of: save.audience).contains(where: { $0.campaign == campaign.id }) {
                contributions.add(saved.members, by: save, of: campaign.id)
                let given = machine.engine.given(to: save.audience, by: campaign.id)
                compare(given, with: saved.members, rejected: saved.rejected, by: save, of: campaign.id)
            } else if let added = held.appended[save.id] {
                // Another campaign has the audience; what an append adds is remembered nevertheless.
                compare(added, with: saved.members, by: save, of: campaign.id)
            }
        }
    }

    /// What the engine remembers, for the evaluator to go on with.
    private func memory(_ held: Remembered, of campaign: Campaign) -> CampaignMemory {
        let columns = Dictionary(uniqueKeysWithValues: campaign.saves.map { ($0.id, $0.columns) })
        return CampaignMemory(
            of: campaign, clock: evaluator.clock, waits: held.waits, present: held.present, alerts: held.alerts,
            appended: Dictionary(uniqueKeysWithValues: held.appended.map { ($0, written.read($1, columns[$0]!)) }),
            frozen: Dictionary(
                uniqueKeysWithValues: held.frozen.map { ($0, (members: written.read($1.members, columns[$0]!), published: $1.published)) }))
    }

    // MARK: Members

    private mutating func compare(
        _ given: GivenMembers?, with members: KeptMembers, rejected: Int, by save: SaveAudience, of campaign: String
    ) {
        compare(given?.members, with: members, by: save, of: campaign)
        let found = given?.rejected ?? 0
        guard found != rejected else { return }
        report.add("campaign \(campaign), audience \(save.audience): \(found) rejected, should be \(rejected)", at: evaluator.clock)
    }

    private mutating func compare(_ table: MemberTable?, with members: KeptMembers, by save: SaveAudience, of campaign: String) {
        var held: [[UInt8]: Member] = [:]
        for place in 0..<(table?.count ?? 0) {
            table?.withMember(place) { held[Array($0)] = Member(rows: $1, attributes: Array($2)) }
        }
        let expected = members.mapValues { Member($0, of: save) }
        report.members += expected.count
        compare(held, with: expected, save.namespace, save.audience, of: campaign, isTold: false)
    }

    private mutating func compare(
        _ held: [[UInt8]: Member], with expected: [[UInt8]: Member], _ namespace: String, _ audience: String, of campaign: String,
        isTold: Bool
    ) {
        let identities = Set(held.keys).union(expected.keys).filter { held[$0] != expected[$0] }
        for identity in identities.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard toldOf[audience, default: []].insert(identity).inserted else { continue }
            let who = "campaign \(campaign), audience \(audience), \(namespace) \(Self.shown(identity))"
            let verdict = "\(isTold ? "was told as" : "is") \(Self.text(held[identity])), should be \(Self.text(expected[identity]))"
            report.add("\(who): \(verdict)", at: evaluator.clock)
        }
    }

    /// Audiences as a whole: what was told of them, and how large they are said to be.
    mutating func compareAudiences() {
        for number in 0..<machine.engine.audienceCount {
            let state = machine.engine.audience(number)
            let expected = contributions.told(of: state.id)
            report.audiences += 1
            if let told = machine.told?[state.id] {
                var own: [[UInt8]: Member] = [:]
                for (person, member) in told where person.namespace == state.namespace { own[person.identity] = member }
                compare(own, with: expected, state.namespace, state.id, of: state.campaign, isTold: true)
                for person in told.keys where person.namespace != state.namespace {
                    let who = "campaign \(state.campaign), audience \(state.id), \(person.namespace) \(Self.shown(person.identity))"
                    report.add("\(who): was told as in, should be out", at: evaluator.clock)
                }
            }
            let rows = expected.values.reduce(0) { $0 + $1.rows }
            guard toldOf[state.id] == nil, state.size != expected.count || state.rows != rows else { continue }
            let verdict = "\(state.size) members, \(state.rows) rows, should be \(expected.count) and \(rows)"
            report.add("campaign \(state.campaign), audience \(state.id): \(verdict)", at: evaluator.clock)
        }
    }

    private static func shown(_ text: [UInt8]) -> String { "'\(String(decoding: text, as: UTF8.self))'" }

    private static func text(_ member: Member?) -> String {
        guard let member else { return "out" }
        return "\(member.rows) \(member.rows == 1 ? "row" : "rows") with \(String(decoding: member.attributes, as: UTF8.self))"
    }
}

/// What campaigns give to audiences: "the union, `rows` the sum, attributes from the campaign published first".
private struct Contributions: Sendable {
    var registry = AudienceRegistry()
    /// By audience and campaign, as values and as they are told.
    private var held: [String: [String: (kept: KeptMembers, told: [[UInt8]: Member])]] = [:]

    /// What a campaign gives that is evaluated.
    mutating func add(_ members: KeptMembers, by save: SaveAudience, of campaign: String) {
        held[save.audience, default: [:]][campaign] = (members, members.mapValues { Member($0, of: save) })
    }

    /// What stays as it is written.
    mutating func add(_ table: MemberTable, _ members: KeptMembers, of campaign: String, to audience: String) {
        var told: [[UInt8]: Member] = [:]
        for place in 0..<table.count { table.withMember(place) { told[Array($0)] = Member(rows: $1, attributes: Array($2)) } }
        held[audience, default: [:]][campaign] = (members, told)
    }

    /// The members of an audience for those who read it.
    func members(of audience: String) -> KeptMembers {
        inOrder(audience).reduce(into: [:]) { members, given in
            members.merge(given.kept) { KeptMember(rows: $0.rows + $1.rows, values: $0.values) }
        }
    }

    /// The members of an audience as they should be told.
    func told(of audience: String) -> [[UInt8]: Member] {
        inOrder(audience).reduce(into: [:]) { members, given in
            members.merge(given.told) { Member(rows: $0.rows + $1.rows, attributes: $0.attributes) }
        }
    }

    /// Of the campaign published first first.
    private func inOrder(_ audience: String) -> [(kept: KeptMembers, told: [[UInt8]: Member])] {
        registry.writers(of: audience).compactMap { held[audience]?[$0.campaign] }
    }
}
