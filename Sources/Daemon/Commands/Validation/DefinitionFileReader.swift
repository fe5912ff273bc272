// From files to the definitions in them, for `validate` and `publish`. A file holds one definition as JSON (a campaign, a schema, or the
// control event that publishes it), an array of them, or one on each line (NDJSON).
import Campaigns
import Storage
import Wire

/// Reads definitions; one reader for all files.
struct DefinitionFileReader {
    private let reader = JSONReader()

    /// The definitions of a file in its order; never none.
    func read(_ path: String) throws(StorageError) -> [GivenDefinition] {
        let file = try LineFile(path: path)
        return withExtendedLifetime(file) { definitions(path, file.bytes) }
    }

    /// The definitions of a file's bytes, after which 64 more must be readable.
    func definitions(_ path: String, _ bytes: UnsafeRawBufferPointer) -> [GivenDefinition] {
        let lines = nonBlankLines(bytes)
        guard !lines.isEmpty else {
            let problem = Problem(
                path: "", message: "the file is empty", hint: "a campaign, a schema, an array of them, or one on each line")
            return [GivenDefinition(file: path, content: .unknown(problem))]
        }
        if isOnePerLine(path, bytes, lines) {
            return lines.flatMap { line in
                read(path, line.number, UnsafeRawBufferPointer(rebasing: bytes[line.range]), offset: line.range.lowerBound)
            }
        }
        return read(path, nil, bytes, offset: 0)
    }

    /// One value of a file: a definition, or an array of them.
    private func read(_ path: String, _ line: Int?, _ bytes: UnsafeRawBufferPointer, offset: Int) -> [GivenDefinition] {
        let value: JSON
        do throws(Refusal) {
            value = try reader.value(bytes)
        } catch {
            var fault = JSONFault.find(in: bytes)
            fault?.byte += offset
            if let line { fault?.line += line - 1 }
            return [GivenDefinition(file: path, line: line, content: .malformed(reason: error.reason, fault))]
        }
        guard case .array(let items) = value else { return [GivenDefinition(file: path, line: line, content: content(value))] }
        if items.isEmpty {
            return [GivenDefinition(file: path, line: line, content: .unknown(Problem(path: "", message: "the array is empty")))]
        }
        return items.map { GivenDefinition(file: path, line: line, content: content($0)) }
    }

    /// What a value is, by the members that only one kind has.
    private func content(_ value: JSON) -> GivenDefinition.Content {
        guard case .object(let members) = value else {
            return .unknown(Problem(path: "", message: "must be an object: a campaign, a schema, or the event that publishes one"))
        }
        let names = Set(members.map(\.name))
        if names.contains("type") || names.contains("specversion") { return .event(value) }
        if names.contains("activities") { return .campaign(value) }
        if names.contains("fields") || names.contains("primaryKey") { return .schema(value) }
        if names.contains("id") { return .campaign(value) }
        if names.contains("name") { return .schema(value) }
        let hint = "a campaign has `id` and `activities`, a schema `name`, `fields` and `primaryKey`, an event `type`"
        return .unknown(Problem(path: "", message: "is neither a campaign nor a schema, nor an event that publishes one", hint: hint))
    }

    // Lines.

    private struct Line {
        /// Counted from 1.
        var number: Int
        var range: Range<Int>
    }

    private func nonBlankLines(_ bytes: UnsafeRawBufferPointer) -> [Line] {
        var lines: [Line] = []
        var (start, number) = (0, 1)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 0x0a) ?? bytes.count
            if bytes[start..<end].contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0d }) {
                lines.append(Line(number: number, range: start..<end))
            }
            start = end + 1
            number += 1
        }
        return lines
    }

    /// Lines are definitions of their own when the file is called so, or when it is no JSON as a whole and its first line looks like one:
    /// it is a value, or is wrong within and both begins and ends like an object, and another follows.
    private func isOnePerLine(_ path: String, _ bytes: UnsafeRawBufferPointer, _ lines: [Line]) -> Bool {
        if path.hasSuffix(".ndjson") || path.hasSuffix(".jsonl") { return true }
        guard lines.count > 1, reader.tree(bytes) == nil else { return false }
        if reader.tree(UnsafeRawBufferPointer(rebasing: bytes[lines[0].range])) != nil { return true }
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }
        func begins(_ line: Line) -> Bool { bytes[line.range].first { !isSpace($0) } == UInt8(ascii: "{") }
        return begins(lines[0]) && bytes[lines[0].range].last { !isSpace($0) } == UInt8(ascii: "}") && begins(lines[1])
    }
}
