// Members, and why: answered by the engine between two commits.
import Campaigns
import Engine
import HTTP

extension Resources {
    /// How many identities a page looks at besides those that it may list: it may be shorter than asked for, even empty, with a `next`.
    private static let mostPassedOver = 1000

    /// GET audiences/{id}/members.
    func members(_ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        let prefix = request.query.text("prefix") ?? ""
        let name = "members \(id) \(prefix)"
        let last: [UInt8]?
        do throws(ProblemDocument) { last = try Cursor.last(of: request.query.text("after"), in: name) } catch {
            return responder.answer(error)
        }
        guard interface.committed({ $0.audiences[id] != nil }) else {
            return responder.answer(unknown("audience", id, known: \.audienceIds))
        }
        let limit = Int(request.query.integer("limit") ?? 100)
        let page = MembersPage(
            audience: id, prefix: Array(prefix.utf8), last: last, limit: limit, name: name,
            foreseesExits: request.query.flag("validUntil"))
        list(page, request, responder)
    }

    /// What is asked for.
    private struct MembersPage: Sendable {
        let audience: String
        let prefix: [UInt8]
        /// The identity that it comes after.
        let last: [UInt8]?
        let limit: Int
        /// What its cursor is of.
        let name: String
        /// Whether each says when it leaves by time alone.
        let foreseesExits: Bool
    }

    /// Asks for a page, again until the identities are in order.
    private func list(_ page: MembersPage, _ request: Request, _ responder: Responder) {
        interface.questions.ask(.members, responder) { machine in
            // Another life may have come, which knows no audience that was retired.
            guard let number = machine.engine.number(ofAudience: page.audience) else {
                return .written(ProblemDocument(.notFound, "there is no audience \(shown(page.audience))").response)
            }
            let namespace = machine.engine.audience(number).namespace
            let isReady = interface.orders.prepare(namespace, in: machine.engine) {
                // Somebody who was told that it took too long may ask again.
                if !responder.isOver { list(page, request, responder) }
            }
            return isReady ? answer(page, number, machine, request) : nil
        }
    }

    private func answer(_ page: MembersPage, _ number: Int, _ machine: StateMachine, _ request: Request) -> CommittedAnswer {
        let (namespace, mostLookedAt) = (machine.engine.audience(number).namespace, page.limit + Self.mostPassedOver)
        let identities = interface.orders.identities(
            of: namespace, in: machine.engine, after: page.last, prefix: page.prefix, most: mostLookedAt)
        let listed = machine.engine.members(identities, of: number, most: page.limit, foreseesExits: page.foreseesExits)
        // There are more where the page is full, or where as many were looked at as may be.
        let hasMore = listed.lookedAt < identities.count || identities.count == mostLookedAt
        let end = hasMore && listed.lookedAt > 0 ? machine.engine.identity(identities[listed.lookedAt - 1], of: namespace) : nil
        let size = machine.engine.audience(number).size
        return .gathered {
            let cursor = end.map { Cursor.text(after: $0, of: page.name) }
            let text = Resources.text(
                of: listed.members, namespace: namespace, foreseesExits: page.foreseesExits, next: cursor, size: size)
            var response = Response(json: text)
            if let cursor { response.headers["Link"] = "<\(nextTarget(request, cursor))>; rel=\"next\"" }
            return response
        }
    }

    private static func text(of members: [ListedMember], namespace: String, foreseesExits: Bool, next: String?, size: Int) -> JSONText {
        var text = JSONText()
        text.append(raw: "{\"items\":[")
        for (place, member) in members.enumerated() {
            text.append(raw: place == 0 ? "{\"identity\":{\"namespace\":" : ",{\"identity\":{\"namespace\":")
            text.append(string: namespace)
            text.append(raw: ",\"id\":")
            member.identity.withUnsafeBytes { text.append(string: $0) }
            text.append(raw: "},\"rows\":")
            text.append(integer: Int64(member.rows))
            text.append(raw: ",\"attributes\":")
            text.append(raw: member.attributes)
            if foreseesExits {
                text.append(raw: ",\"validUntil\":")
                text.append(member.validUntil.map(JSON.instant) ?? .null)
            }
            text.append(raw: "}")
        }
        text.append(raw: "],\"next\":")
        text.append(next.map(JSON.string) ?? .null)
        text.append(raw: ",\"size\":")
        text.append(integer: Int64(size))
        text.append(raw: "}")
        return text
    }

    /// GET audiences/{id}/members/{namespace}/{identity}.
    func explainIdentity(_ request: Request, _ responder: Responder) {
        let subject = Explained.Subject.identity(namespace: request.parameters["namespace"]!, id: request.parameters["identity"]!)
        explain(subject, request, responder)
    }

    /// GET audiences/{id}/rows/{key}.
    func explainRecord(_ request: Request, _ responder: Responder) {
        explain(.record(key: request.parameters["key"]!), request, responder)
    }

    private func explain(_ subject: Explained.Subject, _ request: Request, _ responder: Responder) {
        let id = request.parameters["id"]!
        guard let entry = interface.committed({ $0.audiences[id] }) else {
            return responder.answer(unknown("audience", id, known: \.audienceIds))
        }
        if case .identity(let namespace, _) = subject, namespace != entry.namespace {
            return responder.answer(
                ProblemDocument(
                    .notFound, "the audience \(shown(id)) has no identities of the namespace \(shown(namespace))",
                    hint: "it has those of \(entry.namespace)"))
        }
        interface.questions.ask(.explain, responder) { machine in
            guard let gathered = machine.gatherExplanation(of: subject, in: id) else {
                return .written(ProblemDocument(.notFound, "there is no audience \(shown(id))").response)
            }
            return .gathered { Response(json: Explained(gathered).json) }
        }
    }
}
