// What a new version of a campaign keeps of what the one before remembers (semantics §4, decisions 49–51 and 65): "Activities equal in both
// versions keep their memory: same id and same members apart from `label`"; a channel keeps it "when the activity id stays the same",
// append its members "through any version that keeps audience id and namespace". Frozen is replaced at every publish.

/// What an activity remembers from a commit to the next, and what a new version keeps of it.
package enum ActivityMemory {
    /// Nothing; or what follows a rule of its own, as members of an append do.
    case none
    /// Kept by an activity of the same type and id.
    case byId
    /// Kept by one that says the same as well, apart from `label`.
    case whileEqual
}

extension Campaign {
    /// Whether an activity goes on with what the one of its id remembers in an earlier version.
    public func keepsMemory(of id: String, from old: Campaign) -> Bool {
        guard let was = old.activity(id)?.definition, let now = activity(id)?.definition, type(of: was) == type(of: now) else {
            return false
        }
        switch type(of: now).memory {
        case .none: return false
        case .byId: return true
        case .whileEqual: return old.definitions[id] == definitions[id]
        }
    }

    /// The append whose members an append goes on with; nil when there is none in an earlier version.
    public func formerAppend(of save: SaveAudience, in old: Campaign) -> SaveAudience? {
        guard save.mode == .append else { return nil }
        return old.saves.first { $0.mode == .append && $0.audience == save.audience && $0.namespace == save.namespace }
    }

    private func activity(_ id: String) -> Activity? {
        activities.first { $0.id == id }
    }
}

extension SaveAudience {
    /// The attributes that former members keep: those that had the same name and type. The others are null until their row is seen again.
    public func keptAttributes(of former: SaveAudience) -> Set<String> {
        let before = former.columns
        return Set(columns.filter { before[$0.key] == $0.value }.keys)
    }
}
