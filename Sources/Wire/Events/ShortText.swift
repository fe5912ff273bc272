// Texts of the outside on their way into messages and headers: whole, or their beginning.

extension String {
    /// The text or, of one that has more UTF-8 bytes than that, as many of its first characters as fit and "…".
    func shortened(to bytes: Int) -> String {
        guard utf8.count > bytes else { return self }
        var end = utf8.index(utf8.startIndex, offsetBy: bytes)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return self[..<end] + "…"
    }
}
