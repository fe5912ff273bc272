// Values as connectors write them (contract §3, "Rows of connectors"), besides the forms that every format has: Debezium events and flat
// rows, with or without a Connect schema.
import Campaigns
import Engine

extension TableDecoder {
    /// Reads one value of a connector's row; false when it has the wrong type.
    func readConnector(
        _ value: Int, of tape: JSONTape, _ field: Int, _ described: inout ConnectFields, into batch: ChangeBatch, _ cell: Int
    ) -> Bool {
        let kind = tape.kind(value)
        if isUnavailable(value, tape) {
            // A key that is not there is a null key.
            if isKey[field] { batch.set(cell, .null) } else { batch.setUnchanged(cell) }
            return true
        }
        var unit = fields[field].unit
        switch fields[field].type {
        case .datetime where kind == .integer:
            unit = describedUnit(field, tape, &described) ?? unit
        case .date where kind == .integer:
            if let day = Int32(exactly: tape.integer(value)), (CivilDate.minimum...CivilDate.maximum).contains(day) {
                batch.set(cell, .date(day))
                return true
            }
        case .date where kind == .string:
            let text = tape.text(value)
            if text.count == 11, text[10] == UInt8(ascii: "Z"), let day = CivilDate.day(of: UnsafeRawBufferPointer(rebasing: text[..<10])) {
                batch.set(cell, .date(day))
                return true
            }
        case .boolean where kind == .integer:
            let number = tape.integer(value)
            if number == 0 || number == 1 {
                batch.set(cell, .boolean(number == 1))
                return true
            }
        case .integer where kind == .string || kind == .object, .double where kind == .string || kind == .object:
            if let number = number(value, kind, of: tape, field, &described) {
                batch.set(cell, number)
                return true
            }
        default:
            break
        }
        return read(value, kind, of: tape, field, unit: unit, into: batch, cell)
    }

    /// A large column that did not change, which Debezium does not have.
    @inline(__always)
    func isUnavailable(_ value: Int, _ tape: JSONTape) -> Bool {
        tape.kind(value) == .string && isEqual(tape.text(value), "__debezium_unavailable_value")
    }

    /// Why a value of a connector's row is refused.
    func connectorRefusal(_ value: Int, of tape: JSONTape, _ field: Int, _ described: inout ConnectFields) -> Refusal {
        let unit = describedUnit(field, tape, &described) ?? fields[field].unit
        return refusal(value, of: tape, field, hint: connectorHint(tape.kind(value), field, unit))
    }

    /// The unit that the Connect schema names for an instant.
    private func describedUnit(_ field: Int, _ tape: JSONTape, _ described: inout ConnectFields) -> InstantUnit? {
        guard let description = described.description(of: field, self, tape), let name = tape.member("name", of: description),
            tape.kind(name) == .string
        else { return nil }
        let text = tape.text(name)
        if isEqual(text, "io.debezium.time.Timestamp") || isEqual(text, "org.apache.kafka.connect.data.Timestamp") { return .milliseconds }
        if isEqual(text, "io.debezium.time.MicroTimestamp") { return .microseconds }
        if isEqual(text, "io.debezium.time.NanoTimestamp") { return .nanoseconds }
        return nil
    }

    /// A number that is a text, a variable-scale decimal, or base64 that the Connect schema describes.
    private func number(_ value: Int, _ kind: JSONTape.Kind, of tape: JSONTape, _ field: Int, _ described: inout ConnectFields) -> Cell? {
        let type = fields[field].type
        func cell(_ text: UnsafeRawBufferPointer) -> Cell? {
            guard let number = DecimalNumber(text) else { return nil }
            return type == .integer ? number.integer.map(Cell.integer) : number.double(text).map { .double($0 == 0 ? 0 : $0) }
        }
        if kind == .object {
            guard let (scale, unscaled) = variableScale(value, of: tape) else { return nil }
            return UnscaledDecimal.withText(tape.text(unscaled), scale: tape.integer(scale), cell)
        }
        if let description = described.description(of: field, self, tape), let name = tape.member("name", of: description),
            tape.kind(name) == .string, isEqual(tape.text(name), "org.apache.kafka.connect.data.Decimal")
        {
            guard let scale = scale(of: description, tape) else { return nil }
            return UnscaledDecimal.withText(tape.text(value), scale: scale, cell)
        }
        return cell(tape.text(value))
    }

    /// The places of scale and value of `{"scale": 2, "value": "<base64>"}`; nil when the object is another.
    private func variableScale(_ object: Int, of tape: JSONTape) -> (scale: Int, value: Int)? {
        var (scale, value): (Int?, Int?) = (nil, nil)
        let end = Int(tape.words[object] & 0xffff_ffff) - 1
        var at = object + 1
        while at < end {
            let name = tape.text(at)
            if isEqual(name, "scale") { scale = at + 1 } else if isEqual(name, "value") { value = at + 1 } else { return nil }
            at = tape.after(at + 1)
        }
        guard let scale, let value, tape.kind(scale) == .integer, tape.kind(value) == .string else { return nil }
        return (scale, value)
    }

    /// The parameter `scale` of a description, which Connect writes as text.
    private func scale(of description: Int, _ tape: JSONTape) -> Int64? {
        guard let parameters = tape.member("parameters", of: description), let scale = tape.member("scale", of: parameters) else {
            return nil
        }
        switch tape.kind(scale) {
        case .integer: return tape.integer(scale)
        case .string: return DecimalNumber(tape.text(scale))?.integer
        default: return nil
        }
    }

    /// What to set where the connector runs, or in the schema.
    private func connectorHint(_ kind: JSONTape.Kind, _ field: Int, _ unit: InstantUnit) -> String {
        switch fields[field].type {
        case .integer where kind == .string || kind == .object, .double where kind == .string || kind == .object:
            """
            ; decimals are read as numbers (decimal.handling.mode=double), as texts (decimal.handling.mode=string) or beside their Connect \
            schema (value.converter.schemas.enable=true), and must fit
            """
        case .datetime where kind == .integer:
            "; read in \(unit.rawValue): say what it counts with the field's `unit`, or set time.precision.mode=connect"
        case .date where kind == .integer: "; an integer counts days since 1970-01-01"
        default: ""
        }
    }
}
