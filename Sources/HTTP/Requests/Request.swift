// A request as handlers get it: checked, decoded, whole.

/// What somebody asks for.
public struct Request: Sendable {
    /// GET also for HEAD; the server leaves the body of the answer away.
    public let method: Method
    /// With its query, encoded, as it came.
    public let target: String
    /// The decoded values of the braces in the path.
    public let parameters: [String: String]
    /// Typed, with defaults.
    public let query: Query
    /// All of them.
    public let headers: Headers
    /// The media type of `Route.answers` that the client likes best.
    public let wantedType: String
    /// Who asks.
    public let asker: Asker
    /// Empty for GET.
    public internal(set) var body: [UInt8] = []

    /// The media type of the body without parameters.
    public var contentType: String { MediaType.essence(of: headers["Content-Type"] ?? "") }

    /// Whether a change is meant for this version of its resource, as `If-Match` and `If-None-Match` say; nil: there is none yet. For GET
    /// the server compares the answer's `ETag` by itself.
    public func isMeant(for version: String?) -> Bool {
        let tag = version.map { "\"\($0)\"" }
        if let list = headers["If-Match"], !(tag.map { EntityTag.matches(list, $0) } ?? false) { return false }
        if let list = headers["If-None-Match"], let tag, EntityTag.matches(list, tag) { return false }
        return true
    }
}
