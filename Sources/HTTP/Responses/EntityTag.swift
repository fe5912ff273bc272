// Versions of resources: `ETag`, `If-None-Match`, `If-Match`.

/// Compares versions of a resource with what a request says about them.
enum EntityTag {
    /// Whether a list of tags (`If-Match`, `If-None-Match`) names this one, or any: `*`. A weak tag is as good as the strong one.
    static func matches(_ list: String, _ tag: String) -> Bool {
        tags(list).contains { $0 == "*" || $0 == strong(tag[...]) }
    }

    /// The tags of a list, quoted as they stand there, without `W/`. A comma within quotes is part of a tag.
    static func tags(_ list: String) -> [Substring] {
        var tags: [Substring] = []
        var rest = list[...]
        while !rest.isEmpty {
            rest = rest.drop { $0 == " " || $0 == "," || $0 == "\t" }
            let tag = strong(rest)
            if tag.hasPrefix("\""), let end = tag.dropFirst().firstIndex(of: "\"") {
                tags.append(tag[...end])
                rest = tag[tag.index(after: end)...]
            } else {
                let bare = rest.prefix { $0 != "," }
                if !bare.isEmpty { tags.append(bare.trimmed) }
                rest = rest.dropFirst(bare.count)
            }
        }
        return tags
    }

    /// Whether a header is `*`, or a list of tags as they have to be written: in quotes, with commas between.
    static func isList(_ text: String) -> Bool {
        var rest = text.trimmed
        if rest == "*" { return true }
        while true {
            rest = strong(rest)
            guard rest.hasPrefix("\""), let end = rest.dropFirst().firstIndex(of: "\"") else { return false }
            guard rest[..<end].utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else { return false }
            rest = rest[rest.index(after: end)...].trimmed
            if rest.isEmpty { return true }
            guard rest.hasPrefix(",") else { return false }
            rest = rest.dropFirst().trimmed
        }
    }

    private static func strong(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
