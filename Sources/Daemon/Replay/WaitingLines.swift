// The lines of `replay` that wait for a schema (contract §3, §6): those of a topic that is mapped, from when its table is there, and all
// others from when any table is. They are held in their order and are applied at the commit after the schema's, at the clock that stands
// then.
import Campaigns
import Storage
import Wire

struct WaitingLines {
    /// A line, and where it stands. Its bytes are those of the input file.
    struct Line {
        var bytes: UnsafeRawBufferPointer
        var position: ReplayInput.Position
    }

    private var lines: [Line] = []
    /// The files of the input.
    var inputs: [LineFile] = []
    private let reader: ReplayLineReader
    private let machine: StateMachine
    /// The tables that topics are, or will be, mapped to: the schemas that the input publishes, live or refused. Found when it is first
    /// asked for.
    private lazy var published = publishedSchemas()

    init(reader: ReplayLineReader, machine: StateMachine) {
        self.reader = reader
        self.machine = machine
    }

    /// Whether none is held.
    var isEmpty: Bool { lines.isEmpty }

    /// Holds the line that the reader has read last, if its topic waits. Returns whether it does.
    mutating func hold(_ bytes: UnsafeRawBufferPointer, _ position: ReplayInput.Position) -> Bool {
        guard waits() else { return false }
        lines.append(Line(bytes: bytes, position: position))
        return true
    }

    /// Takes out the lines whose topics wait no more, in their order.
    mutating func release() -> [Line] {
        var released: [Line] = []
        var left: [Line] = []
        for line in lines {
            _ = reader.read(line.bytes)
            if waits() { left.append(line) } else { released.append(line) }
        }
        lines = left
        return released
    }

    /// Whether the topic of the line that was read last waits. Known tables are looked up first: nearly all lines are of one.
    private mutating func waits() -> Bool {
        if machine.tableCount == 0 { return true }
        guard let topic = reader.topicOfNoTable else { return false }
        return published.contains(topic)
    }

    /// The names of the schemas that the input publishes. Lines are only read where their bytes can hold such an event.
    private func publishedSchemas() -> Set<String> {
        var found: Set<String> = []
        // Another reader, since this one is in the middle of a line.
        let reader = ReplayLineReader(changes: machine.changes, control: machine.control)
        for file in inputs {
            file.forEachLine(containing: ["schema.published", "\\u00"]) { line in
                if reader.read(line).isControl, let name = reader.publishedSchema { found.insert(name) }
            }
        }
        return found
    }
}
