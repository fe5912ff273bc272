// The nearest known name to one that nobody knows, for the hints of problems.

/// Finds what was meant by a name that nobody knows.
public enum NearestName {
    /// A hint for an unknown name: the nearest known one when it is near enough, else some of the known ones.
    public static func hint(for name: String, among known: [String]) -> String {
        // A name of which every letter is another is not near.
        if let (nearest, distance) = nearest(to: name, among: known), distance <= max(2, nearest.utf8.count / 2),
            distance < max(2, name.utf8.count)
        {
            return "did you mean \(nearest)?"
        }
        return list(known)
    }

    /// "known: a, b, c", cut where a reader would stop.
    static func list(_ known: [String]) -> String {
        let most = 20
        let names = known.sorted()
        guard !names.isEmpty else { return "none is known here" }
        return "known: " + names.prefix(most).joined(separator: ", ") + (names.count > most ? " …" : "")
    }

    /// The known name with the smallest distance, the first of several; nil when none is known or the name is too long to be a slip.
    public static func nearest(to name: String, among known: [String]) -> (name: String, distance: Int)? {
        // A slip of the pen is short; a hostile name must not cost its length squared.
        guard name.utf8.count <= Limits.identifierCharacters else { return nil }
        let wanted = Array(name.lowercased().utf8)
        var best: (name: String, distance: Int)?
        for candidate in known where candidate.utf8.count <= Limits.identifierCharacters {
            // The difference of the lengths alone is too much for most. Lower case has the length of what is an identifier.
            if abs(candidate.utf8.count - wanted.count) >= best?.distance ?? Int.max { continue }
            let written = Array(candidate.lowercased().utf8)
            if let distance = editDistance(wanted, written, below: best?.distance ?? Int.max) { best = (candidate, distance) }
        }
        return best
    }

    /// How many bytes must be inserted, removed or replaced, or neighbours exchanged, to make one text of the other; nil when not below
    /// that many.
    static func editDistance(_ a: [UInt8], _ b: [UInt8], below most: Int = .max) -> Int? {
        var beforeLast = [Int](repeating: 0, count: b.count + 1)
        var last = Array(0...b.count)
        var row = last
        for i in 0..<a.count {
            row[0] = i + 1
            for j in 0..<b.count {
                row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1)
                }
            }
            (beforeLast, last, row) = (last, row, beforeLast)
            // An exchange of neighbours costs no less than the better of two rows.
            if i > 0, min(last.min()!, beforeLast.min()!) >= most { return nil }
        }
        return last[b.count] < most ? last[b.count] : nil
    }
}

/// A text as messages show it: in quotes, and cut, since a definition may hold megabytes.
func quoted(_ text: String) -> String {
    let most = 80
    let start = text.unicodeScalars.prefix(most + 1)
    guard start.count > most else { return "'\(text)'" }
    var cut = String.UnicodeScalarView()
    cut.append(contentsOf: start.prefix(most))
    return "'\(String(cut))…'"
}
