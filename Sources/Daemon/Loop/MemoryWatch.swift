// Whether the process stays within `memory` while it runs. What it holds are facts, of which none is dropped: past it the daemon goes on,
// and whoever runs it has heard of it.
import Kafka

/// Looks at what is resident, and says it when that is nearly all that it may use, and when it no longer is.
struct MemoryWatch {
    /// Of hundred parts: from so many on it is said, and below the other it is said again, so that it is not said at every step between.
    private static let (nearlyAll, enough) = (90, 85)

    /// nil: nobody looks.
    private let memory: ProcessMemory?
    private let memoryBytes: Int
    private let every: Duration
    private var next = Deadline(after: .zero)
    private var isNearlyAll = false

    init(_ memory: ProcessMemory?, memoryBytes: Int, every: Duration = Patience.memory) {
        self.memory = memory
        self.memoryBytes = memoryBytes
        self.every = every
    }

    /// Looks, when it is time.
    /// - Parameter held: what the state takes, by kind, in bytes.
    mutating func look(held: () throws -> [(name: String, bytes: Int)]) rethrows {
        guard let memory, next.hasPassed else { return }
        next = Deadline(after: every)
        guard let resident = memory.residentBytes else { return }
        let parts = resident / (memoryBytes / 100)
        if !isNearlyAll && parts >= Self.nearlyAll {
            isNearlyAll = true
            let kinds = try held().filter { $0.bytes > 0 }.sorted { $0.bytes > $1.bytes }
            Log.warning(
                .memoryShort, "memory is nearly used up; past it the daemon goes on: raise it, or have less to hold",
                [
                    "memory": SizeText.text(memoryBytes), "resident": SizeText.text(resident),
                    "of_which": kinds.map { "\($0.name) \(SizeText.text($0.bytes))" }.joined(separator: ", "),
                ])
        } else if isNearlyAll && parts < Self.enough {
            isNearlyAll = false
            Log.warning(
                .memoryEnough, "memory is enough again", ["memory": SizeText.text(memoryBytes), "resident": SizeText.text(resident)])
        }
    }
}
