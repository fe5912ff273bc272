// Constants by what they say: one that is there already is found. They live as long as the engine.
import Campaigns

struct Constants: ~Copyable {
    private var values = Vector<Value>()
    private var numbers: [ConstantKey: Number<Value>] = [:]

    @inline(__always)
    subscript(number: Number<Value>) -> Value { values[number] }

    mutating func intern(_ literal: Literal) -> Number<Value> {
        if let found = numbers[ConstantKey(literal)] { return found }
        let number = values.nextNumber
        values.append(Constants.value(of: literal))
        numbers[ConstantKey(literal)] = number
        return number
    }

    private static func value(of literal: Literal) -> Value {
        switch literal {
        case .null: return .null
        case .boolean(let truth): return .boolean(truth)
        case .integer(let number): return .integer(number)
        case .double(let number): return .double(number)
        case .date(let days): return .date(days)
        case .instant(let milliseconds): return .instant(milliseconds)
        case .string(let text):
            let bytes = Array(text.utf8)
            let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 1)
            memory.copyBytes(from: bytes)
            return .text(UnsafeRawBufferPointer(rebasing: memory[..<bytes.count]))
        }
    }
}

/// What makes two constants the same. Texts are the same by their bytes, doubles by their bits: to Swift é is é however it is composed, and
/// -0 is 0.
struct ConstantKey: Hashable {
    let literal: Literal
    let bytes: [UInt8]

    init(_ literal: Literal) {
        if case .string(let text) = literal {
            (self.literal, bytes) = (.string(""), Array(text.utf8))
        } else if case .double(let number) = literal {
            (self.literal, bytes) = (.double(0), Array("\(number.bitPattern)".utf8))
        } else {
            (self.literal, bytes) = (literal, [])
        }
    }
}
