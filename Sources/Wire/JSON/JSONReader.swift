// From bytes to a whole value, for what is not read often.
public import Campaigns

/// Reads whole values as trees.
public final class JSONReader {
    private let parser = JSONParser()

    public init() {}

    /// The value of some bytes, after which 64 more must be readable; nil when they are no JSON.
    public func tree(_ bytes: UnsafeRawBufferPointer) -> JSON? {
        try? value(bytes)
    }

    /// Whether bytes, after which 64 more must be readable, are one JSON value.
    public func isJSON(_ bytes: UnsafeRawBufferPointer) -> Bool {
        (try? parser.parse(bytes)) != nil
    }

    /// The value of some bytes, after which 64 more must be readable; throws why they are no JSON.
    public func value(_ bytes: UnsafeRawBufferPointer) throws(Refusal) -> JSON {
        let tape = try parser.parse(bytes)
        return tape.tree(tape.root)
    }
}
