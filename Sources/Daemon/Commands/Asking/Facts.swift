// An object of JSON as people read it: a line for each member, whatever members a newer server has.
import Campaigns

struct Facts {
    private var rows: [(name: String, value: String, style: TextStyle)] = []

    /// - Parameter leaving: members that are shown elsewhere, or not at all.
    init(_ object: JSON, first: [String] = [], leaving: Set<String> = []) {
        guard case .object(let members) = object else { return }
        let shown = members.filter { !leaving.contains($0.name) }
        for member in shown.filter({ first.contains($0.name) }) + shown.filter({ !first.contains($0.name) }) {
            add(member.value, named: Self.words(of: member.name))
        }
    }

    /// The names in one column, the values in another.
    var lines: [StyledLine] {
        let width = rows.map(\.name.count).max() ?? 0
        return rows.map { row in
            var line = StyledLine(row.name)
            line.pad(to: width + 2)
            line.append(row.value, row.style)
            return line
        }
    }

    private mutating func add(_ value: JSON, named name: String) {
        switch value {
        case .object(let members) where !members.isEmpty:
            for member in members { add(member.value, named: "\(name).\(printable(member.name))") }
        case .array(let items) where items.contains { if case .object = $0 { true } else { false } }:
            for (place, item) in items.enumerated() { rows.append((place == 0 ? name : "", Self.text(of: item), .plain)) }
        default: rows.append((name, Self.text(of: value), name == "state" ? .state(value) : .plain))
        }
    }

    private static func text(of value: JSON) -> String {
        switch value {
        case .null: "–"
        case .boolean(let value): value ? "yes" : "no"
        case .integer(let value): grouped(value)
        case .double(let value): DoubleText.text(of: value)
        case .string(let value): value.isEmpty ? "–" : printable(value)
        case .array(let items): items.isEmpty ? "none" : items.map { text(of: $0) }.joined(separator: ", ")
        case .object(let members): members.isEmpty ? "none" : members.map { text(of: $0.value) }.joined(separator: "  ")
        }
    }

    /// "lastChange" as "last change".
    private static func words(of name: String) -> String {
        printable(name).reduce(into: "") { $0 += $1.isUppercase ? " \($1.lowercased())" : String($1) }
    }
}

extension TextStyle {
    /// That of a campaign's or an audience's state.
    static func state(_ value: JSON?) -> TextStyle {
        switch value {
        case .string("live"): .entered
        case .string("scheduled"): .time
        case .string("completed"), .string("retired"): .faint
        case .string("stopped"): .left
        default: .plain
        }
    }
}

extension JSON {
    /// On one line.
    var line: String {
        var text = JSONText()
        text.append(self)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
