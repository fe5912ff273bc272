// Publishing over HTTP: definitions are read and checked as the daemon would, written to the control topic, and followed until they are
// committed. A definition with problems is not written.
import Campaigns
import Engine
import HTTP
import Kafka
import Wire

extension Resources {
    /// POST campaigns.
    func publishCampaign(_ request: Request, _ responder: Responder) {
        guard let definition = json(in: request, responder) else { return }
        let event = JSON.object([JSON.Member("type", .string("campaign.published")), JSON.Member("campaign", definition)])
        interface.questions.check(responder) { machine in
            let problems = machine.problems(ofCampaign: definition)
            if !problems.isEmpty {
                return Resources.invalid(problems, definition.text("id").map { "campaign \(shown($0))" } ?? "the campaign")
            }
            return Resources.differs(request, version: definition.text("id").flatMap { machine.engine.campaign($0)?.version })
        } then: {
            publish(event, request, responder)
        }
    }

    /// POST schemas.
    func publishSchema(_ request: Request, _ responder: Responder) {
        guard let definition = json(in: request, responder) else { return }
        let event = JSON.object([JSON.Member("type", .string("schema.published")), JSON.Member("schema", definition)])
        interface.questions.check(responder) { machine in
            let problems = machine.problems(ofSchema: definition)
            if !problems.isEmpty {
                return Resources.invalid(problems, definition.text("name").map { "schema \(shown($0))" } ?? "the schema")
            }
            // A schema has no versions: it is there, or it is new.
            let isThere = definition.text("name").map { machine.isTable($0) } ?? false
            if request.isMeant(for: isThere ? "there" : nil) { return nil }
            return ProblemDocument(
                .versionDiffers, isThere ? "the schema is there already" : "there is no such schema yet",
                hint: "schemas have no versions; If-Match: * replaces one that is there, If-None-Match: * wants a new one")
        } then: {
            publish(event, request, responder)
        }
    }

    /// POST campaigns/{id}:stop.
    func stopCampaign(_ request: Request, _ responder: Responder) { end("campaign.stopped", request, responder) }

    /// DELETE campaigns/{id}.
    func deleteCampaign(_ request: Request, _ responder: Responder) { end("campaign.deleted", request, responder) }

    private func end(_ type: String, _ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        let event = JSON.object([JSON.Member("type", .string(type)), JSON.Member("campaignId", .string(id))])
        interface.questions.check(responder) { machine in
            guard let campaign = machine.engine.campaign(id) else { return unknown("campaign", id, known: \.campaignIds) }
            return Resources.differs(request, version: campaign.version)
        } then: {
            publish(event, request, responder)
        }
    }

    /// POST campaigns:validate.
    func validateCampaign(_ request: Request, _ responder: Responder) {
        guard let definition = json(in: request, responder) else { return }
        interface.questions.ask(.validation, responder) { machine in
            let problems = machine.problems(ofCampaign: definition)
            return .gathered {
                Response(
                    json: .object([
                        JSON.Member("valid", .boolean(problems.isEmpty)), JSON.Member("problems", .array(problems.map(\.json))),
                    ]))
            }
        }
    }

    /// GET publications/{offset}.
    func publication(_ request: Request, _ responder: Responder) {
        guard let offset = Int64(request.parameters["offset"]!), offset >= 0 else {
            return responder.answer(ProblemDocument(.notFound, "an offset of the control topic is a whole number"))
        }
        let (found, last) = interface.committed { ($0.json(ofPublication: offset), $0.publications.last) }
        if let found { return send(found.json, tag: nil, to: responder) }
        if let last, offset <= last {
            return responder.answer(
                ProblemDocument(
                    .notFound, "nothing is remembered of the control event at \(offset)",
                    hint: "the last \(Publications.most) since the start are; audience-updated has all of them"))
        }
        send(.object([JSON.Member("state", .string("pending")), JSON.Member("offset", .integer(offset))]), tag: nil, to: responder)
    }

    // Steps.

    /// The body as JSON; who sent none is told so.
    func json(in request: Request, _ responder: Responder) -> JSON? {
        // The parser reads ahead.
        let padded = request.body + [UInt8](repeating: 0, count: 64)
        let read = padded.withUnsafeBytes { bytes in
            Result { () throws(Refusal) in try JSONReader().value(UnsafeRawBufferPointer(rebasing: bytes[..<request.body.count])) }
        }
        switch read {
        case .success(let definition): return definition
        case .failure(let refusal):
            let fault = request.body.withUnsafeBytes { JSONFault.find(in: $0) }
            var problem = ProblemDocument(.bodyMalformed, fault?.message ?? refusal.reason)
            if let fault {
                problem.members = [
                    JSON.Member("line", .integer(Int64(fault.line))), JSON.Member("column", .integer(Int64(fault.column))),
                ]
            }
            responder.answer(problem)
            return nil
        }
    }

    /// Definitions that have problems.
    static func invalid(_ problems: [Problem], _ what: String) -> ProblemDocument {
        let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
        return ProblemDocument(
            .definitionInvalid, "\(count) in \(what); nothing was published",
            members: [JSON.Member("problems", .array(problems.map(\.json)))])
    }

    private static func differs(_ request: Request, version: Int?) -> ProblemDocument? {
        if request.isMeant(for: version.map(String.init)) { return nil }
        return ProblemDocument(
            .versionDiffers, version.map { "version \($0) is live" } ?? "there is no such campaign yet",
            hint: "If-Match names the version that is to be replaced; If-None-Match: * wants a new campaign")
    }

    /// Writes a control event, and answers when it is committed or the time is up.
    private func publish(_ event: JSON, _ request: Request, _ responder: Responder) {
        if BrokerReach.current.isAway {
            return responder.answer(ProblemDocument(.kafkaUnreachable, "no broker answers, so nothing can be published"))
        }
        // The server's own limit begins with the request.
        let wait = Duration.seconds(min(request.query.integer("wait") ?? 10, 25))
        let isTaken = publisher.publish(event, isWanted: { !responder.isOver }) { result in
            switch result {
            case .failure(let error):
                responder.answer(ProblemDocument(.kafkaUnreachable, "the control event was not written: \(error)"))
            case .success(let offset):
                interface.waiters.wait(responder, for: wait) { state in
                    guard let found = state.json(ofPublication: offset) else { return nil }
                    let response = Resources.answer(found, offset, state)
                    return { responder.answer(response) }
                } late: {
                    var response = Response(
                        status: 202, json: .object([JSON.Member("state", .string("pending")), JSON.Member("offset", .integer(offset))]))
                    response.headers["Location"] = Resources.location(offset)
                    responder.answer(response)
                }
            }
        }
        if !isTaken { responder.answer(ProblemDocument(.tooBusy, "too many control events wait to be written")) }
    }

    private static func location(_ offset: Int64) -> String { "\(root)/publications/\(offset)" }

    private static func answer(_ found: (state: String, json: JSON), _ offset: Int64, _ state: CommittedState) -> Response {
        var response: Response
        if found.state == "rejected", case .array(let problems)? = found.json["problems"] {
            response =
                ProblemDocument(
                    .definitionInvalid, "the control event at \(offset) was refused",
                    members: [JSON.Member("problems", .array(problems)), JSON.Member("offset", .integer(offset))]
                ).response
        } else {
            response = Response(status: 201, json: found.json)
        }
        response.headers["Location"] = location(offset)
        response.note(sequence: state.sequence, clock: state.clock)
        return response
    }
}
