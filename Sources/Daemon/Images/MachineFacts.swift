// What the state machine holds that no function of anything else gives, besides rows and texts.
//
//   {"sequence", "lastChanges": [[number of an audience, sequence]], "attributes": {audience: [[name, type]]}}
import Campaigns
import Engine

struct MachineFacts {
    var engine: EngineFacts
    var definitions: AcceptedDefinitions
    /// Of the last commit.
    var sequence: Int64
    /// By the audience's number.
    var lastChanges: [Int: Int64]
    /// By the audience's id.
    var attributes: [String: [SnapshotColumn]]
    /// In sections of its own; nil where nobody keeps it, or the image has none.
    var past: Past?

    var json: JSON {
        .object([
            .init("sequence", .integer(sequence)),
            .init(
                "lastChanges",
                .array(
                    lastChanges.sorted { $0.key < $1.key }.map { .array([.integer(Int64($0.key)), .integer($0.value)]) })),
            .init(
                "attributes",
                .object(
                    attributes.sorted { $0.key < $1.key }.map { audience, columns in
                        .init(audience, .array(columns.map { .array([.string($0.name), .string($0.type)]) }))
                    })),
        ])
    }

    init(
        engine: EngineFacts, definitions: AcceptedDefinitions, sequence: Int64, lastChanges: [Int: Int64],
        attributes: [String: [SnapshotColumn]], past: Past?
    ) {
        self.engine = engine
        self.definitions = definitions
        self.sequence = sequence
        self.lastChanges = lastChanges
        self.attributes = attributes
        self.past = past
    }

    init(_ json: JSON, engine: EngineFacts, definitions: AcceptedDefinitions, past: Past?) throws(FactsError) {
        self.past = past
        self.engine = engine
        self.definitions = definitions
        sequence = try json.integer(of: "sequence")
        lastChanges = [:]
        for change in try json.items(of: "lastChanges") {
            guard case .array(let pair) = change, pair.count == 2, case .integer(let audience) = pair[0],
                case .integer(let sequence) = pair[1]
            else { throw FactsError("a last change is no pair of integers") }
            lastChanges[Int(audience)] = sequence
        }
        attributes = try json.members(of: "attributes") { columns throws(FactsError) in
            guard case .array(let columns) = columns else { throw FactsError("attributes are no array") }
            var read: [SnapshotColumn] = []
            for column in columns {
                guard case .array(let pair) = column, pair.count == 2, case .string(let name) = pair[0], case .string(let type) = pair[1]
                else { throw FactsError("an attribute is no pair of texts") }
                read.append(SnapshotColumn(name: name, type: type))
            }
            return read
        }
    }
}
