// Dead letters counted by topic and reason, for `audienced dlq list`.
import Campaigns

struct DeadLetterGroups {
    private struct Group {
        var count: Int64 = 0
        /// The one with the latest time.
        var newest = ""
        var place = ""
    }

    /// By topic and reason.
    private var groups: [[String]: Group] = [:]
    private(set) var count: Int64 = 0

    /// Takes an item of the list that the API gives.
    mutating func add(_ item: JSON) {
        count += 1
        let (time, place) = (item.text("time") ?? "", item.text("place") ?? "")
        var group = groups[[item.text("topic") ?? "", item.text("reason") ?? "other"]] ?? Group()
        group.count += 1
        // Instants that are texts of one length come in the order of their texts.
        if time >= group.newest { (group.newest, group.place) = (time, place) }
        groups[[item.text("topic") ?? "", item.text("reason") ?? "other"]] = group
    }

    private var sorted: [(key: [String], value: Group)] { groups.sorted { $0.key.lexicographicallyPrecedes($1.key) } }

    var table: TextTable {
        var table = TextTable([
            .init(title: "TOPIC"), .init(title: "REASON"), .init(title: "COUNT", isNumber: true), .init(title: "NEWEST"),
            .init(title: "PLACE"),
        ])
        for (key, group) in sorted {
            table.add([
                .init(key[0]), .init(key[1]), .init(group.count), .init(group.newest.isEmpty ? "–" : group.newest), .init(group.place),
            ])
        }
        return table
    }

    var json: [JSON] {
        sorted.map { key, group in
            .object([
                JSON.Member("topic", .string(key[0])), JSON.Member("reason", .string(key[1])), JSON.Member("count", .integer(group.count)),
                JSON.Member("newest", group.newest.isEmpty ? .null : .string(group.newest)), JSON.Member("place", .string(group.place)),
            ])
        }
    }
}
