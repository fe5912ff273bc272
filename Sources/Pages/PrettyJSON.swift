// Definitions as people write them: one line for what fits on it.
import Campaigns

/// Writes a value over several lines.
enum PrettyJSON {
    private static let columns = 100

    static func text(_ value: JSON) -> String { lines(value).joined(separator: "\n") }

    static func lines(_ value: JSON) -> [String] { lines(value, indent: 0, before: "", after: "") }

    private static func lines(_ value: JSON, indent: Int, before: String, after: String) -> [String] {
        let space = String(repeating: " ", count: indent)
        let short = "\(space)\(before)\(line(value))\(after)"
        if short.count <= columns { return [short] }
        switch value {
        case .array(let items):
            let inner = items.enumerated().flatMap { place, item in
                lines(item, indent: indent + 2, before: "", after: place == items.count - 1 ? "" : ",")
            }
            return ["\(space)\(before)["] + inner + ["\(space)]\(after)"]
        case .object(let members):
            let inner = members.enumerated().flatMap { place, member in
                lines(
                    member.value, indent: indent + 2, before: "\(line(.string(member.name))): ",
                    after: place == members.count - 1 ? "" : ",")
            }
            return ["\(space)\(before){"] + inner + ["\(space)}\(after)"]
        default: return [short]
        }
    }

    private static func line(_ value: JSON) -> String {
        switch value {
        case .array(let items): return "[\(items.map(line).joined(separator: ", "))]"
        case .object(let members):
            return "{\(members.map { "\(line(.string($0.name))): \(line($0.value))" }.joined(separator: ", "))}"
        default: break
        }
        var text = JSONText()
        text.append(value)
        return String(decoding: text.bytes, as: UTF8.self)
    }
}
