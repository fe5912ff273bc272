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

    private static func strong(_ tag: Substring) -> Substring { tag.hasPrefix("W/") ? tag.dropFirst(2) : tag }
}
