// What must be true of every `validUntil`: if nothing is written, whoever it is said of is a member until then, and then no more. Where all
// can be foreseen, whoever it is not said of stays.
import Campaigns
import Engine
import Oracle

enum ValidUntilLaws {
    /// Looks at some of those whom a commit says something of; says what is wrong, or nil, and of how many it was said until when.
    static func mistake(
        in difference: Difference, of engine: borrowing Engine, _ expectations: Expectations, _ tables: ReferenceTables, clock: Int64,
        foreseesAll: Bool
    ) -> (mistake: String?, looked: Int) {
        var looked = 0
        func isMember(_ identity: [UInt8], of audience: String, at instant: Int64) -> Bool {
            var (later, tables) = (expectations, tables)
            tables.advance(to: instant)
            _ = later.commit(Evaluator(tables: tables, clock: instant, zones: Zones.rules))
            return later.members(of: audience)[identity] != nil
        }
        for member in difference.members where member.validUntil != .max || foreseesAll && member.status != .exited {
            let audience = engine.audience(member.audience).id
            let identity = difference.withTexts(of: member) { identity, _ in Array(identity) }
            let (until, isSaid) = (member.validUntil, member.validUntil != .max)
            let what = "\(String(decoding: identity.prefix(20), as: UTF8.self)) of \(audience), valid until \(InstantText.text(of: until))"
            if member.status == .exited { return ("\(what), has left", looked) }
            if until <= clock { return ("\(what), which is over", looked) }
            // Days, and not whole ones.
            let later = stride(from: clock, to: min(until, clock + 1000 * 86_400_000), by: 86_400_000 * (isSaid ? 31 : 13)).map {
                min($0 + (($0 / 86_400_000) * 7_919_000) % 86_400_000, until - 1)
            }
            for instant in later + (isSaid ? [until - 1, until] : [])
            where isMember(identity, of: audience, at: instant) != (instant < until) {
                return ("\(what), is \(instant < until ? "out" : "in") at \(InstantText.text(of: instant))", looked)
            }
            if isSaid { looked += 1 }
            if looked == 2 { break }
        }
        return (nil, looked)
    }
}
