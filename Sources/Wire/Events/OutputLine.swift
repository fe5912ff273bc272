// Output records as lines of `replay` (contract §6): {"key": …, "headers": {…}, "value": …}.
public import Campaigns

extension OutputBatch.View {
    /// Appends the record as one line. Keys and headers are texts, and so is the value of a dead letter that is not JSON.
    public func appendLine(to text: inout JSONText, isJSON: (UnsafeRawBufferPointer) -> Bool) {
        text.append(raw: "{\"key\":")
        if let key { text.append(string: key) } else { text.appendNull() }
        text.append(raw: ",\"headers\":{")
        for (place, header) in headers.enumerated() {
            if place > 0 { text.append(raw: ",") }
            text.append(string: header.name)
            text.append(raw: ":")
            if let value = header.value { text.append(string: value) } else { text.appendNull() }
        }
        text.append(raw: "},\"value\":")
        if let value {
            if topic != .deadLetters || isJSON(value) {
                text.bytes.append(contentsOf: value)
            } else {
                text.append(string: String(decoding: value, as: UTF8.self))
            }
        } else {
            text.appendNull()
        }
        text.append(raw: "}\n")
    }
}
