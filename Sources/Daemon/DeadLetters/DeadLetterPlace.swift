// Where a dead letter lies in its topic, as people write it: `0/12`.

struct DeadLetterPlace: Comparable, CustomStringConvertible, Sendable {
    let partition: Int32
    let offset: Int64

    init(partition: Int32, offset: Int64) {
        self.partition = partition
        self.offset = offset
    }

    /// nil: the text is no place.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let partition = Int32(parts[0]), let offset = Int64(parts[1]), partition >= 0, offset >= 0 else {
            return nil
        }
        self.init(partition: partition, offset: offset)
    }

    var description: String { "\(partition)/\(offset)" }

    static func < (left: DeadLetterPlace, right: DeadLetterPlace) -> Bool {
        (left.partition, left.offset) < (right.partition, right.offset)
    }
}
