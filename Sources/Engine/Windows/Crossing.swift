// Many rows that windows pass at one instant: a day that ends for all who bought on it. To tell all of them in one commit would hold up
// everybody else's changes for as long as that takes. So the commit at that instant and those behind it tell some each, then compare some
// of the members that were touched, and whatever hangs on these windows waits for the last of them: "it is evaluated whole before its first
// event" (contract §4). Other audiences go on with every commit.
//
// Rows may be told in any order, and whatever happens to them in between: a row that changes is looked at with windows as they are now, and
// told once more later, which moves nothing. What is not there in between is only that what many rows come to is complete. So members that
// hang on it are remembered as they were when it began, and compared when all rows are told; and so are the identities that channels look
// at, which know by themselves who was there. Where more hangs on it (what operators decide, appends, audiences that others read), and
// where identities are of no namespace that a schema names, all rows are told at once.
//
// It keeps: 4 bytes for each row that is not told yet, and of members and contacts what every commit keeps, for longer.
import Campaigns

/// What is under way of a large instant.
struct Crossing: ~Copyable {
    /// Identities that wait for the last row, of audiences or of channels. They are visited in an order that any life of the state has, as
    /// the next commits may be made by the one and repeated by another: by the names of their owners, and by the numbers of identities,
    /// which an image keeps.
    private struct Waiting: ~Copyable {
        /// By the owner's number.
        private var identities = Vector<RowSet>()
        /// The owners that wait, in the order of their names, and the places there, by number.
        private var order: [Int] = []
        private var ranks: [Int?] = []
        /// Where the visit is: everything before is through.
        private var rank = 0
        private var next: Int32 = 0

        init() {}

        /// - Parameters:
        ///   - owners: those that wait, in the order of their names.
        ///   - count: how many owners there are.
        init(_ owners: [Int], of count: Int) {
            order = owners
            ranks = Array(repeating: nil, count: count)
            for (rank, owner) in owners.enumerated() { ranks[owner] = rank }
            for _ in 0..<count { identities.append(RowSet()) }
        }

        @inline(__always)
        func holds(_ owner: Int) -> Bool { owner < ranks.count && ranks[owner] != nil }

        mutating func add(_ owner: Int, _ identity: RowNumber) {
            if !identities[owner].contains(identity) { identities[owner].insert(identity) }
        }

        func isThrough(_ owner: Int, _ identity: RowNumber) -> Bool {
            let of = ranks[owner]!
            return of < rank || of == rank && identity.value < next
        }

        /// The next one; nil: all are through.
        mutating func visit() -> (owner: Int, identity: RowNumber)? {
            while rank < order.count {
                if let identity = identities[order[rank]].first(from: next) {
                    next = identity.value + 1
                    return (order[rank], identity)
                }
                (rank, next) = (rank + 1, 0)
            }
            return nil
        }
    }

    /// Rows that are not told yet, from `next` on; those of each window end at a place.
    private var rows = Vector<RowNumber>()
    private var next = 0
    private var ends: [(window: Number<Window>, end: Int)] = []
    private(set) var isUnderWay = false
    /// All rows are told, and members are compared, then channels look at who waits.
    private var isTold = false
    /// Members that may have changed, as they were when it began, by audience.
    private var waiting = Waiting()
    private var members = TouchedMembers()
    /// What tells the members of an audience from others'.
    private var owners: [UInt32] = []
    /// Those that were touched behind what is compared, or touched again when they were compared, as they were then.
    private var later = TouchedMembers()
    /// The identities that channels look at when all rows are told.
    private var contacts = Waiting()

    /// Whether an audience waits for the last row.
    @inline(__always)
    func holds(_ audience: Int) -> Bool { waiting.holds(audience) }

    /// Whether a channel waits for the last row.
    @inline(__always)
    func holds(_ channel: Number<OpenChannel>) -> Bool { !isTold && contacts.holds(Int(channel.value)) }

    /// - Parameters:
    ///   - audiences: those that wait, in the order of their ids, of so many.
    ///   - channels: the same in the order of their campaigns and activities.
    mutating func begin(holding audiences: [Int], of audienceCount: Int, _ channels: [Int], of channelCount: Int) {
        isUnderWay = true
        waiting = Waiting(audiences, of: audienceCount)
        owners = Array(repeating: 0, count: audienceCount)
        contacts = Waiting(channels, of: channelCount)
    }

    mutating func add(_ row: RowNumber) { rows.append(row) }

    /// The rows that were added since the last call are those that a window has passed.
    mutating func end(of window: Number<Window>) {
        if rows.count > ends.last?.end ?? 0 { ends.append((window, rows.count)) }
    }

    /// The next row that is to be told, and the window that has passed it; nil when all are.
    mutating func nextRow() -> (row: RowNumber, window: Number<Window>)? {
        guard let first = ends.first else { return nil }
        defer {
            next += 1
            if next == first.end { ends.removeFirst() }
        }
        return (rows[next], first.window)
    }

    /// Whether some rows are not told yet.
    var hasRows: Bool { !ends.isEmpty }

    /// Whether a member of an audience that waits was touched before; then this is its cause.
    mutating func isTouched(_ owner: UInt32, of audience: Int, _ identity: RowNumber, _ cause: Cause) -> Bool {
        if members.find(owner, identity, cause) != nil, !waiting.isThrough(audience, identity) { return true }
        return isTold && later.find(owner, identity, cause) != nil
    }

    mutating func add(_ member: TouchedMember, _ owner: UInt32, of audience: Int) {
        if isTold { return later.add(member, owner) }
        members.add(member, owner)
        waiting.add(audience, member.identity)
        owners[audience] = owner
    }

    /// The next member to compare; nil: they are through.
    mutating func nextMember() -> TouchedMember? {
        if !isTold {
            isTold = true
            rows = Vector()
        }
        return waiting.visit().map { audience, identity in members[members.place(owners[audience], identity)!] }
    }

    /// Whether the members are through.
    private(set) var isReleased = false

    /// The members are through, and their audiences go on. Returns those that were touched behind what was compared.
    mutating func releaseMembers() -> TouchedMembers {
        var last = TouchedMembers()
        swap(&last, &later)
        waiting = Waiting()
        members = TouchedMembers()
        isReleased = true
        return last
    }

    mutating func add(_ contact: Contacts.Entry) { contacts.add(Int(contact.channel.value), contact.identity) }

    /// The next identity that a channel looks at; nil: not all rows are told, or all were looked at.
    mutating func nextContact() -> Contacts.Entry? {
        guard isTold else { return nil }
        return contacts.visit().map { Contacts.Entry(channel: Number(Int32($0.owner)), identity: $0.identity) }
    }

    /// Nothing is under way any more.
    mutating func finish() { self = Crossing() }
}

extension Engine {
    /// Whether rows that windows have passed, or members that hang on them, wait for the next commits.
    public var isCrossing: Bool { pending.crossing.isUnderWay }

    /// Whether an audience waits for the last of those.
    func holds(_ audience: Int) -> Bool { pending.crossing.holds(audience) }

    /// Windows have moved: whether the rows that they have passed are told in slices, for which all is prepared then.
    mutating func beginCrossing() -> Bool {
        // What was touched before may be of those who would wait.
        if crossingLimit == .max || pending.hasChanges { return false }
        var (count, terms) = (0, Set<Number<ClockTerm>>())
        for live in 0..<plan.windows.live.count {
            let number = plan.windows.live[live]
            let base = scratch.rows.count
            pushRowsCrossing(number)
            if scratch.rows.count > base { terms.insert(plan.windows[number].term) }
            count += scratch.rows.count - base
            scratch.rows.truncate(to: base)
        }
        guard count > crossingLimit, let hanging = whatHangs(on: terms) else { return false }
        let held = hanging.audiences.indices.filter { hanging.audiences[$0] }.sorted { audiences[$0].id.isBefore(audiences[$1].id) }
        let channels = hanging.channels.indices.filter { hanging.channels[$0] }.map { Number<OpenChannel>(Int32($0)) }.sorted { a, b in
            let (a, b) = (audiences.channels[a].names, audiences.channels[b].names)
            return a.campaign == b.campaign ? a.activity.isBefore(b.activity) : a.campaign.isBefore(b.campaign)
        }
        pending.crossing.begin(
            holding: held, of: audiences.count, channels.map { Int($0.value) }, of: audiences.channels.count)
        return true
    }

    /// Tells the next rows of what is under way; all of them where somebody cannot wait.
    mutating func goOnCrossing() {
        var left = pending.replacements.count > 0 ? .max : crossingLimit
        let cause = pending.cause
        pending.cause = .time
        while left > 0, let (row, window) = pending.crossing.nextRow() {
            tell(row, of: window)
            left -= 1
        }
        pending.cause = cause
    }

    /// Compares the next members of what is under way, once all its rows are told in an earlier commit.
    mutating func compareHeld(into difference: Difference, _ updates: inout [Int: Int]) {
        var left = crossingLimit
        while left > 0, let member = pending.crossing.nextMember() {
            compare(member, into: difference, &updates)
            left -= 1
        }
        // Then there may be more.
        guard left > 0 else { return }
        let last = pending.crossing.releaseMembers()
        for place in 0..<last.count { compare(last[place], into: difference, &updates) }
    }

    /// The audiences of which members may be others by what terms are, and the channels that may send, or send something else, by number.
    /// nil: more hangs on those.
    private func whatHangs(on terms: Set<Number<ClockTerm>>) -> (audiences: [Bool], channels: [Bool])? {
        var search = TermSearch(terms: terms)
        for number in plan.operators.live.all {
            let (condition, nodes) = rowsAndNodes(of: number)
            if let condition, isFound(&search, condition) { return nil }
            if nodes.contains(where: { isFound(&search, $0) }) { return nil }
            guard case .pairs(let pairs, _) = plan.operators[number].kind else { continue }
            if ([plan.pairs[pairs].rowPath, plan.pairs[pairs].linkedPath].compactMap { $0 }).contains(where: { isFound(&search, $0) }) {
                return nil
            }
        }
        var channels = Array(repeating: false, count: audiences.channels.count)
        for campaign in audiences.campaigns.values {
            for channel in campaign.following?.channels.values.sorted() ?? [] {
                let nodes = audiences.channels[channel].nodes + [tables[audiences.channels[channel].link].node!]
                guard isFound(&search, audiences.channels[channel].condition) || nodes.contains(where: { isFound(&search, $0) }) else {
                    continue
                }
                guard hasKeptNumbers(audiences.channels[channel].link) else { return nil }
                channels[Int(channel.value)] = true
            }
        }
        var found = Array(repeating: false, count: audiences.count)
        for open in 0..<audiences.open.count {
            let save = audiences.open[open]
            let nodes = audiences.saves[save].nodes + [tables[audiences.saves[save].link].node!]
            guard isFound(&search, audiences.saves[save].condition) || nodes.contains(where: { isFound(&search, $0) }) else { continue }
            // Members of one that is frozen are found when it is replaced.
            if audiences.saves[save].isFrozen { continue }
            let audience = audiences.saves[save].audience
            if audiences.saves[save].isAppend || audiences.tables[audiences[audience].id]?.isFilled ?? false { return nil }
            guard hasKeptNumbers(audiences.saves[save].link) else { return nil }
            found[audience] = true
        }
        return (found, channels)
    }

    /// Whether an image keeps the numbers of the identities that a link leads to: those of namespaces that columns name. Others are
    /// numbered anew by a start, and slices by their numbers would be others.
    private func hasKeptNumbers(_ link: LinkPlace) -> Bool {
        let target = tables.target(of: link)
        return tables.ofSchemas.contains { table in
            tables[table].columns.numbers.contains { tables[table].columns[$0].target == target }
        }
    }

    private func isFound(_ search: inout TermSearch, _ condition: Number<Condition>) -> Bool {
        // What an operator has decided hangs on what that reads.
        plan.conditions[condition].decidedBy == nil && isFound(&search, plan.conditions[condition].node)
    }

    /// Whether one of the terms is part of a node, wherever links and aggregates lead.
    private func isFound(_ search: inout TermSearch, _ number: NodeNumber) -> Bool {
        if let known = search.found[number] { return known }
        // In a circle it is taken to be there: then one more waits, or nobody.
        search.found[number] = true
        let isThere = isPart(&search, plan.nodes[number])
        search.found[number] = isThere
        return isThere
    }

    private func isPart(_ search: inout TermSearch, _ node: Node) -> Bool {
        switch node.operation {
        case .term:
            return search.terms.contains(node.term) || isFound(&search, plan.terms[node.term].node)
        case .member: return isFound(&search, node.condition)
        case .recordCount: return isFound(&search, plan.gates[node.counter].condition)
        case .follow: return isFound(&search, node.behind) || tables[node.link].node.map { isFound(&search, $0) } ?? false
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return isFound(&search, in: node.accumulator)
        default: return plan.nodes.parts(of: node).contains { isFound(&search, $0) }
        }
    }

    private func isFound(_ search: inout TermSearch, in number: Number<Accumulator>) -> Bool {
        if isFound(&search, plan.accumulators[number].condition) || isFound(&search, plan.accumulators[number].path) { return true }
        if let value = plan.accumulators[number].value, isFound(&search, value) { return true }
        return plan.accumulators[number].inner.map { isFound(&search, in: $0) } ?? false
    }
}

/// A search for terms in what is asked of rows, each node once.
private struct TermSearch {
    let terms: Set<Number<ClockTerm>>
    var found: [NodeNumber: Bool] = [:]
}
