// Server-sent events as a client reads them (the HTML standard, "event streams").

/// One event.
public struct ServerEvent: Sendable, Equatable {
    /// `message` when the server names none.
    public var event: String
    /// Its lines, with line feeds between them.
    public var data: String
    /// The newest that the server gave: what to begin after, when the stream breaks.
    public var id: String?
}
