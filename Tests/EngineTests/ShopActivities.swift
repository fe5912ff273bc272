// Campaigns of a shop (Shop.swift) of more than a filter and a save, and what their audiences hold.
import Campaigns
import Testing

@testable import Engine

extension Shop {
    static let email = field("customers", 1, .string)

    static let isFrench = Expression.compare(.equal, field("customers", 2, .string), .literal(.string("FR")))

    static let bought = [AggregateStep(link: LinkStep(schema: "purchases", link: 0), isForward: false)]

    static func build(_ filter: Expression? = nil, of schema: String = "customers", as id: String = "build") -> Activity {
        .build(BuildAudience(id: id, dimension: schema, filter: filter))
    }

    static func save(
        _ from: String, _ output: String = Transition.main, as audience: String, identity: Expression = email,
        attributes: [Attribute] = [], mode: SaveAudience.Mode = .mirror
    ) -> Activity {
        .save(
            SaveAudience(
                id: "save-\(audience)", position: 0, from: Transition(activity: from, output: output), audience: audience, label: audience,
                identity: identity, namespace: "Email", attributes: attributes, mode: mode))
    }

    /// Those whom another campaign saves.
    static func read(_ audience: String, columns: [ReadAudience.Column] = [], as id: String) -> Activity {
        .read(
            ReadAudience(
                id: id, position: 0, audience: audience, namespace: "Email", dimension: "customers", identityField: 1, columns: columns))
    }

    /// A condition on the number of rows.
    static func count(_ comparison: Comparison, _ number: Int) -> Expression {
        .compare(comparison, .carried(RecordCount.name, type: .integer), .literal(.integer(Int64(number))))
    }

    func publish(_ id: String, _ activities: [Activity]) {
        _ = engine.publish(Campaign(id: id, name: id, timezone: "UTC", activities: activities), zone: .utc, into: difference)
    }

    /// The identities of an audience, their rows and attributes.
    func members(_ audience: String) -> [String: String] {
        guard let number = (0..<engine.audienceCount).first(where: { engine.audience($0).id == audience }) else { return [:] }
        let table = engine.members(of: number)
        var found: [String: String] = [:]
        for place in 0..<table.count {
            table.withMember(place) { found[String(decoding: $0, as: UTF8.self)] = "\($1) \(String(decoding: $2, as: UTF8.self))" }
        }
        return found
    }

    /// What the commit at hand said of an audience: status and cause of each identity.
    func said(_ audience: String) -> [String: String] {
        var found: [String: String] = [:]
        for member in difference.members where engine.audience(member.audience).id == audience {
            let identity = difference.withTexts(of: member) { identity, _ in String(decoding: identity, as: UTF8.self) }
            found[identity] = "\(member.status) by \(member.cause)"
        }
        return found
    }
}
