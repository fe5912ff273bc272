// The definitions that were accepted, as texts: what an image has in place of what was made of them. Schemas only grow, and a campaign
// was read when there were so many of them: read again in the same order, each definition means what it meant.
import Campaigns

/// What is live or stopped of definitions.
struct AcceptedDefinitions {
    struct Accepted: Equatable {
        /// Canonical JSON.
        var text: [UInt8]
        /// How many definitions of schemas came before.
        var schemas: Int
    }

    /// Each that brought something, an extension too, in the order in which they came.
    private(set) var schemas: [[UInt8]] = []
    /// By their ids: of the last version.
    private(set) var campaigns: [String: Accepted] = [:]

    mutating func take(schema definition: JSON) { schemas.append(AcceptedDefinitions.text(definition)) }

    mutating func take(campaign id: String, _ definition: JSON) {
        campaigns[id] = Accepted(text: AcceptedDefinitions.text(definition), schemas: schemas.count)
    }

    mutating func forget(campaign id: String) { campaigns[id] = nil }

    private static func text(_ definition: JSON) -> [UInt8] {
        var text = JSONText()
        text.append(definition)
        return text.bytes
    }
}
