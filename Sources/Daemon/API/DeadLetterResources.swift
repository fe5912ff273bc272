// Dead letters: read from their topic when somebody asks, a page at a time, with a bound on records, bytes and time.
import Campaigns
import HTTP
import Kafka
import Wire

extension Resources {
    /// How many records a page looks at, and how long: it may be shorter than asked for, even empty, with a `next`.
    private static let mostLookedAt = 10_000
    private static let mostBytes = 8 << 20
    private static let longest = Duration.seconds(5)

    /// What they may be asked with, besides the page.
    static let deadLetterFilters = [
        QueryParameter("topic", .text(maximumBytes: 249), "Only records of this topic, by its whole name."),
        QueryParameter("reason", .choice(RefusalKind.allCases.map(\.rawValue)), "Only records that were refused as this."),
        QueryParameter("values", .flag, default: "1", "0 leaves out keys, values and headers, which only the role read is shown."),
        QueryParameter("at", .text(maximumBytes: 40), "Only the one at this place, such as 0/12: partition and offset in audienced.dlq."),
    ]

    /// GET dead-letters: by partition and offset in their topic.
    func deadLetters(_ request: Request, _ responder: Responder) {
        let query = request.query
        let filter = DeadLetterFilter(topic: query.text("topic"), reason: query.text("reason").flatMap(RefusalKind.init(rawValue:)))
        let name = "dead-letters \(filter.topic ?? "") \(filter.reason?.rawValue ?? "")"
        let page: DeadLetterPage
        do throws(ProblemDocument) {
            let at = try query.text("at").map { text throws(ProblemDocument) in try Self.place(text) }
            let last = try Cursor.last(of: query.text("after"), in: name).flatMap { DeadLetterPlace(String(decoding: $0, as: UTF8.self)) }
            page = DeadLetterPage(
                filter: filter, start: at ?? last ?? DeadLetterPlace(partition: 0, offset: 0), only: at,
                limit: Int(query.integer("limit") ?? 100), withValues: query.flag("values") && (request.asker.role ?? .observe) >= .read,
                mostLookedAt: Self.mostLookedAt, mostBytes: Self.mostBytes)
        } catch {
            return responder.answer(error)
        }
        readings.answer(responder) { readings in
            let reader = DeadLetterReader(source: readings.source, topic: readings.topics.name(.deadLetters))
            let (items, next) = try page.read(reader, until: Deadline(after: Self.longest))
            let cursor = next.map { Cursor.text(after: Array("\($0)".utf8), of: name) }
            var response = Response(
                json: .object([JSON.Member("items", .array(items)), JSON.Member("next", cursor.map(JSON.string) ?? .null)]))
            note(&response)
            if let cursor { response.headers["Link"] = "<\(nextTarget(request, cursor))>; rel=\"next\"" }
            return response
        }
    }

    private static func place(_ text: String) throws(ProblemDocument) -> DeadLetterPlace {
        guard let place = DeadLetterPlace(text) else {
            throw ProblemDocument(.queryInvalid, "the parameter 'at' is no place", hint: "a partition and an offset, such as 0/12")
        }
        return place
    }
}
