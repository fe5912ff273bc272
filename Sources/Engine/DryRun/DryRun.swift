// A dry run: campaigns are published on a copy of an engine (EngineCopy.swift), one after the other, as one would publish them now, or
// time passes there; and what that changes is counted. Nothing is estimated but what later changes cost: members, transitions, requests and
// alerts are those of the publish itself.
public import Campaigns

/// What publishing some campaigns does, on an engine of which nobody is told.
public struct DryRun {
    private let before: [DryRunEffects.Figures]
    private let readersBefore: [String: Int]
    private let emission = Emission()
    private var published: [String: DryRunEffects.Published] = [:]
    private var written: Set<Int> = []
    private var alerts: [Difference.Alert] = []
    private var (addedBytes, rowsVisited) = (0, 0)

    /// What members of a difference are counted by.
    private struct ChangeKind: Hashable {
        let audience: Int
        let status: MemberStatus

        init(_ member: Difference.Member) { (audience, status) = (member.audience, member.status) }
    }

    /// Begins one on a copy of an engine.
    public init(on engine: borrowing Engine) {
        before = (0..<engine.audienceCount).map { DryRunEffects.Figures(engine.audience($0)) }
        readersBefore = engine.readers
    }

    /// Publishes a campaign against which nothing is (`Engine.problems`), as `Engine.publish` takes it. Returns the version that it gets.
    @discardableResult
    public mutating func publish(
        _ campaign: Campaign, zone: TimeZoneRules, otherZones: [TimeZoneRules], on engine: inout Engine
    ) -> Int {
        if published[campaign.id] == nil {
            published[campaign.id] = DryRunEffects.Published(
                campaign: campaign.id, versionBefore: engine.campaign(campaign.id)?.version,
                transitionsBefore: engine.transitionCounts(of: campaign.id))
        }
        written.formUnion(engine.audiences(of: campaign.id))
        let difference = Difference()
        let (heldBefore, visitedBefore) = (engine.held.total, engine.statistics.rowsVisitedByPublish)
        let version = engine.publish(campaign, zone: zone, otherZones: otherZones, into: difference)
        addedBytes += engine.held.total - heldBefore
        rowsVisited += engine.statistics.rowsVisitedByPublish - visitedBefore
        written.formUnion(engine.audiences(of: campaign.id))
        alerts += difference.alerts
        // All of it waits, and what the next publish says takes its place.
        emission.pass(difference, of: engine, limit: 0)
        published[campaign.id]!.version = version
        return version
    }

    /// Lets time pass, with nothing written, to an instant in milliseconds since the Unix epoch.
    /// Returns whether it came there: nobody wanted to know any more.
    public mutating func wait(until instant: Int64, on engine: inout Engine, whileWanted isWanted: () -> Bool) -> Bool {
        let difference = Difference()
        engine.crossingLimit = .max
        for stop in engine.commitInstants(until: instant) + [instant] {
            guard isWanted() else { return false }
            engine.advance(to: stop)
            engine.commit(into: difference)
            alerts += difference.alerts
            emission.pass(difference, of: engine, limit: 0)
        }
        return true
    }

    /// What all publishes, and the time that passed, have changed together. `examples`: so many members of each audience that leave, that
    /// enter and that change are named, the first by their identities. `sample`: so many of all audiences are named besides, of each
    /// audience and status as many.
    public consuming func effects(on engine: inout Engine, examples most: Int, sample: Int) -> DryRunEffects {
        let net = Difference()
        emission.pass(net, of: engine, limit: .max)
        var changed: [Int: DryRunEffects.Audience] = [:]
        for number in written.union(net.updates.map(\.audience)) {
            let state = engine.audience(number)
            changed[number] = DryRunEffects.Audience(
                number: number, isWritten: written.contains(number), before: number < before.count ? before[number] : nil,
                after: DryRunEffects.Figures(state), state: state)
        }
        var counts: [ChangeKind: Int] = [:]
        for member in net.members { counts[ChangeKind(member), default: 0] += 1 }
        let mostOfSample = max(1, sample / max(1, counts.count))
        for member in net.members {
            changed[member.audience]!.note(
                member, of: counts[ChangeKind(member)]!, in: net, examples: most, sample: mostOfSample)
        }
        var requests: [DryRunEffects.Requests] = []
        for request in net.requests {
            let sender = net.senders[request.sender]
            if requests.last?.sender != sender { requests.append(DryRunEffects.Requests(sender: sender)) }
            requests[requests.count - 1].count += 1
        }
        for id in published.keys { published[id]!.transitionsAfter = engine.transitionCounts(of: id) }
        let readers = engine.readers
        return DryRunEffects(
            campaigns: published.values.sorted { $0.campaign.isBefore($1.campaign) },
            audiences: changed.values.sorted { $0.isWritten == $1.isWritten ? $0.id.isBefore($1.id) : $0.isWritten }, requests: requests,
            alerts: alerts,
            rowsVisited: rowsVisited, addedBytes: addedBytes,
            tables: engine.schemas.map { schema in
                DryRunEffects.Table(
                    schema: schema.name, readersBefore: readersBefore[schema.name] ?? 0, readersAfter: readers[schema.name] ?? 0)
            })
    }
}

extension Engine {
    /// How many parts of the plan read rows of each schema: columns, states and links, each counted once for each part that asks for it.
    var readers: [String: Int] {
        let published = tables.all.filter { tables.find(tables[$0].schema.name) == $0 }
        return Dictionary(
            uniqueKeysWithValues: published.map { (tables[$0].schema.name, tables[$0].reads.total + tables[$0].takerReads.total) })
    }
}
