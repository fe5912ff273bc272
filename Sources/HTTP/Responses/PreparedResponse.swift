// What an answer becomes for this request: not modified, a part, or as it is. And how the library is given it.
internal import CMicrohttpd
import Glibc
import Storage

struct PreparedResponse {
    enum Body: Equatable {
        case bytes([UInt8])
        case file(descriptor: Int32, offset: Int64, count: Int64)
    }

    private(set) var status: Int
    private(set) var headers: Headers
    private(set) var body: Body

    init(_ response: Response, for head: RequestHead) {
        status = response.status
        headers = response.headers
        switch response.body {
        case .bytes(let bytes): body = .bytes(bytes)
        case .file(let descriptor, let size): body = .file(descriptor: descriptor, offset: 0, count: size)
        }
        let isRead = head.method == "GET" || head.method == "HEAD"
        if isRead, status == 200 {
            noteContent()
            if let tag = headers["ETag"], let list = head.headers["If-None-Match"], EntityTag.matches(list, tag) {
                status = 304
                headers["Content-Type"] = nil
                replaceBody(with: [])
            } else if case .file(_, _, let size) = body {
                cut(head, size: size)
            }
        }
        SecurityHeaders.add(to: &headers)
    }

    /// What has no version of its own is known by what it says.
    private mutating func noteContent() {
        guard headers["ETag"] == nil, headers["Content-Type"] == MediaType.json, case .bytes(let bytes) = body else { return }
        let hash = bytes.withUnsafeBytes { ContentHash.of($0) }
        headers["ETag"] = "\"c-\(String(hash, radix: 16))\""
    }

    /// A part of a file, if the request asks for one of this version.
    private mutating func cut(_ head: RequestHead, size: Int64) {
        headers["Accept-Ranges"] = "bytes"
        if let version = head.headers["If-Range"], version != headers["ETag"] { return }
        switch ByteRange(head.headers["Range"], size: size) {
        case .all: break
        case .part(let range):
            status = 206
            headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            if case .file(let descriptor, _, _) = body {
                body = .file(descriptor: descriptor, offset: range.lowerBound, count: range.upperBound - range.lowerBound)
            }
        case .beyond:
            let problem = ProblemDocument(.rangeBeyondEnd, "the file has \(size) bytes")
            status = problem.code.status
            headers["Content-Range"] = "bytes */\(size)"
            headers["Content-Type"] = MediaType.problem
            headers["ETag"] = nil
            replaceBody(with: JSONBytes.of(problem.json))
        }
    }

    private mutating func replaceBody(with bytes: [UInt8]) {
        if case .file(let descriptor, _, _) = body { close(descriptor) }
        body = .bytes(bytes)
    }

    /// Gives the answer to the library, which closes the file when it is sent.
    func queue(on connection: OpaquePointer) -> Bool {
        let response: OpaquePointer?
        switch body {
        case .bytes(var bytes): response = MHD_create_response_from_buffer(bytes.count, &bytes, .RESPMEM_MUST_COPY)
        case .file(let descriptor, let offset, let count):
            response = MHD_create_response_from_fd_at_offset64(UInt64(count), descriptor, UInt64(offset))
            if response == nil { close(descriptor) }
        }
        guard let response else { return false }
        return Self.queue(response, status: status, headers: headers, on: connection)
    }

    static func queue(_ response: OpaquePointer, status: Int, headers: Headers, on connection: OpaquePointer) -> Bool {
        for header in headers.all {
            // A line feed in a value would begin a header of somebody else's making; the library refuses tabs too.
            let value = String(String.UnicodeScalarView(header.value.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
            if !value.isEmpty { MHD_add_response_header(response, header.name, value) }
        }
        let isQueued = MHD_queue_response(connection, UInt32(status), response) == .YES
        MHD_destroy_response(response)
        return isQueued
    }
}

extension Response {
    /// Nobody will send it.
    func discard() {
        if case .file(let descriptor, _) = body { close(descriptor) }
    }
}
