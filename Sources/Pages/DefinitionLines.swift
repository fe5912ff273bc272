// On which line of a definition a path of a problem stands: "activities[1].identity.field" is on line 9.

/// The lines of all that a text of JSON says, by their paths. The text was read as JSON before; of another nothing is said.
struct DefinitionLines {
    private(set) var lines: [String: Int] = [:]
    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
        value("")
    }

    /// The line of a path, counted from 1, or of the longest part of it that there is.
    func line(of path: String) -> Int {
        var rest = path[...]
        while !rest.isEmpty {
            if let found = lines[String(rest)] { return found }
            rest = rest[..<(rest.lastIndex { $0 == "." || $0 == "[" } ?? rest.startIndex)]
        }
        return lines[""] ?? 1
    }

    private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

    private mutating func advance() {
        if next == 0x0a { line += 1 }
        place += 1
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { advance() }
    }

    /// - Parameter path: of the value that begins here.
    private mutating func value(_ path: String) {
        skipSpace()
        if lines[path] == nil { lines[path] = line }
        switch next {
        case UInt8(ascii: "{"): items(path, until: UInt8(ascii: "}"), areNamed: true)
        case UInt8(ascii: "["): items(path, until: UInt8(ascii: "]"), areNamed: false)
        case UInt8(ascii: "\""): _ = text()
        default:
            while let byte = next, byte > 0x20, byte != UInt8(ascii: ","), byte != UInt8(ascii: "]"), byte != UInt8(ascii: "}") {
                advance()
            }
        }
    }

    private mutating func items(_ path: String, until end: UInt8, areNamed: Bool) {
        advance()
        var number = 0
        while true {
            skipSpace()
            guard let byte = next else { return }
            if byte == end { return advance() }
            if byte == UInt8(ascii: ",") {
                advance()
                continue
            }
            if areNamed {
                guard byte == UInt8(ascii: "\"") else { return }
                let name = text()
                let inner = path.isEmpty ? name : "\(path).\(name)"
                lines[inner] = line
                skipSpace()
                guard next == UInt8(ascii: ":") else { return }
                advance()
                value(inner)
            } else {
                let start = place
                value("\(path)[\(number)]")
                number += 1
                if place == start { return }
            }
        }
    }

    /// A text without its quotes; escapes stay as they are: no name of a definition has any.
    private mutating func text() -> String {
        advance()
        let start = place
        while let byte = next, byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") { advance() }
            advance()
        }
        let end = min(place, bytes.count)
        advance()
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
