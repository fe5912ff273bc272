// What the log says of dead letters: one line for each topic and reason, and again after a minute how many came since. A producer that
// writes nothing but rubbish fills a topic, not the log.
import Kafka
import Wire

struct DeadLetterLines {
    struct Line {
        var kind: CommitCounts.DeadLetterKind
        var count: Int
        /// Of the last of them.
        var place: CommitCounts.Place

        func log() {
            Log.warning(
                .deadLetters, "dead letters",
                [
                    "topic": kind.topic, "reason": kind.reason.rawValue, "count": String(count), "partition": String(place.partition),
                    "offset": String(place.offset),
                ])
        }
    }

    private var waiting: [CommitCounts.DeadLetterKind: (line: Line, due: Deadline)] = [:]

    /// Takes the dead letters of a commit, and returns what is to be said. Called for every commit, so that what waits is said in time.
    mutating func take(_ deadLetters: [CommitCounts.DeadLetterKind: CommitCounts.DeadLetters]) -> [Line] {
        if deadLetters.isEmpty && waiting.isEmpty { return [] }
        for (kind, found) in deadLetters {
            var next = waiting[kind] ?? (Line(kind: kind, count: 0, place: found.last), Deadline(after: .zero))
            next.line.count += found.count
            next.line.place = found.last
            waiting[kind] = next
        }
        var said: [Line] = []
        for (kind, next) in waiting.sorted(by: { $0.key < $1.key }) where next.due.hasPassed {
            if next.line.count > 0 { said.append(next.line) }
            let rest = Line(kind: kind, count: 0, place: next.line.place)
            waiting[kind] = next.line.count == 0 ? nil : (rest, Deadline(after: Patience.deadLetterLines))
        }
        return said
    }
}
