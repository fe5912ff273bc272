// Members as `export` writes them.
import Campaigns
import Wire

enum MemberFormat: String, CaseIterable {
    case ndjson, csv

    /// What stands before the first member.
    func header(_ attributes: [String]) -> String {
        self == .csv ? Self.record(SnapshotRows.ownColumns + attributes) : ""
    }

    /// A member as the server's lists have it, with the line feed at its end.
    func line(of member: JSON, _ attributes: [String]) -> String {
        guard self == .csv else { return member.line + "\n" }
        let (identity, values) = (member["identity"], member["attributes"])
        let own = [identity?.text("namespace"), identity?.text("id"), member.integer("rows").map(String.init)]
        return Self.record(own + attributes.map { values?[$0].flatMap(Self.text) })
    }

    /// A null is nothing, an empty text a pair of quotes, so that they stay apart.
    private static func record(_ fields: [String?]) -> String {
        fields.map { $0.map(quoted) ?? "" }.joined(separator: ",") + "\n"
    }

    /// As RFC 4180 has it, but for the line feed alone at the end of a line, which tools of Unix expect.
    private static func quoted(_ field: String) -> String {
        let needsQuotes = field.isEmpty || field.utf8.contains { [UInt8(ascii: ","), UInt8(ascii: "\""), 10, 13].contains($0) }
        guard needsQuotes else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }

    private static func text(_ value: JSON) -> String? {
        switch value {
        case .null: nil
        case .string(let text): text
        default: value.line
        }
    }
}
