// The members of every audience as its events say: what those who read `audience-members` hold.
import Engine
import Oracle

struct ToldMembers {
    struct Person: Hashable {
        var namespace: String
        var identity: [UInt8]
    }

    /// By the id of the audience.
    private var audiences: [String: [Person: Member]] = [:]

    subscript(audience: String) -> [Person: Member] { audiences[audience] ?? [:] }

    /// Takes in what a commit says.
    mutating func take(_ difference: Difference, of engine: borrowing Engine) {
        for member in difference.members {
            let (identity, attributes) = difference.withTexts(of: member) { (Array($0), Array($1)) }
            let person = Person(namespace: difference.namespaces[member.namespace], identity: identity)
            let isOut = member.status == .exited
            let told = isOut ? nil : Member(rows: member.rows, attributes: attributes)
            audiences[engine.audience(member.audience).id, default: [:]][person] = told
        }
    }
}
