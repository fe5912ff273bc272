// The methods that the table of routes knows. HEAD belongs to every GET and is no method of its own.

/// What a request wants to be done.
public enum Method: String, Sendable, Hashable, CaseIterable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case delete = "DELETE"

    /// Whether a browser must not be led to do it from another page.
    var mayChange: Bool { self != .get }
}
