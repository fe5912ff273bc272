// How audiences went within a day, for lists: a few numbers of each, from the history that the engine's thread keeps.
import Campaigns
import Engine
import HTTP
import Synchronization

extension Resources {
    /// Hands over the last day of each of these audiences, when the commit that it is of is acknowledged.
    func withTrends(of ids: [String], _ responder: Responder, _ body: @escaping @Sendable ([String: JSON]) -> Void) {
        let trends = Trends()
        let recipient = Recipient(isGone: { responder.isOver }) { response in
            // A refusal has a status of its own.
            if response.status == 200 { body(trends.all) } else { responder.answer(response) }
        }
        interface.questions.ask(.past, recipient) { machine in
            for id in ids { trends.note(id, Resources.day(of: id, machine)) }
            return .written(Response())
        }
    }

    /// At most 24 sizes, an hour apart, or a minute while the history is young; and who came and went within a day and
    /// within the last 60 minutes.
    private static func day(of id: String, _ machine: StateMachine) -> JSON {
        guard let number = machine.engine.number(ofAudience: id), let past = machine.past, machine.engine.clock != .min else {
            return .null
        }
        let clock = machine.engine.clock
        func points(_ step: HistoryStep, _ count: Int64) -> [HistoryPoint] {
            past.audiences.points(
                of: id, in: step, from: clock - (count - 1) * step.milliseconds, to: clock, now: clock,
                size: machine.engine.audience(number).size
            ).map(\.point)
        }
        let hours = points(.hour, 24)
        // A history that has just begun shows its first minutes.
        let sizes = hours.count < 3 ? points(.minute, 24) : hours
        func total(of points: [HistoryPoint], _ count: (HistoryPoint) -> UInt32) -> JSON {
            .integer(points.reduce(0) { $0 + Int64(count($1)) })
        }
        let minutes = points(.minute, 60)
        // Where minutes were given up nobody knows.
        let hour =
            !past.audiences.steps.contains(.minute)
            ? JSON.null
            : .object([
                JSON.Member("entered", total(of: minutes, \.entered)), JSON.Member("left", total(of: minutes, \.left)),
            ])
        return .object([
            JSON.Member("entered", total(of: hours, \.entered)), JSON.Member("left", total(of: hours, \.left)),
            JSON.Member("lastHour", hour),
            JSON.Member("sizes", .array(sizes.map { .integer(Int64($0.size)) })),
        ])
    }
}

/// Written on the engine's thread, read where the answer is sent.
private final class Trends: Sendable {
    private let state = Mutex<[String: JSON]>([:])

    var all: [String: JSON] { state.withLock { $0 } }

    func note(_ id: String, _ day: JSON) { state.withLock { $0[id] = day } }
}
