// Lines of `replay` input (contract §6): a control event, `{"topic", "key", "value", "time"}`, or a bare change with `time`.
import Campaigns
public import Engine

/// Reads lines of input; it decodes none that nobody asks for.
public final class ReplayLineReader {
    private let changes: ChangeDecoder
    private let control: ControlDecoder
    private let parser = JSONParser()
    /// The topic of bare changes, which is never mapped.
    private static let defaultTopic: StaticString = "profile-changes"
    private var tape: JSONTape?
    private var failure = Refusal(.malformed, "")
    /// Topic, value and key of a line that wraps a record.
    private var wrapped: (topic: Int, value: Int, key: Int?)?

    /// What a line is, before it is decoded.
    public struct Line {
        /// Milliseconds since the Unix epoch; nil when the line has no readable time.
        public var time: Int64?
        /// Whether it is for the control topic; else it is a change.
        public var isControl: Bool
    }

    /// The topic that was found to be a table last.
    private var lastTable = UnsafeRawBufferPointer(UnsafeMutableRawBufferPointer.allocate(byteCount: 0, alignment: 1))

    deinit {
        lastTable.deallocate()
    }

    public init(changes: ChangeDecoder, control: ControlDecoder) {
        self.changes = changes
        self.control = control
    }

    /// Looks at a line; 64 bytes after it must be readable. What `decodeChange` and `decodeControl` do is about the line read last.
    public func read(_ line: UnsafeRawBufferPointer) -> Line {
        do {
            let tape = try parser.parse(line)
            self.tape = tape
            wrapped = nil
            guard tape.kind(tape.root) == .object else { return Line(time: nil, isControl: false) }
            return look(at: tape)
        } catch {
            tape = nil
            wrapped = nil
            failure = error
            return Line(time: nil, isControl: false)
        }
    }

    private func look(at tape: JSONTape) -> Line {
        var line = Line(time: nil, isControl: false)
        var (topic, key, inner, type, data): (Int?, Int?, Int?, Int?, Int?) = (nil, nil, nil, nil, nil)
        var (hasTable, hasOperation, isEvent) = (false, false, false)
        let end = Int(tape.words[tape.root] & 0xffff_ffff) - 1
        var at = tape.root + 1
        while at < end {
            let name = tape.text(at)
            let value = at + 1
            at = tape.after(value)
            switch name.count {
            case 2 where isEqual(name, "op"): hasOperation = true
            case 3 where isEqual(name, "key"): key = value
            case 4 where isEqual(name, "time"): line.time = time(value, tape)
            case 4 where isEqual(name, "type"): type = value
            case 4 where isEqual(name, "data"): data = value
            case 5 where isEqual(name, "table"): hasTable = true
            case 5 where isEqual(name, "topic"): topic = value
            case 5 where isEqual(name, "value"): inner = value
            case 11 where isEqual(name, "specversion"): isEvent = true
            default: break
            }
        }
        if let topic, let inner {
            wrapped = (topic, inner, key)
            line.isControl = tape.kind(topic) == .string && isEqual(tape.text(topic), "campaign-publish")
        } else if isEvent, let data, tape.kind(data) == .object {
            if let topic = tape.member("topic", of: data), let value = tape.member("value", of: data) {
                wrapped = (topic, value, tape.member("key", of: data))
            }
            let inner = tape.member("type", of: data)
            line.isControl =
                inner.map { tape.kind($0) == .string } ?? false
                && tape.member("table", of: data) == nil && tape.member("op", of: data) == nil
        } else {
            line.isControl = type.map { tape.kind($0) == .string } ?? false && !hasTable && !hasOperation
        }
        return line
    }

    private func time(_ value: Int, _ tape: JSONTape) -> Int64? {
        switch tape.kind(value) {
        case .string: InstantText.milliseconds(of: tape.text(value))
        case .integer: InstantText.isInRange(tape.integer(value)) ? tape.integer(value) : nil
        default: nil
        }
    }

    /// The topic of the line read last, if it is not the default one; its text is valid until the next is read.
    private var ownTopic: UnsafeRawBufferPointer? {
        guard let tape, let wrapped, tape.kind(wrapped.topic) == .string else { return nil }
        let topic = tape.text(wrapped.topic)
        return isEqual(topic, ReplayLineReader.defaultTopic) ? nil : topic
    }

    /// Whether a topic is mapped. A table that is there stays, and most lines are of the topic of the one before.
    private func isTable(_ topic: UnsafeRawBufferPointer) -> Bool {
        if topic.count == lastTable.count, equalBytes(topic, lastTable) { return true }
        guard changes.isTable(topic) else { return false }
        lastTable.deallocate()
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: topic.count, alignment: 1)
        copy.copyMemory(from: topic)
        lastTable = UnsafeRawBufferPointer(copy)
        return true
    }

    /// The topic of the line read last, if no table has its name and it is not the default one.
    public var topicOfNoTable: String? {
        guard let topic = ownTopic, !isTable(topic) else { return nil }
        return String(decoding: topic, as: UTF8.self)
    }

    /// The schema that the control event of the line read last publishes, right or not.
    public var publishedSchema: String? {
        guard let tape else { return nil }
        var event = tape.tree(wrapped?.value ?? tape.root)
        if event["specversion"] != nil, let data = event["data"] { event = data }
        guard event["type"] == .string("schema.published"), case .string(let name)? = event["schema"]?["name"] else { return nil }
        return name
    }

    /// The change of the line read last. A topic is mapped to the table of its name.
    public func decodeChange(into batch: ChangeBatch) throws(Refusal) {
        guard let tape else { throw failure }
        var around = ChangeDecoder.Surroundings()
        guard let (_, value, key) = wrapped else {
            try changes.decode(tape, tape.root, around, into: batch)
            return
        }
        if let topic = ownTopic, isTable(topic) { around.mapped = topic }
        if let key, tape.kind(key) != .null { around.key = .value(key) }
        if tape.kind(value) == .null {
            try changes.decodeTombstone(tape, around, into: batch)
        } else {
            try changes.decode(tape, value, around, into: batch)
        }
    }

    /// The control event of the line read last.
    public func decodeControl() -> Result<ControlEvent, ControlRefusal> {
        guard let tape else { return .failure(.unreadable(failure)) }
        return control.decode(tape.tree(wrapped?.value ?? tape.root), headers: ContentHeaders())
    }
}
