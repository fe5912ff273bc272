// The target `definitions`. An input is lines, each a control event; the whole is also a file for `validate`.
import Campaigns
import Wire

@testable import Daemon

func fuzzDefinitions(_ input: UnsafeRawBufferPointer) {
    validate(input)
    let shop = Shop()
    for row in World.rows { shop.change(row.utf8) }
    shop.commit()
    for line in input.split(separator: UInt8(ascii: "\n")) { shop.control(line) }
    // What is live now follows changes and time.
    for row in World.rows { shop.change(row.replacing("\"i\": 3", with: "\"i\": 4").utf8) }
    shop.commit()
    shop.change(#"{"table": "every", "op": "d", "row": {"id": "1"}}"#.utf8)
    shop.commit()
    shop.advance(to: World.clock + 40 * 86_400_000)
}

private func validate(_ input: UnsafeRawBufferPointer) {
    let reader = JSONReader()
    withPadded(input) { bytes in
        if reader.tree(bytes) != nil { require(JSONFault.find(in: bytes) == nil, "a fault in what is JSON") }
    }
    let definitions = withPadded(input) { DefinitionFileReader().definitions("input", $0) }
    require(!definitions.isEmpty, "a file without a definition")
    _ = Validation(of: definitions, zones: World.zone)
}
