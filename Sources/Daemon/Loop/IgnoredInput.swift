// What changes nothing is "ignored and counted" (contract §2, §3): how operators hear of it. A member of rows that no schema knows is told
// when it comes first, since it may be a slip or a schema that nobody published; how much was ignored is told at the end.
import Wire

struct IgnoredInput {
    /// Of a table, at most: the others are a number.
    private static let namesPerLine = 10

    private var told: Set<String> = []

    /// Tells the members that are ignored and were not told yet.
    mutating func tellNewMembers(_ members: [IgnoredMember]) {
        for (table, names) in newMembers(members) {
            Log.warning(.membersIgnored, "members of rows are in no published schema, and are ignored", ["table": table, "members": names])
        }
    }

    /// By table, the members that were not told yet.
    mutating func newMembers(_ members: [IgnoredMember]) -> [(table: String, names: String)] {
        var new: [(table: String, names: [String])] = []
        for member in members where told.insert("\(member.table).\(member.name ?? "")").inserted {
            if new.last?.table != member.table { new.append((member.table, [])) }
            new[new.count - 1].names.append(member.name ?? "and others")
        }
        return new.map { table, names in
            let more = names.count - Self.namesPerLine
            return (table, names.prefix(Self.namesPerLine).joined(separator: ", ") + (more > 0 ? " and \(more) more" : ""))
        }
    }

    /// Tells how much was ignored since the start, if anything was.
    func tellCounts(_ decoder: ChangeDecoder) {
        let members = decoder.ignoredMembers.reduce(0) { $0 + $1.count }
        let records = decoder.ignoredRecords
        if members == 0 && records.isEmpty { return }
        let kinds = records.isEmpty ? "none" : records.map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
        Log.information(.ignored, "ignored since the start", ["members": String(members), "records": kinds])
    }
}
