// Saves of mode frozen: "replaced as a whole at the times of `schedule` […] and at publish" (semantics §4). Several times that have passed
// at once are one replacement, taken from the tables and the clock of the commit (decision 2).
//
// Kept: the members. A change costs what it costs its population. A replacement: a look at each member, before and after.
import Campaigns

struct FrozenState {
    /// The members since the last replacement, by identity.
    var members = MemberTable()
    /// When the schedule began to count, in milliseconds since the Unix epoch.
    var published: Int64 = .min
    /// The next time of the schedule; `Int64.max`: it never comes.
    var next = Int64.max
}

/// A frozen save that is replaced when the commit ends, and why.
struct Replacement: BitwiseCopyable {
    var save: Number<Save>
    var cause: Cause
}

extension Engine {
    /// A frozen save goes live at the clock: "every publish, of a new version too, replaces and starts the count again" (decision 12). It
    /// has the members that it had until the commit at hand ends.
    mutating func beginFrozen(_ number: Number<Save>) {
        audiences.saves[number].frozen = FrozenState(published: clock, next: clock)
        pending.replacements.append(Replacement(save: number, cause: pending.cause))
    }

    private mutating func findNextReplacement(_ number: Number<Save>) {
        var state = audiences.saves[number].frozen
        state.next = .max
        if case .frozen(let schedule?) = audiences.saves[number].definition.mode {
            let zone = zones[Int(zoneNumber(schedule.timezone))]
            state.next = schedule.next(after: clock, published: state.published, in: zone) ?? .max
        }
        goOn(number, with: state)
    }

    /// A frozen save has another state, and is replaced when that says so.
    mutating func goOn(_ number: Number<Save>, with state: FrozenState) {
        audiences.saves[number].frozen = state
        audiences.replacements.schedule(number, at: state.next)
    }

    /// Notes the saves that are replaced when the commit at hand ends, since a time of theirs has passed.
    mutating func noteReplacements() {
        for number in audiences.replacements.take(through: clock) {
            noteDue(audiences.saves[number].frozen.next)
            pending.replacements.append(Replacement(save: number, cause: .time))
        }
    }

    /// Replaces the frozen members of campaigns of a stratum whose time has come.
    mutating func replaceFrozen(ofStratum stratum: Int) {
        for place in 0..<pending.replacements.count {
            let (number, cause) = (pending.replacements[place].save, pending.replacements[place].cause)
            let campaign = audiences.saves[number].campaign
            guard audiences.saves[number].frozen.next <= clock, audiences.registry.stratum(of: campaign) == stratum else { continue }
            pending.cause = cause
            gatherCrowds()
            let (before, now) = (audiences.saves[number].frozen.members, populationMembers(number))
            touchAll(of: before, number)
            touchAll(of: now, number)
            audiences.saves[number].frozen.members = now
            findNextReplacement(number)
        }
    }

    /// What an audience says of members may change.
    mutating func touchAll(of members: MemberTable, _ number: Number<Save>) {
        let target = tables.target(of: audiences.saves[number].link)
        for place in 0..<members.count {
            let identity = members.withMember(place) { text, _, _ in tables[target].row(ofKey: text, hash: textHash(text)) }
            touchMember(number, identity)
        }
    }

    /// How many rows stand for an identity among members that stay; leaves its attributes in `attributeText`.
    mutating func standing(_ members: MemberTable, _ number: Number<Save>, _ identity: RowNumber) -> Int32 {
        guard let place = members.find(identityText(number, identity)) else { return 0 }
        members.withMember(place) { scratch.attributeText.bytes.append(contentsOf: $2) }
        return members.entries[place].rows
    }
}
