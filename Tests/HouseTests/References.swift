// References to the pages, as prose has them: contract §4, semantics §2 and §3, decision 31, decisions 7–10.

/// The pages that have numbers.
enum Page: String, CaseIterable {
    case contract, semantics, decisions

    var path: String { "\(House.pages)/\(rawValue.prefix(1).uppercased())\(rawValue.dropFirst()).md" }

    /// The numbers that a text of this page has: those of its headings, or of its list.
    func numbers(in text: String) -> [String] {
        let lines = text.split(separator: "\n")
        switch self {
        case .contract, .semantics: return lines.compactMap { $0.prefixMatch(of: #/\#+ (\d+(?:\.\d+)?)\.?\s/#).map { String($0.1) } }
        case .decisions: return lines.compactMap { $0.prefixMatch(of: #/(\d+)\.\s/#).map { String($0.1) } }
        }
    }
}

/// One number that a text refers to.
struct Reference: CustomStringConvertible {
    /// nil: a section sign behind the name of no page.
    var page: Page?
    var number: String
    /// From 1.
    var line: Int

    var description: String { page == .decisions ? "decision \(number)" : "\(page?.rawValue ?? "no page's") §\(number)" }

    /// The references in a text, in their order. On a page, a section sign alone is one of its own.
    static func all(in text: String, of own: Page? = nil) -> [Reference] {
        var found: [(place: String.Index, reference: Reference)] = []
        var named: [Range<String.Index>] = []
        func add(_ numbers: Substring, _ page: Page?) {
            let line = text[..<numbers.startIndex].count { $0 == "\n" } + 1
            for number in numbers.matches(of: /\d+(?:\.\d+)?/) {
                found.append((number.range.lowerBound, Reference(page: page, number: String(number.0), line: line)))
            }
        }
        let sections = /\b(contract|semantics)\s+(§\d+(?:\.\d+)?(?:(?:,\s+§|\s+and\s+§|–§?)\d+(?:\.\d+)?)*)/.ignoresCase()
        for match in text.matches(of: sections) {
            add(match.2, Page(rawValue: match.1.lowercased()))
            named.append(match.range)
        }
        for match in text.matches(of: /§\d+(?:\.\d+)?/) where !named.contains(where: { $0.contains(match.range.lowerBound) }) {
            add(match.0, own)
        }
        let decisions = /\bdecisions?\s+(\d+(?:(?:,\s+|\s+and\s+|\s+to\s+|–)\d+)*)/.ignoresCase()
        for match in text.matches(of: decisions) { add(match.1, .decisions) }
        return found.sorted { $0.place < $1.place }.map(\.reference)
    }
}
