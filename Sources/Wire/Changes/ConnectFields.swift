// What a Connect schema says of the fields of a struct (contract §3, "beside the Connect schema that describes them"). It is walked on the
// tape where a value asks for it, so a record without decimals and instants pays nothing for the schema it carries.
import Engine

struct ConnectFields {
    /// The place of the array of descriptions; 0 where nothing is described.
    private var list = 0
    /// Where the next field is looked for: they mostly come in the order of the row.
    private var next = 0
    /// The places of the descriptions by the number of the field, 0 where there is none; made for rows in another order, so that each
    /// list is walked twice at most.
    private var places: [Int]?

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
        let envelope = ConnectFields(of: description, tape)
        var found = RecordShape.none
        envelope.forEachField(from: envelope.next, tape) { item, field in
            guard isEqual(field, name) else { return true }
            found = item
            return false
        }
        self.init(of: found, tape)
    }

    /// The place of the description of a table's field.
    mutating func description(of field: Int, _ table: borrowing TableDecoder, _ tape: JSONTape) -> Int? {
        guard list != 0 else { return nil }
        if let places { return places[field] == 0 ? nil : places[field] }
        var found = 0
        let end = forEachField(from: next, tape) { item, name in
            if table.isSame(name, table.fields[field].name) { found = item }
            return found == 0
        }
        if found != 0 {
            next = end
            return found
        }
        var places = [Int](repeating: 0, count: table.fields.count)
        forEachField(from: list + 1, tape) { item, name in
            if let field = table.field(named: name), places[field] == 0 { places[field] = item }
            return true
        }
        self.places = places
        return places[field] == 0 ? nil : places[field]
    }

    /// Calls the body with the places and field names of descriptions until it says no. Returns the place after the last.
    @discardableResult
    private func forEachField(from start: Int, _ tape: JSONTape, _ body: (Int, UnsafeRawBufferPointer) -> Bool) -> Int {
        guard list != 0 else { return start }
        let end = Int(tape.words[list] & 0xffff_ffff) - 1
        var at = start
        while at < end {
            let item = at
            at = tape.after(item)
            guard let field = tape.member("field", of: item), tape.kind(field) == .string else { continue }
            if !body(item, tape.text(field)) { break }
        }
        return at
    }
}
