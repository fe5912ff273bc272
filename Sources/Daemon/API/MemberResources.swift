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
                return ProblemDocument(.notFound, "there is no audience \(shown(page.audience))").response
            }
            let namespace = machine.engine.audience(number).namespace
            let isReady = interface.orders.prepare(namespace, in: machine.engine) {
                // Somebody who was told that it took too long may ask again.
                if !responder.isOver { list(page, request, responder) }
            }
            return isReady ? answer(page, number, machine, request) : nil
        }
    }

    private func answer(_ page: MembersPage, _ number: Int, _ machine: StateMachine, _ request: Request) -> Response {
        let (namespace, mostLookedAt) = (machine.engine.audience(number).namespace, page.limit + Self.mostPassedOver)
        var numbers: [Int32] = []
        interface.orders.forEach(namespace, in: machine.engine, after: page.last, prefix: page.prefix) { identity in
            numbers.append(identity)
            return numbers.count < mostLookedAt
        }
        var items: [JSON] = []
        var end: [UInt8]?
        for (place, identity) in numbers.enumerated() {
            guard items.count < page.limit else { break }
            let text = machine.engine.identity(identity, of: namespace)
            let isLast = place == numbers.count - 1 && numbers.count < mostLookedAt
            end = isLast ? nil : text
            guard let member = machine.engine.member(identity, of: number) else { continue }
            let identity: [JSON.Member] = [
                JSON.Member("namespace", .string(namespace)), JSON.Member("id", .string(String(decoding: text, as: UTF8.self))),
            ]
            var item = [
                JSON.Member("identity", .object(identity)), JSON.Member("rows", .integer(Int64(member.rows))),
                JSON.Member("attributes", JSON(text: member.attributes) ?? .object([])),
            ]
            if page.foreseesExits {
                let exit = machine.engine.validUntil(numbers[place], of: number)
                item.append(JSON.Member("validUntil", exit.map(JSON.instant) ?? .null))
            }
            items.append(.object(item))
        }
        let cursor = end.map { Cursor.text(after: $0, of: page.name) }
        var response = Response(
            json: .object([
                JSON.Member("items", .array(items)), JSON.Member("next", cursor.map(JSON.string) ?? .null),
                JSON.Member("size", .integer(Int64(machine.engine.audience(number).size))),
            ]))
        if let cursor { response.headers["Link"] = "<\(nextTarget(request, cursor))>; rel=\"next\"" }
        return response
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
            guard let explained = machine.explain(subject, in: id) else {
                return ProblemDocument(.notFound, "there is no audience \(shown(id))").response
            }
            return Response(json: explained.json)
        }
    }
}
