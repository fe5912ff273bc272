// Collects the log lines of a client under test.

import Synchronization

@testable import Kafka

final class LineCounter: Sendable {
    private let lines = Mutex<[String]>([])

    func add(_ line: LogLine) { lines.withLock { $0.append(line.facility) } }
    var facilities: [String] { lines.withLock { $0 } }
}
