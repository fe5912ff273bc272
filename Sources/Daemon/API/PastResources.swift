// What was: the history of an audience, and earlier versions of a campaign, whose definitions are read from the control topic.
import Campaigns
import Engine
import HTTP
import Kafka
import Wire

extension Resources {
    /// GET audiences/{id}/history.
    func history(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        guard interface.committed({ $0.audiences[id] != nil }) else {
            return responder.answer(unknown("audience", id, known: \.audienceIds))
        }
        let step = request.query.text("step").flatMap(HistoryStep.init(rawValue:)) ?? .fiveMinutes
        let (from, to) = (request.query.instant("from") ?? .min, request.query.instant("to") ?? .max)
        interface.questions.ask(.past, responder) { machine in
            guard let number = machine.engine.number(ofAudience: id), let past = machine.past else {
                return .written(ProblemDocument(.notFound, "there is no audience \(shown(id))").response)
            }
            let clock = machine.engine.clock
            let (first, last) = (max(from, clock - step.kept * step.milliseconds), min(to, clock))
            let points = past.audiences.points(
                of: id, in: step, from: first, to: last, now: clock, size: machine.engine.audience(number).size)
            let (begin, steps) = (past.audiences.begin, past.audiences.steps)
            let causes = past.audiences.causes(of: id, now: clock)
            return .gathered {
                Response(
                    json: .object([
                        JSON.Member("audience", .string(id)), JSON.Member("step", .string(step.rawValue)),
                        JSON.Member("since", begin.map(JSON.instant) ?? .null),
                        JSON.Member("steps", .array(steps.map { .string($0.rawValue) })),
                        JSON.Member("points", .array(points.map { Resources.json($0.point, at: $0.begin) })),
                        JSON.Member(
                            "causes",
                            causes.map {
                                .object([
                                    JSON.Member("since", .instant($0.since)), JSON.Member("entered", Resources.byCause($0.entered)),
                                    JSON.Member("left", Resources.byCause($0.left)),
                                ])
                            } ?? .null),
                    ]))
            }
        }
    }

    /// Those of which there are any.
    private static func byCause(_ counts: SIMD8<UInt32>) -> JSON {
        .object(
            Cause.allCases.map { ($0, counts[Int($0.rawValue)]) }.filter { $0.1 > 0 }.map {
                JSON.Member($0.0.text, .integer(Int64($0.1)))
            })
    }

    private static func json(_ point: HistoryPoint, at begin: Int64) -> JSON {
        .object([
            JSON.Member("time", .instant(begin)), JSON.Member("size", .integer(Int64(point.size))),
            JSON.Member("entered", .integer(Int64(point.entered))), JSON.Member("left", .integer(Int64(point.left))),
        ])
    }

    /// GET campaigns/{id}/versions/{n}.
    func campaignVersion(_ request: Request, _ responder: Responder) {
        let (id, text) = (request.parameters["id"]!, request.parameters["n"]!)
        guard let entry = interface.committed({ $0.campaigns[id] }) else {
            return responder.answer(unknown("campaign", id, known: \.campaignIds))
        }
        guard let number = Int(text), (1...entry.version).contains(number) else {
            return responder.answer(
                ProblemDocument(
                    .notFound, "the campaign \(shown(id)) has no version \(shown(text))", hint: "versions are 1 to \(entry.version)"))
        }
        interface.questions.ask(.past, responder) { machine in
            guard let version = machine.past?.versions.version(number, of: id) else {
                // Published before versions were noted: what is live is known all the same.
                if number == entry.version {
                    return .gathered { Resources.response(id, number, nil, JSON(text: entry.definition) ?? .null) }
                }
                let problem = ProblemDocument(
                    .notFound, "version \(number) of the campaign \(shown(id)) is not remembered",
                    hint: "the last \(CampaignVersions.most) are; the control topic has all")
                return .written(problem.response)
            }
            // A version that is not committed yet is none that could be asked for: the number was compared with what is committed.
            readings.answer(responder) { readings in
                var response = Resources.response(id, number, version, try readings.definition(at: version.offset))
                note(&response)
                // A version never changes.
                response.entityTag = String(version.sequence)
                return response
            }
            return nil
        }
    }

    private static func response(_ id: String, _ number: Int, _ version: CampaignVersions.Version?, _ definition: JSON) -> Response {
        Response(
            json: .object([
                JSON.Member("id", .string(id)), JSON.Member("version", .integer(Int64(number))),
                JSON.Member("liveAt", version.flatMap { InstantText.isInRange($0.clock) ? .instant($0.clock) : nil } ?? .null),
                JSON.Member("sequence", version.map { .integer($0.sequence) } ?? .null),
                JSON.Member("offset", version.map { .integer($0.offset) } ?? .null), JSON.Member("definition", definition),
            ]))
    }
}

extension TopicReadings {
    /// The campaign that a control event publishes.
    fileprivate func definition(at offset: Int64) throws -> JSON {
        let reader = try source.reader(
            of: [AssignedPartition(topic: topics.control, partition: 0, start: .offset(offset))],
            options: ConsumerOptions(reportsPartitionEnd: true, fetchWait: .milliseconds(10)), wakeUp: try WakeUp())
        defer { reader.close(deadline: Patience.close) }
        var batch = RecordBatch()
        let deadline = Deadline(after: Patience.quickAnswer)
        while !deadline.hasPassed {
            let taken = try reader.poll(partition: 0, into: &batch, maximumRecords: 1, maximumBytes: 1, timeout: .milliseconds(200))
            guard taken > 0 else { continue }
            let event = batch[0].offset == offset ? batch[0].value.flatMap { JSONReader().tree($0) } : nil
            // A CloudEvent around it, or none.
            if let definition = event?["campaign"] ?? event?["data"]?["campaign"] { return definition }
            break
        }
        throw DaemonFailure(.unavailable, "\(topics.control)/0 offset \(offset): the campaign published there cannot be read")
    }
}
