// Which time zones there are by name, and the nearest one to a name that is none (contract §2.2: "an IANA name in its exact spelling").

struct TimeZoneNames {
    /// All of them, for hints.
    let names: [String]
    let isKnown: (String) -> Bool

    /// What is wrong with a name, nil for a zone's.
    func mistake(in name: String) -> Mistake? {
        if !name.isEmpty, isKnown(name) { return nil }
        let message = name.allSatisfy(\.isWhitespace) ? "a time zone is never empty" : "unknown time zone \(quoted(name))"
        return Mistake(message, hint: nearest(to: name).map { "did you mean \($0)?" } ?? "an IANA name, such as Europe/Paris")
    }

    /// The name that was most likely meant: written alike, of the same city, or else with the fewest letters changed. nil when no names
    /// are known.
    private func nearest(to name: String) -> String? {
        let wanted = Self.plain(name)
        if wanted.isEmpty { return names.contains(TimeZoneRules.utc.name) ? TimeZoneRules.utc.name : names.first }
        if let alike = names.first(where: { Self.plain($0) == wanted }) { return alike }
        let city = Self.city(wanted)
        if let same = names.first(where: { Self.city(Self.plain($0)) == city }) { return same }
        // Of a folder or an abbreviation nothing is left but its letters.
        return NearestName.nearest(to: wanted, among: names)?.name ?? names.first
    }

    /// As people vary it: no blanks around it, `_` between words, one case, single slashes.
    private static func plain(_ name: String) -> String {
        let words = name.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: "_")
        return words.split(separator: "/").filter { $0 != ".." && $0 != "." && $0 != "posix" && $0 != "right" }.joined(separator: "/")
    }

    private static func city(_ plain: String) -> Substring {
        plain.split(separator: "/").last ?? ""
    }
}
