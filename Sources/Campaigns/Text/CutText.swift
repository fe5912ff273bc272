// Texts that come from outside, on their way to where room is bounded.

extension String {
    /// The text, or as much of it as fits with "…" behind it.
    public func cut(toBytes most: Int) -> String {
        guard utf8.count > most else { return self }
        let mark = "…"
        var end = utf8.index(startIndex, offsetBy: max(0, most - mark.utf8.count))
        // Back to where a character of Unicode begins.
        while UTF8.isContinuation(utf8[end]) { utf8.formIndex(before: &end) }
        return String(self[..<end]) + mark
    }
}
