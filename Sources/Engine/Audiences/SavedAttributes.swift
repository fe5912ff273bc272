// What members and requests carry, as one JSON object: nodes of the row, and before each the JSON of its name: `{"country":`, `,"age":`.
import Campaigns

struct SavedAttributes: ~Copyable {
    fileprivate(set) var nodes = Vector<NodeNumber>()
    fileprivate var prefixes: [[UInt8]] = []

    /// The nodes, for whoever reads them.
    var all: [NodeNumber] { (0..<nodes.count).map { nodes[$0] } }
}

extension Engine {
    /// The attributes of rows of a frame.
    mutating func savedAttributes(_ attributes: [Attribute], in frame: Frame) -> SavedAttributes {
        var saved = SavedAttributes()
        for attribute in attributes {
            var name = JSONText()
            name.append(raw: saved.prefixes.isEmpty ? "{" : ",")
            name.append(string: attribute.name)
            name.append(raw: ":")
            saved.prefixes.append(name.bytes)
            saved.nodes.append(build(attribute.source, in: frame))
        }
        return saved
    }

    /// Leaves the attributes of a row in `attributeText`, as one JSON object. `attributes` stands in the plan or among the audiences, so
    /// that it is read place by place.
    mutating func writeAttributes(
        _ row: RowNumber, count: Int, _ attribute: (borrowing Engine, Int) -> (node: NodeNumber, prefix: [UInt8])
    ) {
        scratch.attributeText.bytes.removeAll(keepingCapacity: true)
        scratch.texts.reset()
        if count == 0 { scratch.attributeText.append(raw: "{") }
        for place in 0..<count {
            let (node, prefix) = attribute(self, place)
            scratch.attributeText.bytes.append(contentsOf: prefix)
            let value = value(node, row)
            switch value.kind {
            case .null: scratch.attributeText.appendNull()
            case .boolean: scratch.attributeText.append(boolean: value.bits != 0)
            case .integer: scratch.attributeText.append(integer: value.integer)
            case .double: scratch.attributeText.append(double: value.double)
            case .text: scratch.attributeText.append(string: value.text)
            case .date: scratch.attributeText.append(date: Int32(value.integer))
            case .instant: scratch.attributeText.append(instant: value.integer)
            }
        }
        scratch.attributeText.append(raw: "}")
    }
}

extension SavedAttributes {
    /// The node of an attribute, and what stands before its value.
    func attribute(at place: Int) -> (node: NodeNumber, prefix: [UInt8]) { (nodes[place], prefixes[place]) }
}
