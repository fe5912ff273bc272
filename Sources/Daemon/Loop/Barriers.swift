// Barriers that were requested and not yet reached (contract §2): "once every input below those offsets is in a commit, that commit
// also carries `barrier.reached`".
import Campaigns
import Wire

struct Barriers {
    struct Barrier: Equatable {
        var id: String
        var after: TopicOffsets
    }

    /// In the order in which they were requested.
    private(set) var waiting: [Barrier] = []

    /// Inputs that `after` names and this deployment does not read.
    static func problems(_ after: TopicOffsets, _ inputs: borrowing Inputs) -> [Problem] {
        let problems = ProblemList()
        for (topic, partitions) in after.sorted(by: { $0.key < $1.key }) {
            for partition in partitions.keys.sorted() where inputs.partition(topic, partition) == nil {
                problems.add(
                    "after.\(topic).\(partition)", "is no input of this deployment", hint: "topic names are whole, with the prefix")
            }
        }
        return problems.problems
    }

    /// The topics that `after` names with partitions that are not read.
    static func unreadTopics(_ after: TopicOffsets, _ inputs: borrowing Inputs) -> [String] {
        var unread: [String] = []
        for (topic, partitions) in after.sorted(by: { $0.key < $1.key }) {
            for partition in partitions.keys.sorted() where inputs.partition(topic, partition) == nil && unread.last != topic {
                unread.append(topic)
            }
        }
        return unread
    }

    mutating func add(_ barrier: Barrier) {
        waiting.append(barrier)
    }

    /// Whether some barrier is reached.
    func hasReached(_ inputs: borrowing Inputs) -> Bool {
        for barrier in waiting where Barriers.isReached(barrier, inputs) { return true }
        return false
    }

    /// Takes out the barriers that are reached, in the order they were requested.
    mutating func takeReached(_ inputs: borrowing Inputs) -> [String] {
        if waiting.isEmpty { return [] }
        var reached: [String] = []
        var left: [Barrier] = []
        for barrier in waiting {
            if Barriers.isReached(barrier, inputs) { reached.append(barrier.id) } else { left.append(barrier) }
        }
        waiting = left
        return reached
    }

    private static func isReached(_ barrier: Barrier, _ inputs: borrowing Inputs) -> Bool {
        for (topic, partitions) in barrier.after {
            for (number, offset) in partitions {
                if let place = inputs.partition(topic, number), inputs.partitions[place].position < offset { return false }
            }
        }
        return true
    }
}
