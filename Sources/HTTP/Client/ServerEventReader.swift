// Reads server-sent events from pieces of any size.

/// Puts events together from pieces of any size.
struct ServerEventReader {
    private var rest: [UInt8] = []
    private var event = ""
    private var data: [String] = []
    private var id: String?

    mutating func read(_ piece: UnsafeRawBufferPointer) -> [ServerEvent] {
        var events: [ServerEvent] = []
        for byte in piece {
            guard byte == UInt8(ascii: "\n") else {
                rest.append(byte)
                continue
            }
            if rest.last == UInt8(ascii: "\r") { rest.removeLast() }
            if let found = read(line: String(decoding: rest, as: UTF8.self)) { events.append(found) }
            rest.removeAll(keepingCapacity: true)
        }
        return events
    }

    private mutating func read(line: String) -> ServerEvent? {
        if line.isEmpty {
            defer { (event, data) = ("", []) }
            return data.isEmpty ? nil : ServerEvent(event: event.isEmpty ? "message" : event, data: data.joined(separator: "\n"), id: id)
        }
        let name = line.prefix { $0 != ":" }
        var value = line.dropFirst(name.count + 1)
        if value.hasPrefix(" ") { value.removeFirst() }
        switch name {
        case "event": event = String(value)
        case "data": data.append(String(value))
        case "id": id = String(value)
        default: break
        }
        return nil
    }
}
