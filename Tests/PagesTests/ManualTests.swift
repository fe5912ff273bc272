// Goal: the manual has every article of the catalogue, once, and each can be reached. Method: the files of the catalogue are compared with
// what pages show.
import Foundation
import Testing

@testable import Pages

@Suite struct ManualTests {
    private static let catalogue =
        "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Sources/audienced/audienced.docc"

    /// The files of the catalogue besides its front page, without their endings.
    private static let files = (FileManager.default.enumerator(atPath: catalogue)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(".md") }.map { String($0.split(separator: "/").last!.dropLast(3)) }.filter { $0 != "audienced" }

    private func text(_ page: Page) -> String { String(decoding: page.html.bytes, as: UTF8.self) }

    @Test func everyFileIsAnArticleOnce() {
        #expect(Self.files.count > 25, "a reader that finds nothing proves nothing")
        #expect(Manual.articles.map(\.name).sorted() == Self.files.map { Article.address(of: $0) }.sorted())
        #expect(Set(Manual.articles.map(\.title)).count == Manual.articles.count)
    }

    @Test func theContentsLeadToAll() {
        let contents = text(ManualPage.contents)
        for article in Manual.articles {
            #expect(contents.contains("<a href=\"/manual/\(article.name)\">"))
            #expect(ManualPage.page(article.name).status == 200)
        }
        #expect(!contents.contains("@Metadata") && contents.contains("aria-current=\"page\">Manual</a>"))
    }

    @Test func articlesLeadToThoseBesideThem() {
        for (place, article) in Manual.articles.enumerated() {
            let page = text(ManualPage.page(article.name))
            for other in [place - 1, place + 1] where Manual.articles.indices.contains(other) {
                #expect(page.contains("<a href=\"/manual/\(Manual.articles[other].name)\">"))
            }
        }
    }

    @Test func anUnknownNameIsNoArticle() {
        let page = ManualPage.page("first-campain<b>")
        #expect(page.status == 404 && text(page).contains("first-campain&lt;b&gt;") && text(page).contains("first-campaign"))
    }
}
