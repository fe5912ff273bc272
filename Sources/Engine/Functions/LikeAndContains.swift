// LIKE, CONTAINS and STARTS WITH.
import Campaigns

extension FunctionEvaluator {
    /// Unknown when one of the sides is null, or the pattern of LIKE is longer than one may be.
    static func textTest(_ test: TextTest, _ value: Value, _ pattern: Value) -> Truth {
        if value.isNull || pattern.isNull { return .unknown }
        if test == .like && pattern.text.count > Limits.likePatternBytes { return .unknown }
        let isMet =
            switch test {
            case .contains: Bytes.find(pattern.text, in: value.text) != nil
            case .startsWith: Bytes.starts(value.text, with: pattern.text)
            case .like: LikePattern.matches(value.text, pattern.text)
            }
        return isMet ? .yes : .no
    }
}

/// `%` is any text, `_` one character; there is no escape. The pieces between `%` are taken where they first fit, which leaves the most
/// for those that follow, so that nothing is tried twice: time is linear in the text, but for pieces with `_`, which are short or found by
/// WildcardSearch.
private enum LikePattern {
    private static let percent = UInt8(ascii: "%")
    private static let underscore = UInt8(ascii: "_")
    /// Bytes of a piece with `_` that is tried at every place.
    private static let mostTried = 32

    static func matches(_ text: UnsafeRawBufferPointer, _ pattern: UnsafeRawBufferPointer) -> Bool {
        guard let firstPercent = pattern.firstIndex(of: percent), let lastPercent = pattern.lastIndex(of: percent) else {
            return end(of: pattern[...], in: text, at: 0) == text.count
        }
        guard var position = end(of: pattern[..<firstPercent], in: text, at: 0),
            let limit = start(of: pattern[(lastPercent + 1)...], in: text), position <= limit
        else { return false }
        let middle = UnsafeRawBufferPointer(rebasing: text[..<limit])
        var rest = pattern[firstPercent..<lastPercent]
        while let next = rest.firstIndex(where: { $0 != percent }) {
            let piece = rest[next...].prefix { $0 != percent }
            guard let end = firstEnd(of: piece, in: middle, from: position) else { return false }
            position = end
            rest = rest[piece.endIndex...]
        }
        return true
    }

    /// Where a piece ends that stands at the position; nil when it does not stand there.
    private static func end(of piece: Slice<UnsafeRawBufferPointer>, in text: UnsafeRawBufferPointer, at position: Int) -> Int? {
        var position = position
        for byte in piece {
            guard position < text.count, byte == underscore || byte == text[position] else { return nil }
            position += 1
            if byte == underscore {
                while position < text.count, FunctionEvaluator.isContinuation(text[position]) { position += 1 }
            }
        }
        return position
    }

    /// Where a piece begins that ends the text.
    private static func start(of piece: Slice<UnsafeRawBufferPointer>, in text: UnsafeRawBufferPointer) -> Int? {
        var position = text.count
        for byte in piece.reversed() {
            guard position > 0 else { return nil }
            position -= 1
            if byte == underscore {
                while position > 0, FunctionEvaluator.isContinuation(text[position]) { position -= 1 }
            } else if byte != text[position] {
                return nil
            }
        }
        return position
    }

    /// Where the first piece at or after the position ends.
    private static func firstEnd(
        of piece: Slice<UnsafeRawBufferPointer>, in text: UnsafeRawBufferPointer, from position: Int
    ) -> Int? {
        guard piece.contains(underscore) else {
            return Bytes.find(UnsafeRawBufferPointer(rebasing: piece), in: text, from: position).map { $0 + piece.count }
        }
        if piece.count > mostTried { return WildcardSearch(piece).firstEnd(in: text, from: position) }
        for start in position...max(position, text.count) where start == text.count || !FunctionEvaluator.isContinuation(text[start]) {
            if let end = end(of: piece, in: text, at: start) { return end }
        }
        return nil
    }
}
