// Random constants as expressions write them.
import Campaigns
import Glibc
import Oracle

extension RandomExpressions {
    func literal(_ type: ValueType, _ random: inout RandomNumbers) -> String {
        if random.chance(3) { return "NULL" }
        switch type {
        case .null: return "NULL"
        case .boolean: return random.pick(["TRUE", "FALSE"])
        case .integer: return Self.text(values.integer(&random))
        case .double: return Self.text(values.double(&random))
        case .string:
            if random.chance(15) { return random.pick(["'e1'", "'e2'", "'x@a'"]) }
            guard case .text(let bytes) = values.value(of: .string, isKey: random.chance(30), enumeration: [], &random) else {
                preconditionFailure()
            }
            return Self.quoted(String(decoding: bytes, as: UTF8.self))
        case .date:
            var bytes: [UInt8] = []
            CivilDate.append(values.day(&random), to: &bytes)
            return "DATE '\(String(decoding: bytes, as: UTF8.self))'"
        case .datetime: return "DATETIME '\(InstantText.text(of: values.instant(&random)))'"
        }
    }

    func pattern(_ random: inout RandomNumbers) -> String {
        Self.quoted((0..<random.number(0...4)).map { _ in random.pick(["%", "_", "%", "a", "b", "\u{e9}", "@", "1"]) }.joined())
    }

    static func quoted(_ text: String) -> String {
        "'" + text.unicodeScalars.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    }

    static func text(_ value: Int64) -> String {
        value == .min ? "(-9223372036854775807 - 1)" : "\(value)"
    }

    /// There are no exponents: all digits.
    static func text(_ value: Double) -> String {
        var bytes = [CChar](repeating: 0, count: 1500)
        let count = withVaList([value]) { vsnprintf(&bytes, bytes.count, "%.1080f", $0) }
        var text = String(decoding: bytes.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        while text.hasSuffix("00") { text.removeLast() }
        return text
    }
}
