// The Markdown that articles of the manual are written in, and no more of it: headings, paragraphs, lists of one level, quotes, fenced
// code, tables, and in lines code, emphasis and links. Whatever else stands there is refused with its line: nothing is shown half
// understood.

/// What is wrong with an article.
struct MarkdownProblem: Error, Equatable {
    /// From 1.
    var line: Int
    var message: String
}

/// An article being read.
struct Markdown {
    /// A part of an article.
    enum Block: Equatable {
        /// `level`: 1 … 3.
        case heading(level: Int, text: String)
        case paragraph(String)
        case quote(String)
        /// `start`: the number of the first item; nil: they have signs.
        case list(start: Int?, items: [String])
        case code(language: String, text: String)
        /// The first row names the columns. `numbers`: the columns that hold numbers.
        case table(rows: [[String]], numbers: Set<Int>)
    }

    /// With the line that each begins at, from 1.
    private(set) var blocks: [(line: Int, block: Block)] = []
    private let lines: [Substring]
    private var next = 0

    /// - Throws: `MarkdownProblem`, for the first thing that is outside of what is known here.
    init(_ text: String) throws(MarkdownProblem) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        while next < lines.count {
            if lines[next].allSatisfy({ $0 == " " }) {
                next += 1
                continue
            }
            let start = next
            blocks.append((start + 1, try block()))
        }
    }

    private func problem(_ message: String) -> MarkdownProblem { MarkdownProblem(line: next + 1, message: message) }

    private mutating func block() throws(MarkdownProblem) -> Block {
        let line = lines[next]
        if line.hasPrefix("```") { return try code() }
        if line.hasPrefix("#") { return try heading() }
        if line.hasPrefix("|") { return try table() }
        if line.hasPrefix("> ") { return quote() }
        if Self.item(line) != nil { return try list() }
        if line.hasPrefix(" ") { throw problem("an indented line that continues nothing") }
        return .paragraph(try paragraph())
    }

    private mutating func code() throws(MarkdownProblem) -> Block {
        let language = lines[next].dropFirst(3)
        guard language.allSatisfy({ $0.isLetter }) else { throw problem("a fence with more than a language") }
        let first = next + 1
        guard let last = lines[first...].firstIndex(of: "```") else { throw problem("a fence without an end") }
        next = last + 1
        return .code(language: String(language), text: lines[first..<last].joined(separator: "\n"))
    }

    private mutating func heading() throws(MarkdownProblem) -> Block {
        let level = lines[next].prefix { $0 == "#" }.count
        let text = lines[next].dropFirst(level)
        guard level <= 3, text.hasPrefix(" "), text.count > 1 else { throw problem("a heading has one to three signs and a text") }
        next += 1
        return .heading(level: level, text: String(text.dropFirst()))
    }

    private mutating func quote() -> Block {
        var text: [Substring] = []
        while next < lines.count, lines[next].hasPrefix("> ") {
            text.append(lines[next].dropFirst(2))
            next += 1
        }
        return .quote(text.joined(separator: "\n"))
    }

    /// Whether a line is one of a block that begins anew.
    private static func begins(_ line: Substring) -> Bool {
        line.hasPrefix("```") || line.hasPrefix("#") || line.hasPrefix("|") || item(line) != nil
    }

    private mutating func paragraph() throws(MarkdownProblem) -> String {
        var text: [Substring] = []
        while next < lines.count, !lines[next].isEmpty, !Self.begins(lines[next]) {
            if lines[next].hasPrefix(" ") || lines[next].hasSuffix("  ") { throw problem("spaces at an end of a line") }
            text.append(lines[next])
            next += 1
        }
        return text.joined(separator: "\n")
    }

    /// Of a line that begins an item: its number, if it has one, and how far in the item's text stands.
    private static func item(_ line: Substring) -> (number: Int?, indentation: Int)? {
        if line.hasPrefix("* ") || line.hasPrefix("- ") { return (nil, 2) }
        let digits = line.prefix { ("0"..."9").contains($0) }
        guard let number = Int(digits), digits.count < 4, line.dropFirst(digits.count).hasPrefix(". ") else { return nil }
        return (number, digits.count + 2)
    }

    private mutating func list() throws(MarkdownProblem) -> Block {
        let start = Self.item(lines[next])?.number
        var items: [String] = []
        while next < lines.count, let item = Self.item(lines[next]), (item.number == nil) == (start == nil) {
            if let number = item.number, number != (start ?? 0) + items.count { throw problem("the numbers of a list follow one another") }
            var text = [lines[next].dropFirst(item.indentation)]
            next += 1
            while next < lines.count, lines[next].hasPrefix(" ") {
                let content = lines[next].drop { $0 == " " }
                guard lines[next].count - content.count == item.indentation, Self.item(content) == nil else {
                    throw problem("a line of an item stands \(item.indentation) spaces in, and is no item itself")
                }
                text.append(content)
                next += 1
            }
            items.append(text.joined(separator: "\n"))
        }
        return .list(start: start, items: items)
    }

    private mutating func table() throws(MarkdownProblem) -> Block {
        let names = try cells()
        guard next < lines.count, lines[next].hasPrefix("|-") else { throw problem("a table's second line is |---|") }
        let rules = try cells()
        guard rules.count == names.count, rules.allSatisfy({ $0.drop { $0 == "-" } == "" || $0.drop { $0 == "-" } == ":" }) else {
            throw problem("as many columns as names, each ---, or ---: for numbers")
        }
        var rows = [names]
        while next < lines.count, lines[next].hasPrefix("|") {
            rows.append(try cells())
            if rows.last?.count != names.count {
                next -= 1
                throw problem("\(rows.last?.count ?? 0) cells, and \(names.count) columns")
            }
        }
        return .table(rows: rows, numbers: Set(rules.indices.filter { rules[$0].hasSuffix(":") }))
    }

    /// The cells of a line; a sign that stands in one has a backslash before it.
    private mutating func cells() throws(MarkdownProblem) -> [String] {
        let line = lines[next]
        guard line.hasSuffix("|") else { throw problem("a row of a table ends with |") }
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst() {
            switch character {
            case "|" where !isEscaped: cells.append("")
            case "|": cells[cells.count - 1] = cells[cells.count - 1].dropLast() + "|"
            default: cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        next += 1
        return cells.dropLast().map { cell in
            let text = cell.drop { $0 == " " }
            return String(text.dropLast(text.reversed().prefix { $0 == " " }.count))
        }
    }
}

// Within lines.

extension Markdown {
    /// A piece of a paragraph, a heading, an item or a cell.
    enum Span: Equatable {
        case text(String)
        case code(String)
        case emphasis([Span])
        case strong([Span])
        /// Of `[text](https://…)`.
        case link([Span], address: String)
        /// Of `<doc:Name>`: the article of that name.
        case article(String)
    }

    /// - Throws: `MarkdownProblem` whose line counts from the first of the text.
    static func spans(of text: String) throws(MarkdownProblem) -> [Span] {
        var spans: [Span] = []
        var plain = ""
        var rest = text[...]
        func flush() {
            if !plain.isEmpty { spans.append(.text(plain)) }
            plain = ""
        }
        func problem(_ message: String) -> MarkdownProblem {
            MarkdownProblem(line: 1 + text[..<rest.startIndex].count { $0 == "\n" }, message: message)
        }
        /// What stands before an end, which is taken too. `isBegun`: what it begins with was taken before.
        func take(after begin: String, until end: String, isBegun: Bool = false) throws(MarkdownProblem) -> String {
            let content = isBegun ? rest : rest.dropFirst(begin.count)
            guard let found = content.firstRange(of: end), found.lowerBound > content.startIndex else {
                throw problem("\(begin) without \(end)")
            }
            flush()
            rest = content[found.upperBound...]
            return String(content[..<found.lowerBound])
        }
        while let first = rest.first {
            let second = rest.dropFirst().first ?? " "
            if first == "`" {
                if rest.hasPrefix("``") { throw problem("code stands between single signs") }
                spans.append(.code(try take(after: "`", until: "`")))
            } else if rest.hasPrefix("**") {
                spans.append(.strong(try self.spans(of: try take(after: "**", until: "**"))))
            } else if first == "*", second.isLetter || second.isNumber || second == "`" {
                spans.append(.emphasis(try self.spans(of: try take(after: "*", until: "*"))))
            } else if rest.hasPrefix("<doc:") {
                spans.append(.article(try take(after: "<doc:", until: ">")))
            } else if rest.hasPrefix("![") {
                throw problem("an image")
            } else if first == "[", let close = rest.firstIndex(of: "]"), rest[close...].hasPrefix("](") {
                let words = try take(after: "[", until: "](")
                let address = try take(after: "(", until: ")", isBegun: true)
                guard address.hasPrefix("https://") else { throw problem("a link to another page is <doc:Name>, to elsewhere https://") }
                spans.append(.link(try self.spans(of: words), address: address))
            } else if first == "\\", second.isASCII, second.isPunctuation || second.isSymbol {
                plain.append(second)
                rest = rest.dropFirst(2)
            } else if first == "<", second.isLetter || second == "/" || second == "!" {
                throw problem("markup of HTML; a sign alone is \\<")
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        flush()
        return spans
    }
}
