// Values as the bytes that are sent.
internal import Campaigns

enum JSONBytes {
    static func of(_ value: JSON) -> [UInt8] {
        var text = JSONText()
        text.append(value)
        return text.bytes
    }
}
