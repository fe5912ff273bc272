// Barriers that are reached, as they are handed from thread to thread: the reading one finds them, the committing one knows where their
// events stand in the commit, and the publishing one where the outputs end (contract §4).
import Campaigns
import Wire

/// Barriers that a commit reaches.
struct ReachedBarriers {
    /// In the order they were requested.
    var ids: [String]
    /// The inputs that are in by then.
    var positions: TopicOffsets
}

/// Their events, which belong behind all other outputs of the commit.
struct BarrierEvents {
    private let barriers: ReachedBarriers
    private let encoder: EventEncoder

    /// - Parameter encoder: as the commit has left it.
    init(_ barriers: ReachedBarriers, encoder: EventEncoder) {
        self.barriers = barriers
        self.encoder = encoder
    }

    /// The records, with where the output partitions end; made again, with other ends, when a transaction is sent again.
    func records(outputs: TopicOffsets) -> OutputBatch {
        let batch = OutputBatch()
        var (offsetsText, outputsText) = (JSONText(), JSONText())
        offsetsText.append(json(barriers.positions))
        outputsText.append(json(outputs))
        var encoder = encoder
        for id in barriers.ids { encoder.encode(barrier: id, offsets: offsetsText, outputs: outputsText, into: batch) }
        return batch
    }
}
