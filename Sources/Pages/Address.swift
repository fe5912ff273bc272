// Where pages lie, and what they ask: paths and queries whose pieces are encoded when they are put together.
import HTTP

/// A path of this server with its query.
package struct Address: Sendable, Equatable {
    /// As requests have it.
    package let text: String

    /// Of pieces that lie between slashes, and the parameters behind them.
    package init(_ pieces: String..., query: [(name: String, value: String?)] = []) {
        let path = "/" + pieces.map(Self.encoded).joined(separator: "/")
        let given = query.compactMap { name, value in value.map { "\(Percent.encoded(name))=\(Percent.encoded($0))" } }
        text = path + (given.isEmpty ? "" : "?" + given.joined(separator: "&"))
    }

    /// A colon may stand in a path, and does in those of actions.
    private static func encoded(_ piece: String) -> String { Percent.encoded(piece).replacing("%3A", with: ":") }

    private init(text: String) { self.text = text }

    /// The same below the root of the API.
    package var ofAPI: Address { Address(text: "/api/v1" + text) }
}

extension HTML.StringInterpolation {
    package mutating func appendInterpolation(_ address: Address) { appendInterpolation(address.text) }
}
