// The head of a request as it came, before anything is believed.

struct RequestHead: Sendable {
    var method: String
    var target: String
    var headers: Headers
    /// From the first line to the empty one.
    var bytes: Int

    /// Whether a body follows; a client that waits for `100 Continue` may also not send it.
    var bodyBytes: Int? { headers["Content-Length"].flatMap { Int($0) } }
    var hasBody: Bool { headers["Transfer-Encoding"] != nil || bodyBytes ?? 0 > 0 }

    /// Whether all of the body may be read and thrown away before the answer. A client that is cut off while it sends may lose the answer.
    var isDrainable: Bool {
        guard hasBody else { return true }
        return headers["Expect"] == nil && headers["Transfer-Encoding"] == nil && bodyBytes ?? .max <= ServerBounds.drainedBytes
    }
}
