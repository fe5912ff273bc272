// What a Connect schema says of the fields of a struct (contract §3, "beside the Connect schema that describes them"). It is walked on the
// tape where a value asks for it, so a record without decimals and instants pays nothing for the schema it carries.
import Engine

struct ConnectFields {
    /// The place of the array of descriptions; 0 where nothing is described.
    private var list = 0
    /// Where the next field is looked for first: they mostly come in the order of the row.
    private var next = 0

    /// Nothing is described.
    static let none = ConnectFields()

    private init() {}

    /// The fields of a struct's description.
    init(of description: Int, _ tape: JSONTape) {
        guard description != RecordShape.none, let fields = tape.member("fields", of: description), tape.kind(fields) == .array else {
            return
        }
        list = fields
        next = fields + 1
    }

    /// The fields of one struct within another: of `before` or `after` in what Debezium writes.
    init(of description: Int, within name: StaticString, _ tape: JSONTape) {
        var envelope = ConnectFields(of: description, tape)
        let name = UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        self.init(of: envelope.field(name, tape) ?? RecordShape.none, tape)
    }

    /// The place of a field's description.
    mutating func field(_ name: UnsafeRawBufferPointer, _ tape: JSONTape) -> Int? {
        guard list != 0 else { return nil }
        let (first, start, end) = (list + 1, next, Int(tape.words[list] & 0xffff_ffff) - 1)
        return find(name, from: start, to: end, tape) ?? find(name, from: first, to: start, tape)
    }

    private mutating func find(_ name: UnsafeRawBufferPointer, from start: Int, to end: Int, _ tape: JSONTape) -> Int? {
        var at = start
        while at < end {
            let item = at
            at = tape.after(item)
            guard let field = tape.member("field", of: item), tape.kind(field) == .string else { continue }
            let found = tape.text(field)
            if found.count == name.count && equalBytes(found, name) {
                next = at
                return item
            }
        }
        return nil
    }
}
