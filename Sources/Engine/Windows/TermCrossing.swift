// When the clock will bring a term to a place in the order of moments. Most terms stand as far behind the clock then as they do now; others
// are looked for. Terms go forward, but around a change of the zone's offset an hour may come again, and where months have different
// lengths, days: there it is found piece by piece, down to quarters of an hour, since offsets change at none but those.
import Campaigns

/// From an instant on a term is before a place, at it, or behind it.
struct TermStep: BitwiseCopyable {
    var instant: Int64
    /// The place beside the term: positive while the term is before it.
    var order: Int
}

/// From an instant on a term stands at a place, or goes on from there as the clock goes.
struct TermPiece: BitwiseCopyable {
    var instant: Int64
    var place: Int64
    var moves: Bool
}

/// Days in which the pieces of a term were found.
struct TermStretch: Hashable {
    var term: Number<ClockTerm>
    /// Counted in the days that windows go back by.
    var days: Int64
}

extension Engine {
    /// The last instant that has a date: the end of the year 9999.
    private static let horizon: Int64 = 253_402_300_799_999
    /// Windows go back by no more (WindowOrders.swift).
    private static let slack: Int64 = 5 * 86_400_000
    private static let halfDay: Int64 = 43_200_000
    private static let quarterHour: Int64 = 900_000
    /// Stretches of days that are looked at closely in one commit: about 0.1 ms each.
    private static let mostStretches = 512

    /// Puts what a term will be beside a place, from the clock on, on the stack of term steps. False when that is not known.
    mutating func pushSteps(of term: Number<ClockTerm>, beside key: Int64) -> Bool {
        guard let now = plan.terms[term].key else { return false }
        let isInstant = plan.terms[term].value.kind == .instant
        guard isInstant || plan.terms[term].value.kind == .date else { return false }
        let order = key < now ? -1 : key > now ? 1 : 0
        scratch.termSteps.append(TermStep(instant: clock, order: order))
        if isInstant, isShift(term) {
            if order > 0 { appendStep(clock + (key - now), 0) }
            if order >= 0 { appendStep(clock + (key - now) + 1, -1) }
            return true
        }
        // What it has passed comes again only if that was a little while ago.
        let unit: Int64 = isInstant ? 1 : 86_400_000
        let behind = (now - min(key, now)).multipliedReportingOverflow(by: unit)
        if order < 0, behind.overflow || behind.partialValue > Engine.slack || isRegular(term, around: clock, isInstant) { return true }
        let arrival = order > 0 ? firstInstant(of: term, from: clock, reaching: key, guess: isInstant ? clock + (key - now) : nil) : clock
        guard let arrival else { return true }
        guard isRegular(term, around: arrival, isInstant) else { return lookClosely(at: term, beside: key, around: arrival) }
        if order > 0 {
            guard let place = place(of: term, at: arrival) else { return false }
            appendStep(arrival, place == key ? 0 : -1)
            if place > key { return true }
        }
        guard let next = firstInstant(of: term, from: arrival, reaching: key + 1, guess: isInstant ? arrival + 1 : nil) else { return true }
        appendStep(next, -1)
        return true
    }

    private mutating func appendStep(_ instant: Int64, _ order: Int) {
        if instant <= Engine.horizon { scratch.termSteps.append(TermStep(instant: instant, order: order)) }
    }

    /// Whether a term stands always as far behind the clock.
    private func isShift(_ term: Number<ClockTerm>) -> Bool {
        let node = plan.nodes[plan.terms[term].node]
        guard node.operation == .clock, let unit = CalendarUnit(rawValue: node.detail) else { return false }
        switch unit {
        case .seconds, .minutes, .hours: return true
        case .days: return zones[Int(node.b)].isFixed
        case .months, .years: return false
        }
    }

    /// Where a term is at an instant that the clock has not come to; nil where it is nowhere.
    private mutating func place(of term: Number<ClockTerm>, at instant: Int64) -> Int64? {
        let now = clock
        clock = instant
        plan.terms.isAside = true
        plan.found.noteMove()
        let value = value(ofRowless: plan.terms[term].node)
        plan.found.noteMove()
        plan.terms.isAside = false
        clock = now
        return value.sortKey
    }

    /// The first instant, not before another, at which a term has come to a place; nil: never. Right where it does not go back.
    private mutating func firstInstant(of term: Number<ClockTerm>, from start: Int64, reaching key: Int64, guess: Int64?) -> Int64? {
        // Behind the last year it is nowhere.
        func isReached(_ engine: inout Engine, _ instant: Int64) -> Bool {
            engine.place(of: term, at: instant).map { $0 >= key } ?? true
        }
        if let guess, guess > start, guess <= Engine.horizon, isReached(&self, guess), !isReached(&self, guess - 1) { return guess }
        guard isReached(&self, Engine.horizon) else { return nil }
        var (before, after) = (start, Engine.horizon)
        while before + 1 < after {
            let middle = before + (after - before) / 2
            if isReached(&self, middle) { after = middle } else { before = middle }
        }
        guard place(of: term, at: after) != nil else { return nil }
        return after
    }

    /// Whether a term goes as the clock goes in the days around an instant: no offset changes, and no month is of another length.
    private mutating func isRegular(_ term: Number<ClockTerm>, around instant: Int64, _ isInstant: Bool) -> Bool {
        let (before, after) = (instant - Engine.slack, min(instant + Engine.slack, Engine.horizon))
        if !isSteady(plan.terms[term].node, before, after) { return false }
        guard isInstant else { return true }
        guard let first = place(of: term, at: before), let last = place(of: term, at: after) else { return false }
        return last - first == after - before
    }

    /// Whether the offsets of all zones that a node of the clock names are the same at two instants.
    private func isSteady(_ number: NodeNumber, _ a: Int64, _ b: Int64) -> Bool {
        let node = plan.nodes[number]
        switch node.operation {
        case .term: return isSteady(plan.terms[node.term].node, a, b)
        case .clock, .ageThreshold, .midnight, .call:
            if zones[Int(node.b)].offset(at: a) != zones[Int(node.b)].offset(at: b) { return false }
        default: break
        }
        return plan.nodes.parts(of: node).allSatisfy { isSteady($0, a, b) }
    }

    // Where it goes back.

    /// All steps in the days around an instant.
    private mutating func lookClosely(at term: Number<ClockTerm>, beside key: Int64, around instant: Int64) -> Bool {
        guard let pieces = pieces(of: term, around: instant) else { return false }
        let (from, end) = (max(clock, instant - Engine.slack), min(instant + Engine.slack, Engine.horizon))
        for number in pieces {
            let piece = scratch.termPieces[number]
            let next = number + 1 < pieces.upperBound ? scratch.termPieces[number + 1].instant : end
            let (first, last) = (max(piece.instant, from), min(next, end))
            guard first < last else { continue }
            let place = piece.moves ? piece.place + (first - piece.instant) : piece.place
            note(key < place ? -1 : key > place ? 1 : 0, at: first)
            guard piece.moves, key >= place else { continue }
            if key > place, key - place < last - first { note(0, at: first + (key - place)) }
            if key - place + 1 < last - first { note(-1, at: first + (key - place) + 1) }
        }
        return true
    }

    private mutating func note(_ order: Int, at instant: Int64) {
        if scratch.termSteps[scratch.termSteps.count - 1].order != order { appendStep(instant, order) }
    }

    /// The places of a term's pieces in the days around an instant, found once in a commit. nil: too many were found in this one.
    private mutating func pieces(of term: Number<ClockTerm>, around instant: Int64) -> Range<Int>? {
        let days = instant / Engine.slack
        let stretch = TermStretch(term: term, days: days)
        if let found = scratch.termStretches[stretch] { return found }
        guard scratch.termStretches.count < Engine.mostStretches else { return nil }
        let base = scratch.termPieces.count
        var from = max((days - 1) * Engine.slack, 0)
        let end = min((days + 2) * Engine.slack, Engine.horizon)
        while from < end {
            let whole = min((from / Engine.halfDay + 1) * Engine.halfDay, end)
            if appendPiece(of: term, from, whole - 1, after: base) {
                from = whole
                continue
            }
            let part = min((from / Engine.quarterHour + 1) * Engine.quarterHour, end)
            guard appendPiece(of: term, from, part - 1, after: base) else { return nil }
            from = part
        }
        let found = base..<scratch.termPieces.count
        scratch.termStretches[stretch] = found
        return found
    }

    /// A piece between two instants less than a day apart, or more of the one before. False when it is not one.
    private mutating func appendPiece(of term: Number<ClockTerm>, _ first: Int64, _ last: Int64, after base: Int) -> Bool {
        guard let place = place(of: term, at: first), let end = self.place(of: term, at: last) else { return false }
        let moves = end != place
        if moves, end - place != last - first || plan.terms[term].value.kind == .date { return false }
        if scratch.termPieces.count > base {
            let before = scratch.termPieces[scratch.termPieces.count - 1]
            if before.moves == moves, place - before.place == (moves ? first - before.instant : 0) { return true }
        }
        scratch.termPieces.append(TermPiece(instant: first, place: place, moves: moves))
        return true
    }

    /// A commit begins: what was found in another is forgotten, so that what is said hangs on no other.
    mutating func forgetTermPieces() {
        if scratch.termStretches.isEmpty { return }
        scratch.termStretches.removeAll(keepingCapacity: true)
        scratch.termPieces.removeAll()
    }
}
