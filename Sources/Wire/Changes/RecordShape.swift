// The members that tell the formats of changes apart (contract §3), found in one walk over an object of the tape.

struct RecordShape {
    /// The place of a member that is not there: no value stands at the tape's beginning.
    static let none = 0

    // Places of the members' values. Of duplicate members the last counts.
    private(set) var changeRequest = none
    private(set) var table = none
    private(set) var operation = none
    private(set) var row = none
    private(set) var schema = none
    private(set) var payload = none
    private(set) var before = none
    private(set) var after = none
    private(set) var source = none
    private(set) var deleted = none
    private(set) var type = none
    // Of a structured CloudEvent.
    private(set) var specificationVersion = none
    private(set) var data = none
    private(set) var eventOperation = none
    private(set) var eventTable = none

    /// `record` is the place of an object.
    @inline(__always)
    init(_ record: Int, of tape: JSONTape) {
        let end = Int(tape.words[record] & 0xffff_ffff) - 1
        var at = record + 1
        while at < end {
            let name = tape.text(at)
            let value = at + 1
            at = tape.after(value)
            switch name.count {
            case 2 where isEqual(name, "op"): operation = value
            case 3 where isEqual(name, "row"): row = value
            case 4 where isEqual(name, "type"): type = value
            case 4 where isEqual(name, "data"): data = value
            case 5 where isEqual(name, "table"): table = value
            case 5 where isEqual(name, "after"): after = value
            case 6 where isEqual(name, "before"): before = value
            case 6 where isEqual(name, "source"): source = value
            case 6 where isEqual(name, "schema"): schema = value
            case 7 where isEqual(name, "payload"): payload = value
            case 9 where isEqual(name, "__deleted"): deleted = value
            case 11 where isEqual(name, "specversion"): specificationVersion = value
            case 12 where isEqual(name, "iodebeziumop"): eventOperation = value
            case 15 where isEqual(name, "iodebeziumtable"): eventTable = value
            case 20 where isEqual(name, "_change_request_type"): changeRequest = value
            default: break
            }
        }
    }

    var isStructuredEvent: Bool { specificationVersion != RecordShape.none && data != RecordShape.none }

    var isDebezium: Bool {
        operation != RecordShape.none && (before != RecordShape.none || after != RecordShape.none || source != RecordShape.none)
    }

    /// Members that belong to a format and not to the row beside them.
    static func isOfFormat(_ name: UnsafeRawBufferPointer) -> Bool {
        isEqual(name, "__deleted") || isEqual(name, "_change_request_type")
    }
}
