// Paths of the table of routes: `/api/v1/audiences/{id}/members/{namespace}/{identity}`, `/api/v1/campaigns/{id}:stop`.

/// What a path must look like. A piece is a text, a parameter, or a parameter with a text behind it; a parameter is never empty.
struct PathPattern: Sendable, Hashable {
    enum Segment: Sendable, Hashable {
        case text(String)
        case parameter(String, suffix: String)
    }

    let segments: [Segment]

    /// Traps on a pattern that makes no sense: patterns are written in the program.
    init(_ text: String) {
        precondition(text.hasPrefix("/"), "a path begins with a slash: \(text)")
        segments = text.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { piece in
            guard piece.hasPrefix("{") else {
                precondition(!piece.contains("{"), "a parameter begins its piece: \(text)")
                return .text(String(piece))
            }
            guard let end = piece.firstIndex(of: "}") else { preconditionFailure("a parameter ends with }: \(text)") }
            let suffix = piece[piece.index(after: end)...]
            precondition(suffix.isEmpty || suffix.hasPrefix(":"), "a colon is between a parameter and what follows: \(text)")
            return .parameter(String(piece[..<end].dropFirst()), suffix: String(suffix))
        }
        precondition(Set(parameters).count == parameters.count, "a parameter stands twice in \(text)")
    }

    /// The names in braces.
    var parameters: [String] {
        segments.compactMap { if case .parameter(let name, _) = $0 { name } else { nil } }
    }

    /// Of two patterns that match, the one with the greater rank is meant: it says more of the path, from its beginning on.
    var rank: [Int] {
        segments.map { segment in
            switch segment {
            case .text: 2
            case .parameter(_, let suffix): suffix.isEmpty ? 0 : 1
            }
        }
    }

    /// The encoded values of the parameters; nil when the path is another one.
    func match(_ pieces: [Substring]) -> [Substring]? {
        guard pieces.count == segments.count else { return nil }
        var values: [Substring] = []
        for (segment, piece) in zip(segments, pieces) {
            switch segment {
            case .text(let text): if text != piece { return nil }
            case .parameter(_, let suffix):
                guard piece.hasSuffix(suffix), piece.utf8.count > suffix.utf8.count else { return nil }
                values.append(piece.dropLast(suffix.count))
            }
        }
        return values
    }
}
