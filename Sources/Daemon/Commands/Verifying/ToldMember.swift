// A member as events of `audience-members` or the daemon's list tell of it, for `audienced verify`: as little as is needed to compare.
import Campaigns
import Wire

struct ToldMember: Equatable {
    /// The commit that said so; of a listed one that of its page.
    var sequence: Int64
    /// 0: it is out.
    var rows: Int64
    /// A hash of the attributes as canonical JSON; nil: the event was too large to have them.
    var attributes: UInt64?

    /// nil: no member event of this program.
    init?(event: JSON) {
        guard let sequence = event.integer("sequence"), let rows = event.integer("rows"), let status = event.text("status") else {
            return nil
        }
        self.sequence = sequence
        self.rows = status == "exited" ? 0 : rows
        attributes = self.rows == 0 || event["truncated"] != nil ? nil : Self.hash(event["attributes"])
    }

    /// An item of the list of members; nil: it is none.
    init?(item: JSON, sequence: Int64) {
        guard let rows = item.integer("rows") else { return nil }
        self.sequence = sequence
        self.rows = rows
        attributes = Self.hash(item["attributes"])
    }

    private static func hash(_ attributes: JSON?) -> UInt64 {
        var text = JSONText()
        text.append(attributes ?? .object([]))
        var hash = StableHash()
        text.bytes.withUnsafeBytes { hash.update($0) }
        return hash.value
    }

    /// What is told otherwise; nil: nothing. Either may be nobody: nil.
    static func difference(told: ToldMember?, listed: ToldMember?) -> String? {
        let (told, listed) = (told.flatMap { $0.rows > 0 ? $0 : nil }, listed)
        switch (told, listed) {
        case (nil, nil): return nil
        case (_?, nil): return "events say in, the daemon says out"
        case (nil, _?): return "events say out, the daemon says in"
        case (let told?, let listed?):
            if told.rows != listed.rows { return "events say \(told.rows) rows, the daemon says \(listed.rows)" }
            return told.attributes == nil || told.attributes == listed.attributes ? nil : "events and daemon say other attributes"
        }
    }
}
