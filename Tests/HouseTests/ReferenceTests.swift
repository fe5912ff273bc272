// Goal: every "contract §4", "semantics §3" and "decision 31" leads somewhere, and so does every file that a page names. Method: all prose
// of the package is read, and compared with the headings and numbers of the pages; the reader itself is tried on made-up texts.
import Testing

@Suite struct ReferenceTests {
    @Test func everyReferenceHasItsPlace() throws {
        var known: [Page: Set<String>] = [:]
        for page in Page.allCases { known[page] = Set(page.numbers(in: try House.file(page.path).text)) }
        var (count, dangling) = (0, [String]())
        for file in try House.files() {
            let references = Reference.all(in: file.prose, of: Page.allCases.first { $0.path == file.path })
            count += references.count
            for reference in references where !(reference.page.flatMap { known[$0] }?.contains(reference.number) ?? false) {
                dangling.append("\(file.path):\(reference.line): \(reference) does not exist")
            }
        }
        #expect(dangling == [])
        #expect(count > 300, "a reader that finds nothing proves nothing")
    }

    @Test(arguments: Page.allCases) func everyNumberIsThereOnce(page: Page) throws {
        let numbers = page.numbers(in: try House.file(page.path).text)
        #expect(!numbers.isEmpty && Set(numbers).count == numbers.count)
    }

    @Test func everyFileThatAPageNamesIsThere() throws {
        let pages = try House.files().filter { $0.path.hasPrefix(House.pages) || $0.path.hasPrefix(".github/") || $0.path == "README.md" }
        var (count, missing) = (0, [String]())
        for page in pages {
            let names = page.text.matches(of: /`((?:Sources|Tests|Config)\/[\w.+\/-]+|[\w+\/-]+\.(?:swift|py|dict|md))`/).map {
                String($0.1)
            }
            count += names.count
            for name in names where !House.paths.contains(where: { $0 == name || $0.hasSuffix("/\(name)") }) {
                missing.append("\(page.path): there is no \(name)")
            }
        }
        #expect(missing == [])
        #expect(count > 50, "a reader that finds nothing proves nothing")
    }

    // The reader.

    private func read(_ text: String, of own: Page? = nil) -> [String] {
        Reference.all(in: text, of: own).map { "\($0.line): \($0)" }
    }

    @Test(arguments: [
        ("as contract §4 says", ["1: contract §4"]), ("Contract §2.2: a title", ["1: contract §2.2"]),
        ("(semantics §3)", ["1: semantics §3"]), ("contract §2–4", ["1: contract §2", "1: contract §4"]),
        ("contract §2, §3 and §10; semantics §4", ["1: contract §2", "1: contract §3", "1: contract §10", "1: semantics §4"]),
        ("decision 31.", ["1: decision 31"]), ("Decision 9: so", ["1: decision 9"]),
        ("decisions 1, 6, 50–56 and 60", ["1: decision 1", "1: decision 6", "1: decision 50", "1: decision 56", "1: decision 60"]),
        ("one\nof contract\n§99 two", ["3: contract §99"]), ("the decision is ours, §12", ["1: no page's §12"]),
        ("no reference, age > 5 § active", []),
    ])
    func references(text: String, expected: [String]) {
        #expect(read(text) == expected)
    }

    @Test func aSectionOfThePageItself() {
        #expect(read("see §7, and semantics §4", of: .contract) == ["1: contract §7", "1: semantics §4"])
    }

    @Test func whatIsWrittenForPeople() {
        let code = ["let a = 1  // contract §1", #"let b = "http://x // contract §2""#, "/// semantics §3", "", "let c = 2 / 1"]
        let file = HouseFile(path: "a.swift", text: code.joined(separator: "\n"))
        #expect(file.prose == "contract §1\n\nsemantics §3\n\n")
        #expect(HouseFile(path: "a.md", text: "contract §1").prose == "contract §1")
    }

    @Test func numbersOfPages() {
        #expect(Page.contract.numbers(in: "# Title\n## 1. One\ntext 5. six\n### 1.2 Two\n## Time\n") == ["1", "1.2"])
        #expect(Page.decisions.numbers(in: "# Title\n\n1. One\n   2. no\n12. Two\n") == ["1", "12"])
    }
}
