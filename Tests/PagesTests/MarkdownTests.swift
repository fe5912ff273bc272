// Goal: articles are shown as they are meant, whole, and no text in them becomes markup. Method: small articles with known HTML; what is
// outside of the subset is refused at its line.
import Testing

@testable import Pages

@Suite struct MarkdownTests {
    private func html(_ text: String) throws -> String {
        let article = try Article("FirstOne", text: "# Title\n\n" + text, titles: ["SaveAudience": "save-audience"])
        return String(decoding: article.abstract.bytes + article.body.bytes, as: UTF8.self)
    }

    @Test(arguments: [
        ("two\nlines", "<p>two\nlines</p>\n"),
        ("a `b<*c*` *d `e`* **f** g", "<p>a <code>b&lt;*c*</code> <em>d <code>e</code></em> <strong>f</strong> g</p>\n"),
        ("a < b & \\<c> 2 * 3 snake_case [x] \\*y\\*", "<p>a &lt; b &amp; &lt;c&gt; 2 * 3 snake_case [x] *y*</p>\n"),
        ("see <doc:SaveAudience>.", "<p>see <a href=\"/manual/save-audience\">save-audience</a>.</p>\n"),
        ("[a `b`](https://c.d/?e=\"&f)", "<p><a href=\"https://c.d/?e=&quot;&amp;f\" rel=\"noreferrer\">a <code>b</code></a></p>\n"),
        ("* a\n  b\n* c\n\nd", "<ul>\n<li>a\nb</li>\n<li>c</li>\n</ul>\n<p>d</p>\n"),
        ("4. a\n5. b", "<ol start=\"4\">\n<li>a</li>\n<li>b</li>\n</ol>\n"),
        ("> a\n> b", "<blockquote><p>a\nb</p></blockquote>\n"),
        ("```json\n{\"<a>\":\n\n  1}\n```", "<pre tabindex=\"0\"><code>{&quot;&lt;a&gt;&quot;:\n\n  1}</code></pre>\n"),
        (
            "## Not ready, yet\n### `b`",
            "<h2 id=\"not-ready-yet\"><a class=\"anchor\" href=\"#not-ready-yet\">Not ready, yet</a></h2>\n"
                + "<h3 id=\"b\"><a class=\"anchor\" href=\"#b\"><code>b</code></a></h3>\n"
        ),
    ])
    func blocks(text: String, expected: String) throws {
        #expect(try html(text) == expected)
    }

    @Test func tables() throws {
        let text = try html("## A\n| a | `b` |\n|---|---:|\n| x `\\|` y | **1** |\n")
        #expect(text.contains("<th scope=\"col\">a</th><th scope=\"col\" class=\"n\">b</th>"))
        #expect(text.contains("<tr><th scope=\"row\">x <code>|</code> y</th><td class=\"n\"><strong>1</strong></td></tr>"))
        #expect(text.contains("aria-label=\"A\""))
    }

    @Test(arguments: [
        ("a\n\n#### b", 5), ("a\n\n  b", 5), ("`a", 3), ("a\n**b", 4), ("<b>a</b>", 3), ("![a](https://b)", 3), ("[a](b.md)", 3),
        ("<doc:Nobody>", 3), ("```swift run\n```", 3), ("```\na", 3), ("| a |\n| b |", 4), ("| a |\n|---|\n| b | c |", 5),
        ("* a\n  * b", 4), ("* a\n    b", 4), ("1. a\n3. b", 4), ("# a", 3), ("## a\n## A", 4), ("``a``", 3), ("| a |\n|===|", 4),
        ("a\n\n* b\n  `c", 6), ("[a](https://b)\n[c](https://d)\nand `e", 5), ("a\n[b](https://c) `d\n", 4),
    ])
    func whatIsOutsideIsRefused(text: String, line: Int) throws {
        let problem = #expect(throws: MarkdownProblem.self) { try html(text) }
        #expect(problem?.line == line, "\(problem?.message ?? "")")
    }

    @Test func anArticleBeginsWithItsTitle() {
        #expect(throws: MarkdownProblem(line: 1, message: "an article begins with its title")) { try Article("A", text: "a", titles: [:]) }
    }

    @Test(arguments: [("FirstCampaign", "first-campaign"), ("Split", "split"), ("Contract", "contract")])
    func names(file: String, address: String) {
        #expect(Article.address(of: file) == address)
    }
}
