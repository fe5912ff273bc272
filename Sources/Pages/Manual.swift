// The manual: the articles of the catalogue in the order of its front page, `audienced.md`, from which the contents are made too.

/// All of it, read once.
enum Manual {
    /// Articles that belong together.
    struct Part: Sendable {
        let title: String
        let articles: [Article]
    }

    /// The name of the front page's file.
    private static let front = "audienced"

    static let (overview, parts): (Article, [Part]) = {
        do throws(MarkdownProblem) {
            return try read()
        } catch {
            preconditionFailure("the manual, line \(error.line): \(error.message)")
        }
    }()

    /// In the order in which one reads them.
    static let articles = parts.flatMap(\.articles)

    private static func read() throws(MarkdownProblem) -> (Article, [Part]) {
        let texts = Dictionary(uniqueKeysWithValues: EmbeddedArticles.texts)
        let titles = texts.mapValues { text in String(text.prefix { $0 != "\n" }.drop { $0 == "#" || $0 == " " }) }
        let page = texts[front, default: ""]
        // What only DocC reads stands between these.
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        guard let topics = lines.firstIndex(of: "## Topics"), let directive = lines.firstIndex(of: "@Metadata {"),
            let end = lines.firstIndex(of: "}")
        else { throw MarkdownProblem(line: 1, message: "the front page has @Metadata and Topics") }
        let overview = (lines[..<directive] + lines[(end + 1)..<topics]).joined(separator: "\n")
        var parts: [Part] = []
        var title = ""
        for (line, block) in try Markdown(lines[(topics + 1)...].joined(separator: "\n")).blocks {
            switch block {
            case .heading(level: 3, let text): title = text
            case .list(start: nil, let items):
                var articles: [Article] = []
                for item in items {
                    guard case .article(let name)? = try Markdown.spans(of: item).first, let text = texts[name] else {
                        throw MarkdownProblem(line: topics + line, message: "a topic is a link to an article")
                    }
                    articles.append(try article(name, text, titles))
                }
                parts.append(Part(title: title, articles: articles))
            default: throw MarkdownProblem(line: topics + line, message: "topics are headings and lists")
            }
        }
        return (try article(front, overview, titles), parts)
    }

    private static func article(_ name: String, _ text: String, _ titles: [String: String]) throws(MarkdownProblem) -> Article {
        do throws(MarkdownProblem) {
            return try Article(name, text: text, titles: titles)
        } catch {
            throw MarkdownProblem(line: error.line, message: "\(name).md: \(error.message)")
        }
    }
}
