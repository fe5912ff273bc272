// One article of the manual as a page has it: its title, what can be led to in it, and its text as HTML, all of it escaped.

/// An article.
struct Article: Sendable {
    /// In addresses: `first-campaign`.
    let name: String
    /// The text of its first heading.
    let title: String
    /// Headings of the second and third level, in their order.
    let headings: [(anchor: String, title: String, level: Int)]
    /// What stands before the first heading.
    let abstract: HTML
    let body: HTML

    /// - Parameters:
    ///   - name: of its file, without the ending.
    ///   - titles: of all articles, by the names of their files: where a link may lead.
    /// - Throws: `MarkdownProblem`, also for a link that leads nowhere.
    init(_ name: String, text: String, titles: [String: String]) throws(MarkdownProblem) {
        var drawing = ArticleDrawing(titles: titles)
        let blocks = try Markdown(text).blocks
        guard case .heading(level: 1, let title)? = blocks.first?.block else {
            throw MarkdownProblem(line: 1, message: "an article begins with its title")
        }
        var abstract = HTML()
        for (line, block) in blocks.dropFirst() {
            if case .heading = block, abstract.isEmpty { abstract = drawing.take() }
            do throws(MarkdownProblem) {
                try drawing.draw(block)
            } catch {
                throw MarkdownProblem(line: line + error.line - 1, message: error.message)
            }
        }
        self.name = Self.address(of: name)
        self.title = title
        self.abstract = abstract
        headings = drawing.headings
        body = drawing.html
    }

    /// The file SaveAudience.md lies at save-audience.
    static func address(of name: String) -> String {
        name.reduce(into: "") { address, character in
            if character.isUppercase, !address.isEmpty { address.append("-") }
            address += character.lowercased()
        }
    }

    /// What leads to a heading: "Not ready": not-ready.
    static func anchor(of heading: String) -> String {
        let words = heading.lowercased().split { !$0.isLetter && !$0.isNumber }
        return words.joined(separator: "-")
    }
}

/// Blocks on their way to HTML.
private struct ArticleDrawing {
    let titles: [String: String]
    private(set) var html = HTML()
    private(set) var headings: [(anchor: String, title: String, level: Int)] = []
    /// Below each heading.
    private var tables: [String: Int] = [:]

    init(titles: [String: String]) { self.titles = titles }

    /// What is drawn so far, apart from what comes.
    mutating func take() -> HTML {
        defer { html = HTML() }
        return html
    }

    mutating func draw(_ block: Markdown.Block) throws(MarkdownProblem) {
        switch block {
        case .heading(let level, let text): try heading(level, text)
        case .paragraph(let text): html += "<p>\(try line(text))</p>\n"
        case .quote(let text): html += "<blockquote><p>\(try line(text))</p></blockquote>\n"
        case .list(let start, let items): try list(start, items)
        case .code(_, let text): html += "<pre tabindex=\"0\"><code>\(text)</code></pre>\n"
        case .table(let rows, let numbers): try table(rows, numbers)
        }
    }

    private mutating func heading(_ level: Int, _ text: String) throws(MarkdownProblem) {
        let anchor = Article.anchor(of: text)
        guard level > 1, !headings.contains(where: { $0.anchor == anchor }) else {
            throw MarkdownProblem(line: 1, message: "a second title, or a heading that stands there twice")
        }
        headings.append((anchor, try words(text), level))
        let link: HTML = "<a class=\"anchor\" href=\"#\(anchor)\">\(try line(text))</a>"
        html += level == 2 ? "<h2 id=\"\(anchor)\">\(link)</h2>\n" : "<h3 id=\"\(anchor)\">\(link)</h3>\n"
    }

    private mutating func list(_ start: Int?, _ items: [String]) throws(MarkdownProblem) {
        var points = HTML()
        for item in items { points += "<li>\(try line(item))</li>\n" }
        html += start.map { "<ol start=\"\($0)\">\n\(points)</ol>\n" } ?? "<ul>\n\(points)</ul>\n"
    }

    private mutating func table(_ rows: [[String]], _ numbers: Set<Int>) throws(MarkdownProblem) {
        var columns: [Table.Column] = []
        for (place, name) in rows[0].enumerated() { columns.append(.init(name: try words(name), isNumber: numbers.contains(place))) }
        // Regions of a page have names of their own.
        let caption = headings.last?.title ?? "Table"
        tables[caption, default: 0] += 1
        let count = tables[caption, default: 1]
        var table = Table(count == 1 ? caption : "\(caption), \(count)", columns)
        for row in rows.dropFirst() {
            var cells: [HTML] = []
            for cell in row { cells.append(try line(cell)) }
            table.add(cells)
        }
        html += table.html(empty: "")
    }

    /// Without what only markup can show.
    private func words(_ text: String) throws(MarkdownProblem) -> String { try words(Markdown.spans(of: text)) }

    private func words(_ spans: [Markdown.Span]) throws(MarkdownProblem) -> String {
        var words = ""
        for span in spans {
            switch span {
            case .text(let text), .code(let text): words += text
            case .emphasis(let inner), .strong(let inner), .link(let inner, address: _): words += try self.words(inner)
            case .article(let name): words += try title(name)
            }
        }
        return words
    }

    private func line(_ text: String) throws(MarkdownProblem) -> HTML { try line(Markdown.spans(of: text)) }

    private func line(_ spans: [Markdown.Span]) throws(MarkdownProblem) -> HTML {
        var html = HTML()
        for span in spans {
            switch span {
            case .text(let text): html += "\(text)"
            case .code(let text): html += "<code>\(text)</code>"
            case .emphasis(let inner): html += "<em>\(try line(inner))</em>"
            case .strong(let inner): html += "<strong>\(try line(inner))</strong>"
            case .link(let inner, let address): html += "<a href=\"\(address)\" rel=\"noreferrer\">\(try line(inner))</a>"
            case .article(let name): html += "<a href=\"\(Address("manual", Article.address(of: name)))\">\(try title(name))</a>"
            }
        }
        return html
    }

    private func title(_ name: String) throws(MarkdownProblem) -> String {
        guard let title = titles[name] else { throw MarkdownProblem(line: 1, message: "there is no article \(name)") }
        return title
    }
}
