// Reads an answer of HTTP/1.1: head, and a body of known length, in chunks, or up to the end of the connection.

struct ResponseReader {
    private let connection: ClientConnection
    private var buffer: [UInt8] = []
    private var position = 0

    private static let maximumHeadBytes = 64 << 10

    init(_ connection: ClientConnection) {
        self.connection = connection
    }

    /// The final head; `100 Continue` and the like are passed over.
    mutating func head() throws(ClientError) -> Client.Head {
        while true {
            let first = try line().split(separator: " ", maxSplits: 2)
            guard first.count >= 2, first[0].hasPrefix("HTTP/1."), let status = Int(first[1]), (100...599).contains(status) else {
                throw connection.broken("it is no answer of HTTP/1.1")
            }
            var headers = Headers()
            while true {
                let text = try line()
                if text.isEmpty { break }
                guard let colon = text.firstIndex(of: ":") else { throw connection.broken("a header has no colon") }
                headers.add(String(text[..<colon]), String(text[colon...].dropFirst().trimmed))
                guard headers.all.count < 1000 else { throw connection.broken("it has too many headers") }
            }
            if status >= 200 { return Client.Head(status: status, headers: headers) }
        }
    }

    /// Hands out the body as it comes, until its end or until `take` returns false.
    mutating func body(of head: Client.Head, _ take: (UnsafeRawBufferPointer) -> Bool) throws(ClientError) {
        if [204, 304].contains(head.status) { return }
        if head.headers["Transfer-Encoding"]?.lowercased() == "chunked" {
            while true {
                let size = try line().prefix { $0 != ";" }.trimmed
                guard let count = Int(size, radix: 16), count >= 0 else { throw connection.broken("a chunk has no length") }
                guard count > 0 else { return }
                guard try pass(count, take) else { return }
                guard try line().isEmpty else { throw connection.broken("a chunk is longer than it says") }
            }
        }
        if let length = head.headers["Content-Length"] {
            guard let count = Int(length), count >= 0 else { throw connection.broken("Content-Length is no number") }
            _ = try pass(count, take)
            return
        }
        while position < buffer.count ? true : try more() {
            guard hand(buffer.count - position, take) else { return }
        }
    }

    private mutating func pass(_ count: Int, _ take: (UnsafeRawBufferPointer) -> Bool) throws(ClientError) -> Bool {
        var rest = count
        while rest > 0 {
            if position == buffer.count {
                guard try more() else { throw connection.broken("it ends too early") }
            }
            let piece = min(rest, buffer.count - position)
            guard hand(piece, take) else { return false }
            rest -= piece
        }
        return true
    }

    private mutating func hand(_ count: Int, _ take: (UnsafeRawBufferPointer) -> Bool) -> Bool {
        let range = position..<position + count
        position += count
        return buffer.withUnsafeBytes { take(UnsafeRawBufferPointer(rebasing: $0[range])) }
    }

    private mutating func more() throws(ClientError) -> Bool {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: true)
            position = 0
        }
        return try connection.read(into: &buffer)
    }

    /// A line without its end.
    private mutating func line() throws(ClientError) -> String {
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                var text = buffer[position..<end]
                if text.last == UInt8(ascii: "\r") { text.removeLast() }
                position = end + 1
                return String(decoding: text, as: UTF8.self)
            }
            searched = buffer.count
            guard buffer.count - position < Self.maximumHeadBytes else { throw connection.broken("a line is too long") }
            let before = position
            guard try more() else { throw connection.broken(buffer.isEmpty ? "there is none" : "it ends too early") }
            // An empty buffer begins anew.
            searched -= before - position
        }
    }
}
