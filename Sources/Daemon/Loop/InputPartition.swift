// One partition of the inputs, and how far it was read.

extension Inputs {
    /// One partition and how far it was read.
    struct Partition {
        /// Whole name; the table its topic is mapped to.
        var topic: String
        var table: String?
        var number: Int32
        /// The next offset to read: behind everything that is in a commit, or on its way to one.
        var position: Int64
        /// Behind the last record taken, which may be on nobody's way yet.
        var taken: Int64
        /// Up to where the journal says that it was read.
        var journaled: Int64
        /// Met by the reader: all records below it have been taken.
        var end: Int64 = 0
        /// Its topic waits for a schema: nothing is taken of it.
        var isWaiting: Bool
        /// The last range with records that is in a commit: by it a topic that was made anew is found.
        var last: JournalRecord.Range?
        /// Of the record taken last, milliseconds since the Unix epoch; nil while it has none.
        var lastTimestamp: Int64?

        /// A topic of changes waits until it is told to begin.
        init(topic: String, table: String?, number: Int32, position: Int64, isWaiting: Bool) {
            self.topic = topic
            self.table = table
            self.number = number
            self.position = position
            self.isWaiting = isWaiting
            taken = position
            journaled = position
        }
    }
}
