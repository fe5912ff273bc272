// What one batch of records became: changes for the engine, and the records that were refused.
import Engine
import Wire

/// `@unchecked Sendable`: it belongs to the thread that decodes until it is handed to the one that applies, and comes back empty.
final class DecodedBatch: @unchecked Sendable {
    struct Refused {
        /// Its bytes are valid until the batch is applied.
        var record: InputRecord
        var refusal: Refusal
    }

    let changes = ChangeBatch()
    var refused: [Refused] = []

    var isEmpty: Bool { changes.count == 0 && refused.isEmpty }

    /// Empties it, and keeps so many bytes of memory at most.
    func removeAll(keeping bytes: Int = .max) {
        changes.removeAll(keeping: bytes)
        refused.removeAll(keepingCapacity: true)
    }
}
