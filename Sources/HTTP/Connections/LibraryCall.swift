// What the library says in a call for a request, as Swift sees it. Valid during the call.
internal import CMicrohttpd

struct LibraryCall {
    let method: UnsafePointer<CChar>
    /// The text of the target, cut at a zero byte, and the version, which stands a space behind it.
    let path: UnsafePointer<CChar>
    let version: UnsafePointer<CChar>
    /// The next bytes of the body.
    let bytes: UnsafeRawBufferPointer

    /// All of the head. Names and values have their lengths, so a zero byte cuts nothing.
    func head(_ connection: OpaquePointer, target: String) -> RequestHead {
        var headers = Headers()
        withUnsafeMutablePointer(to: &headers) { headers in
            _ = MHD_get_connection_values_n(
                connection, .HEADER_KIND,
                { context, _, name, nameBytes, value, valueBytes in
                    guard let headers = context?.assumingMemoryBound(to: Headers.self), let name else { return .YES }
                    headers.pointee.add(LibraryCall.text(name, nameBytes), value.map { LibraryCall.text($0, valueBytes) } ?? "")
                    return .YES
                }, headers)
        }
        return RequestHead(
            method: String(cString: method), target: isCut(target) ? "" : target, headers: headers,
            bytes: audienced_http_head_bytes(connection))
    }

    /// Whether a zero byte within the target hides the rest of it from us.
    private func isCut(_ target: String) -> Bool {
        Int(bitPattern: version) - Int(bitPattern: path) != target.utf8.count + 1
    }

    /// What is no UTF-8 becomes something that equals nothing we know.
    private static func text(_ start: UnsafePointer<CChar>, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}
