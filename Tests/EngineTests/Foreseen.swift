// What a dry run says of a publish, beside what that then does: every figure but what it costs must be the same, and the engine that was
// copied as if nobody had asked.
import Campaigns

@testable import Engine

struct Foreseen {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let effects: DryRunEffects
    private let version: Int

    /// Makes dry runs of a campaign, and of another one behind it.
    init(_ campaign: Campaign, then other: Campaign?, in engine: inout Engine) throws {
        let copy = Foreseen.copy(of: &engine)
        let held = engine.held
        guard var run = try copy.engine() else { throw Failure(description: "nobody gave it up") }
        (effects, version) = Foreseen.run([campaign], on: &run)
        if let other, try copy.engine()?.problems(of: other).isEmpty == true {
            try Foreseen.check([campaign, other], copy)
        }
        guard engine.held == held, try Foreseen.bytes(Foreseen.copy(of: &engine)) == Foreseen.bytes(copy) else {
            throw Failure(description: "a dry run leaves a trace")
        }
    }

    private static func copy(of engine: inout Engine) -> EngineCopy {
        let facts = engine.facts()
        var copy = EngineCopy(facts, of: &engine)
        while copy.goOn(&engine) {}
        return copy
    }

    /// What an engine that is made from it tells of itself.
    private static func bytes(_ copy: EngineCopy) throws -> [String: [[UInt8]]] {
        guard var engine = try copy.engine() else { return [:] }
        var found: [String: [[UInt8]]] = ["": [Array("\(engine.clock) \(copy.byteCount)".utf8)]]
        for number in 0..<engine.audienceCount {
            let members = engine.members(of: number)
            found[engine.audience(number).id] = (0..<members.count).flatMap { place in
                members.withMember(place) { [Array($0), Array("\($1)".utf8), Array($2)] }
            }
        }
        return found
    }

    private static func run(_ campaigns: [Campaign], on engine: inout Engine) -> (effects: DryRunEffects, version: Int) {
        var run = DryRun(on: engine)
        var version = 0
        for campaign in campaigns where engine.problems(of: campaign).isEmpty {
            version = run.publish(
                campaign, zone: Zones.rules[campaign.timezone]!, otherZones: Array(Zones.rules.values), on: &engine)
        }
        return (run.effects(on: &engine, examples: 2, sample: 6), version)
    }

    // MARK: One

    /// What the effects say otherwise than a publish; nil when nothing.
    func mistake(beside difference: Difference, of engine: inout Engine) -> String? {
        if effects.campaigns.map(\.version) != [version] { return "of another version" }
        if effects.alerts != difference.alerts { return "alerts \(effects.alerts), not \(difference.alerts)" }
        let requests = Dictionary(grouping: difference.requests, by: \.sender).sorted { $0.value[0].sender < $1.value[0].sender }
        let sent = requests.map { "\(difference.senders[$0.key].campaign) \(difference.senders[$0.key].channel.id) \($0.value.count)" }
        let foreseen = effects.requests.map { "\($0.sender.campaign) \($0.sender.channel.id) \($0.count)" }
        if foreseen.sorted() != sent.sorted() { return "requests \(foreseen), not \(sent)" }
        var expected = difference.updates.reduce(into: [:]) { $0[engine.audience($1.audience).id] = [$1.entered, $1.updated, $1.exited] }
        for audience in effects.audiences {
            let counts = expected.removeValue(forKey: audience.id) ?? [0, 0, 0]
            let told = [audience.entered, audience.updated, audience.exited]
            if told != counts { return "\(audience.id): foreseen \(told), published \(counts)" }
            let state = engine.audience(audience.number)
            let (after, before) = (audience.after, audience.before?.members ?? 0)
            guard state.id == audience.id, after.members == state.size, after.rows == state.rows, after.rejected == state.rejected,
                after.isRetired == state.isRetired, after.members == before + audience.entered - audience.exited
            else { return "\(audience.id): foreseen \(after) after \(before), published \(state.size), \(state.rows), \(state.rejected)" }
            if let mistake = Foreseen.mistake(in: audience, beside: difference, of: engine) { return mistake }
        }
        if !expected.isEmpty { return "not foreseen: \(expected)" }
        for campaign in effects.campaigns {
            let counts = engine.transitionCounts(of: campaign.campaign)
            if campaign.transitionsAfter != counts { return "transitions foreseen \(campaign.transitionsAfter), published \(counts)" }
            // Counted a few places at a time it comes to the same.
            var tally = TransitionTally()
            while !engine.count(&tally, of: campaign.campaign, visiting: 3) {}
            if tally.counts != counts { return "transitions counted in slices \(tally.counts), at once \(counts)" }
            for (transition, count) in counts {
                let rows = Foreseen.rowCount(at: transition, of: campaign.campaign, in: &engine)
                if rows != count.rows { return "\(rows.map(String.init) ?? "no") rows shown at \(transition), \(count.rows) counted" }
            }
        }
        return sampleMistake
    }

    /// Of each audience and status as many are asked for their reasons, those spread evenly.
    private var sampleMistake: String? {
        let counts = effects.audiences.flatMap { audience in
            [
                (audience, MemberStatus.exited, audience.exited), (audience, .realized, audience.entered),
                (audience, .existing, audience.updated),
            ]
        }.filter { $0.2 > 0 }
        let most = max(1, 6 / max(1, counts.count))
        for (audience, status, count) in counts {
            let sample = audience.sample.filter { $0.status == status }
            if sample.count != min(most, count) {
                return "\(audience.id): \(sample.count) \(status) in the sample, not \(min(most, count))"
            }
            if Set(sample.map(\.identity)).count != sample.count { return "\(audience.id): somebody twice in the sample" }
        }
        return nil
    }

    /// How many rows a transition has, looked at a few places at a time.
    private static func rowCount(at transition: Transition, of campaign: String, in engine: inout Engine) -> Int? {
        var (found, place) = (0, 0)
        while let rows = engine.rows(at: transition, of: campaign, from: place, most: 1000, visiting: 4) {
            found += rows.places.count
            guard let next = rows.next else { return found }
            place = next
        }
        return nil
    }

    /// The examples are the first of each status.
    private static func mistake(
        in audience: DryRunEffects.Audience, beside difference: Difference, of engine: borrowing Engine
    ) -> String? {
        var expected: [DryRunEffects.Example] = []
        for status in [MemberStatus.exited, .realized, .existing] {
            let members = difference.members.filter { $0.audience == audience.number && $0.status == status }
            expected += members.prefix(2).map { member in
                difference.withTexts(of: member) { identity, attributes in
                    DryRunEffects.Example(
                        status: status, namespace: difference.namespaces[member.namespace], identity: Array(identity), rows: member.rows,
                        attributes: Array(attributes))
                }
            }
        }
        return audience.examples == expected ? nil : "\(audience.id): examples \(audience.examples), not \(expected)"
    }

    // MARK: Several

    private struct Member: Equatable {
        var rows: Int
        var attributes: [UInt8]
    }

    /// Of several that are published together it is told what audiences have after the last otherwise than before the first.
    private static func check(_ campaigns: [Campaign], _ copy: EngineCopy) throws {
        guard var before = try copy.engine(), var after = try copy.engine() else { throw Failure(description: "nobody gave it up") }
        let (effects, _) = run(campaigns, on: &after)
        var told = effects.audiences.reduce(into: [:]) { $0[$1.id] = [$1.entered, $1.updated, $1.exited] }
        for number in 0..<after.audienceCount {
            let id = after.audience(number).id
            let then = members(of: number, in: &after)
            let now = number < before.audienceCount ? members(of: number, in: &before) : [:]
            let counts = [
                then.keys.count { now[$0] == nil }, then.keys.count { now[$0] != nil && now[$0] != then[$0] },
                now.keys.count { then[$0] == nil },
            ]
            let found = told.removeValue(forKey: id) ?? [0, 0, 0]
            if found != counts { throw Failure(description: "\(id): several are foreseen to change \(found), and change \(counts)") }
        }
        if !told.isEmpty { throw Failure(description: "audiences \(told) are none") }
    }

    private static func members(of number: Int, in engine: inout Engine) -> [[UInt8]: Member] {
        let table = engine.members(of: number)
        let namespace = Array(engine.audience(number).namespace.utf8)
        return (0..<table.count).reduce(into: [:]) { found, place in
            table.withMember(place) { found[namespace + [0] + $0] = Member(rows: $1, attributes: Array($2)) }
        }
    }
}
