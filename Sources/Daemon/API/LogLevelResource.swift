// The level of the log, for a while: it falls back by itself, since nobody thinks of it at the end of a night.
import Campaigns
import HTTP

extension Resources {
    private static let longest = Duration.seconds(86_400)

    /// PUT log-level: `{"level": "debug", "for": "PT15M"}`.
    func setLogLevel(_ request: Request, _ responder: Responder) {
        guard let body = json(in: request, responder) else { return }
        do throws(ProblemDocument) {
            let level = try Self.level(in: body)
            let time = try Self.time(in: body)
            Log.show(from: level, for: time)
            let seconds = time.components.seconds
            var response = Response(json: .object([JSON.Member("level", .string("\(level)")), JSON.Member("seconds", .integer(seconds))]))
            note(&response)
            responder.answer(response)
        } catch {
            responder.answer(error)
        }
    }

    private static func level(in body: JSON) throws(ProblemDocument) -> Log.Level {
        guard case .object(let members) = body else { throw ProblemDocument(.bodyMalformed, "an object is expected") }
        let known = ["level", "for"]
        if let other = members.first(where: { !known.contains($0.name) }) {
            throw ProblemDocument(
                .bodyMalformed, "unknown member \(shown(other.name))", hint: NearestName.hint(for: other.name, among: known))
        }
        guard let name = body.text("level"), let level = Log.Level(name) else {
            let levels = Log.Level.allCases.map { "\($0)" }
            throw ProblemDocument(.bodyMalformed, "level is the name of a level", hint: "one of \(levels.joined(separator: ", "))")
        }
        return level
    }

    private static func time(in body: JSON) throws(ProblemDocument) -> Duration {
        guard let wanted = body["for"] else { return .seconds(900) }
        guard case .string(let text) = wanted, let time = DurationText.parsePositive(text), time >= .seconds(1), time <= longest else {
            throw ProblemDocument(.bodyMalformed, "for is a duration from a second to a day", hint: "PT15M is a quarter of an hour")
        }
        return time
    }
}
