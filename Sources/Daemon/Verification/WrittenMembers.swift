// Members that the engine has written out, with their attributes as one JSON object each, read back into values: of what is memory the
// plain evaluator takes the engine's word.
import Campaigns
import Engine
import Oracle
import Wire

/// Reads members back.
struct WrittenMembers {
    private let reader = JSONReader()

    /// Members by identity, with the values of the attributes whose types are given.
    func read(_ table: MemberTable, _ columns: [String: ValueType]) -> KeptMembers {
        var members: KeptMembers = [:]
        for place in 0..<table.count {
            table.withMember(place) { identity, rows, attributes in
                members[Array(identity)] = KeptMember(rows: rows, values: values(Array(attributes), columns))
            }
        }
        return members
    }

    private func values(_ attributes: [UInt8], _ columns: [String: ValueType]) -> Columns {
        let padded = attributes + [UInt8](repeating: 0, count: 64)
        let object = padded.withUnsafeBytes { reader.tree(UnsafeRawBufferPointer(rebasing: $0[..<attributes.count])) }
        var values: Columns = [:]
        for (name, type) in columns { values.updateValue(object?[name].flatMap { Datum($0, type) }, forKey: name) }
        return values
    }
}

extension Datum {
    /// A value of a type as an attribute writes it; nil is null.
    fileprivate init?(_ value: JSON, _ type: ValueType) {
        switch (type, value) {
        case (.boolean, .boolean(let truth)): self = .boolean(truth)
        case (.integer, .integer(let number)): self = .integer(number)
        case (.double, .double(let number)): self = .double(number)
        case (.double, .integer(let number)): self = .double(Double(number))
        case (.string, .string(let text)): self = .text(Array(text.utf8))
        case (.date, .string(let text)):
            guard let day = CivilDate.day(of: text) else { return nil }
            self = .date(day)
        case (.datetime, .string(let text)):
            guard let instant = InstantText.milliseconds(of: text) else { return nil }
            self = .instant(instant)
        default: return nil
        }
    }
}
