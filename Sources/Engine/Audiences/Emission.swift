// What was decided and is not said yet. "What a commit emits of an audience may be spread over several commits and transactions, whatever
// its cause: it is evaluated whole before its first event, and `complete` is false until the last; audiences with little to say are not
// spread. … whoever reads or merges that audience wait for the last" (contract §4).
//
// A difference in which one audience has too much to say for one commit, or all of them together far too much, is kept, and each commit
// says some of it, in the order of strata: what reads an audience comes behind it; of one stratum those with little to say first, then by
// audience; of one audience by namespace and identity. What later commits decide of a member that waits takes its place, compared with what
// was said of it last: nothing may be left to say. Members that wait for nothing are said at once.
//
// All of it is a function of the differences and of how many events each commit may have: a journal repeats it.
//
// It keeps: 56 bytes and the texts of each member that waits, until all are said. A commit that says nothing more costs nothing.
import Campaigns

/// Spreads what is decided over commits.
public final class Emission {
    /// Members of one audience that wait, in the order in which they are said.
    private struct Run {
        var audience: Int
        var stratum: Int
        /// So many that they are spread.
        var isLarge: Bool
        /// Where they are among all that wait.
        var places: Range<Int>
    }

    /// What an audience waits for.
    private struct Ahead {
        var runs = 0
        /// What its size and rows will have moved by.
        var members = 0
        var rows = 0
        /// Nobody writes it any more.
        var isRetired = false
    }

    /// So many times the limit audiences with little to say may say together: what belongs together is said at once where that can be.
    private static let mostTogether = 8

    private var stock = Difference()
    private var runs: [Run] = []
    private var ahead: [Int: Ahead] = [:]
    /// The first request in the stock that was not said.
    private var nextRequest = 0
    /// Audiences that hang on one that waits.
    private var heldBack: Set<String> = []

    public init() {}

    /// Whether there is something to say yet.
    public var isWaiting: Bool { !runs.isEmpty || nextRequest < stock.requests.count }

    /// Nothing waits any more: the memory of what did goes.
    private func removeAll() {
        stock = Difference()
        runs = []
        ahead = [:]
        nextRequest = 0
        heldBack = []
    }

    /// Takes a commit's difference and leaves in it what the commit says: all of one that is not large, else what waits for nothing, and of
    /// what waits so many members that an audience with little to say is not cut, and no more than `limit` of others, and of requests.
    public func pass(_ difference: Difference, of engine: borrowing Engine, limit: Int) {
        let isLarge =
            difference.requests.count > limit || difference.members.count / Emission.mostTogether > limit
            || difference.updates.contains { $0.entered + $0.updated + $0.exited > limit || engine.holds($0.audience) }
        guard isWaiting || isLarge else { return }
        if isLarge && !isWaiting {
            adopt(difference, engine, limit)
        } else {
            merge(difference, engine, limit, all: isLarge)
        }
        say(in: difference, engine, limit)
        if !isWaiting { removeAll() }
    }

    // What comes in.

    /// All of a difference waits.
    private func adopt(_ difference: Difference, _ engine: borrowing Engine, _ limit: Int) {
        difference.exchangeMembers(with: stock)
        var first = 0
        while first < stock.members.count {
            let audience = stock.members[first].audience
            var end = first + 1
            while end < stock.members.count && stock.members[end].audience == audience { end += 1 }
            queue(first..<end, engine, limit)
            first = end
        }
        arrange(engine)
        retire(difference)
    }

    /// What is said of members that wait takes their places, and what must wait, or `all`, goes behind; the rest stays in the difference.
    private func merge(_ difference: Difference, _ engine: borrowing Engine, _ limit: Int, all: Bool) {
        let arrived = Difference()
        difference.exchangeMembers(with: arrived)
        var first = 0
        while first < arrived.members.count {
            let audience = arrived.members[first].audience
            // Compared once, until nothing is held any more.
            let isHeld = engine.holds(audience)
            let mustWait = all || heldBack.contains(engine.audience(audience).id)
            let start = stock.members.count
            while first < arrived.members.count && arrived.members[first].audience == audience {
                let member = arrived.members[first]
                first += 1
                if !isHeld, replace(member, of: arrived) { continue }
                (mustWait ? stock : difference).append(member, of: arrived)
            }
            if stock.members.count > start { queue(start..<stock.members.count, engine, limit) }
        }
        for request in arrived.requests { stock.append(request, of: arrived) }
        arrange(engine)
        retire(difference)
    }

    /// Members of one audience, which are in order, wait.
    private func queue(_ places: Range<Int>, _ engine: borrowing Engine, _ limit: Int) {
        let audience = stock.members[places.lowerBound].audience
        let stratum = engine.registry.stratum(ofAudience: engine.audience(audience).id)
        for place in places { count(stock.members[place], 1) }
        ahead[audience]!.runs += 1
        runs.append(Run(audience: audience, stratum: stratum, isLarge: places.count > limit, places: places))
    }

    /// Puts the runs into the order in which they are said.
    private func arrange(_ engine: borrowing Engine) {
        let ids = Dictionary(uniqueKeysWithValues: ahead.keys.map { ($0, engine.audience($0).id) })
        runs.sort { a, b in
            if a.stratum != b.stratum { return a.stratum < b.stratum }
            if a.isLarge != b.isLarge { return b.isLarge }
            if a.audience != b.audience { return ids[a.audience]!.isBefore(ids[b.audience]!) }
            return a.places.lowerBound < b.places.lowerBound
        }
        heldBack = engine.registry.audiences(hangingOn: ids.values)
    }

    /// An audience of which something waits is retired behind that.
    private func retire(_ difference: Difference) {
        difference.retired.removeAll { audience in
            if ahead[audience] == nil { return false }
            ahead[audience]!.isRetired = true
            return true
        }
    }

    /// Whether the member waits; then it is what is said now, and what it was is what it was.
    private func replace(_ member: Difference.Member, of arrived: Difference) -> Bool {
        guard ahead[member.audience] != nil, let place = find(member, of: arrived) else { return false }
        count(stock.members[place], -1)
        let start = stock.bytes.count
        arrived.withTexts(of: member) { identity, attributes in
            stock.bytes.append(contentsOf: identity)
            stock.bytes.append(contentsOf: attributes)
        }
        let wasIn = stock.members[place].before.rows > 0
        stock.members[place].become(member, member.rows == 0 ? .exited : wasIn ? .existing : .realized, at: start)
        count(stock.members[place], 1)
        return true
    }

    /// Whether a member that waits is what was said of it last.
    private func isSaid(_ member: Difference.Member) -> Bool {
        if member.rows != member.before.rows { return false }
        return member.rows == 0 || stock.withTexts(of: member) { AttributesHash(of: $1) == member.before.attributes }
    }

    private func find(_ member: Difference.Member, of arrived: Difference) -> Int? {
        let namespace = arrived.namespaces[member.namespace]
        return arrived.withTexts(of: member) { identity, _ in
            for run in runs where run.audience == member.audience {
                var places = run.places
                while !places.isEmpty {
                    let middle = (places.lowerBound + places.upperBound) / 2
                    let order = stock.order(stock.members[middle], namespace, identity)
                    if order == 0 { return middle }
                    places = order < 0 ? middle + 1..<places.upperBound : places.lowerBound..<middle
                }
            }
            return nil
        }
    }

    /// A member comes to those that wait, or goes.
    private func count(_ member: Difference.Member, _ times: Int) {
        let before = member.before.rows
        var counted = ahead[member.audience] ?? Ahead()
        counted.rows += times * (member.rows - Int(before))
        counted.members += times * ((member.rows > 0 ? 1 : 0) - (before > 0 ? 1 : 0))
        ahead[member.audience] = counted
    }

    // What goes out.

    /// Adds what the commit says of what waits, and tells how far its audiences are.
    private func say(in difference: Difference, _ engine: borrowing Engine, _ limit: Int) {
        var room = limit
        var completed: [Int] = []
        var next = 0
        while next < runs.count, room > 0 {
            let run = runs[next]
            if engine.holds(run.audience) {
                next += 1
                continue
            }
            if !run.isLarge && run.places.count > room && room < limit { break }
            let places = run.isLarge ? run.places.prefix(room) : run.places[...]
            for place in places {
                let member = stock.members[place]
                count(member, -1)
                if !isSaid(member) { difference.append(member, of: stock) }
            }
            room -= places.count
            runs[next].places = places.endIndex..<run.places.upperBound
            if !runs[next].places.isEmpty { break }
            runs.remove(at: next)
            ahead[run.audience]!.runs -= 1
            if ahead[run.audience]!.runs == 0 { completed.append(run.audience) }
        }
        for request in stock.requests[nextRequest...].prefix(limit) {
            difference.append(request, of: stock)
            nextRequest += 1
        }
        for audience in completed {
            if ahead[audience]!.isRetired { difference.retired.append(audience) }
            ahead[audience] = nil
        }
        if !completed.isEmpty { arrange(engine) }
        difference.countMembers(completed: completed) { audience in
            ahead[audience].map { (isComplete: false, members: $0.members, rows: $0.rows) } ?? (true, 0, 0)
        }
        difference.sort(engine.audiences)
    }
}

extension Difference {
    /// Exchanges members and requests, with their texts.
    fileprivate func exchangeMembers(with other: Difference) {
        swap(&members, &other.members)
        swap(&namespaces, &other.namespaces)
        swap(&requests, &other.requests)
        swap(&senders, &other.senders)
        swap(&sendersOf, &other.sendersOf)
        swap(&bytes, &other.bytes)
    }

    fileprivate func append(_ member: Member, of other: Difference) {
        let namespace = namespace(other.namespaces[member.namespace])
        other.withTexts(of: member) { identity, attributes in
            append(
                audience: member.audience, namespace: namespace, status: member.status, cause: member.cause, rows: member.rows,
                before: member.before, validUntil: member.validUntil, identity: identity, attributes: attributes)
        }
    }

    fileprivate func append(_ request: Request, of other: Difference) {
        let from = other.senders[request.sender]
        let sender = sender(from.channel, of: from.campaign)
        other.withTexts(of: request) { texts in
            append(sender: sender, identity: texts.identity, address: texts.address, key: texts.key, attributes: texts.attributes)
        }
    }

    /// The order of a member, and of one with a namespace and an identity.
    fileprivate func order(_ member: Member, _ namespace: String, _ identity: UnsafeRawBufferPointer) -> Int {
        let own = namespaces[member.namespace]
        if own != namespace { return own.isBefore(namespace) ? -1 : 1 }
        return withTexts(of: member) { mine, _ in compareBytes(mine, identity) }
    }

    /// Makes the updates say what the members are, and how far each audience is. Those that had an update before keep one, unless what it
    /// was about waits.
    fileprivate func countMembers(completed: [Int], _ ahead: (Int) -> (isComplete: Bool, members: Int, rows: Int)) {
        var counted: [Int: Update] = [:]
        for audience in updates.map(\.audience) + completed where ahead(audience).isComplete {
            counted[audience] = Update(audience: audience)
        }
        for member in members { counted[member.audience, default: Update(audience: member.audience)].count(member.status) }
        updates = counted.values.map { update in
            var update = update
            (update.isComplete, update.membersWaiting, update.rowsWaiting) = ahead(update.audience)
            return update
        }
    }
}
