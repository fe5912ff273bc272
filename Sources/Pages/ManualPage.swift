// The manual's pages: its contents, and one for each article, with the way to those before and behind it.
import Campaigns

enum ManualPage {
    /// The contents.
    static var contents: Page {
        let parts = Manual.parts.map { part -> HTML in
            let articles = part.articles.map { "<li>\(link(to: $0))</li>\n" as HTML }
            return "<h2>\(part.title)</h2>\n<ul>\n\(articles)</ul>\n"
        }
        let overview = Manual.overview
        return Page(
            section: .manual, title: "The manual",
            body: "<div class=\"article\">\(overview.abstract)\(overview.body)\(parts)</div>")
    }

    /// One article; of a name that none has, where it leads instead.
    static func page(_ name: String) -> Page {
        guard let place = Manual.articles.firstIndex(where: { $0.name == name }) else {
            let hint = NearestName.hint(for: name, among: Manual.articles.map(\.name))
            return Page(
                status: 404, section: .manual, title: "There is no such article", trail: trail,
                body: "<div class=\"notice\"><p>The manual has no article \(name).</p><p class=\"soft\">\(hint)</p></div>")
        }
        let article = Manual.articles[place]
        return Page(
            section: .manual, title: article.title, trail: trail,
            body: """
                <div class="article">\(article.abstract)\(headings(of: article))\(article.body)</div>
                \(neighbours(of: place))
                """)
    }

    private static let trail = [(name: "The manual", address: Address("manual"))]

    private static func address(of article: Article) -> Address { Address("manual", article.name) }

    private static func link(to article: Article) -> HTML { "<a href=\"\(address(of: article))\">\(article.title)</a>" }

    /// What stands in an article that is longer than a look.
    private static func headings(of article: Article) -> HTML {
        let others = article.headings.filter { $0.title != "Overview" }
        let chapters = others.filter { $0.level == 2 }
        // An article of few chapters is found in by their parts.
        let all = chapters.count > 2 ? chapters : others
        guard all.count > 5 else { return "" }
        let links = all.map { "<li><a href=\"#\($0.anchor)\">\($0.title)</a></li>\n" as HTML }
        return "<nav class=\"contents\" aria-label=\"On this page\"><ul>\n\(links)</ul></nav>\n"
    }

    private static func neighbours(of place: Int) -> HTML {
        let all = Manual.articles
        let previous: HTML = place > 0 ? "<span>Before: \(link(to: all[place - 1]))</span>" : "<span></span>"
        let next: HTML = place + 1 < all.count ? "<span>Next: \(link(to: all[place + 1]))</span>" : "<span></span>"
        return "<nav class=\"neighbours\" aria-label=\"Before and next\">\(previous)\(next)</nav>"
    }
}
