// Until when somebody is a member, if nothing is written: `validUntil` of member events (contract §4). "Exact where its rows are in by
// their own values and the clock, absent where that depends on other rows or on memory": so behind limits, duplicates, waits and tests, in
// audiences that keep members, and where records count for a while. Absent too where nobody leaves by time, and for identities that more
// than a few rows stand for.

extension Engine {
    /// The first instant at which a member leaves an audience; `.max`: by time alone never, or it is not foreseen. `save` is one of the
    /// audience's.
    mutating func validUntil(_ save: Number<Save>, _ identity: RowNumber) -> Int64 {
        if !audiences.saves[save].isMerged, audiences.saves[save].motion != .foreseen { return .max }
        let course = beginCourse()
        defer { scratch.course.truncate(to: course) }
        guard audiences.saves[save].isMerged else { return add(save, identity, to: course) ? endCourse(at: course) : .max }
        for contribution in audiences[audiences.saves[save].audience].contributions {
            switch contribution.source {
            case .live(let other): if !add(other, identity, to: course) { return .max }
            case .frozen(let members, _): if members.find(identityText(save, identity)) != nil { return .max }
            }
        }
        return endCourse(at: course)
    }

    /// A save by which somebody may be seen to leave the audience by time alone; nil: there is none.
    func foreseenSave(of audience: Int) -> Number<Save>? {
        audiences[audience].contributions.lazy.compactMap(\.save).first { audiences.saves[$0].motion == .foreseen }
    }

    /// The same of whom a text names.
    mutating func validUntil(_ foreseen: Number<Save>?, _ identity: UnsafeRawBufferPointer) -> Int64 {
        guard let foreseen else { return .max }
        let namespace = tables.target(of: audiences.saves[foreseen].link)
        return tables[namespace].keys.find(identity, hash: textHash(identity)).map { validUntil(foreseen, RowNumber($0)) } ?? .max
    }

    /// Makes a course that of itself or of an identity's being a member by a save: by its rows that are in, and those that will be. False
    /// when that is not foreseen.
    private mutating func add(_ number: Number<Save>, _ identity: RowNumber, to course: Int) -> Bool {
        guard audiences.saves[number].motion != .unforeseen, audiences.saves[number].isOpen, audiences.saves[number].isMirror,
            audiences.saves[number].former == nil, !audiences.saves[number].crowds.contains(identity)
        else { return false }
        let (condition, link, end) = (audiences.saves[number].condition, audiences.saves[number].link, audiences.saves[number].endsAt)
        var visited = 0
        var next = tables[link].children.first(under: identity)
        while let row = next {
            visited += 1
            if visited > fewRows || !addToCourse(at: course, condition, on: row, until: end) { return false }
            next = tables[link].children.next(row)
        }
        return true
    }
}
