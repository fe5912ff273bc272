// Goal: the tree keeps the rules of the house: lengths, first lines, imports, documentation, nothing unused, no comment about what is gone.
// Method: all code is read as words, signs and comments; each rule is tried on small texts that break it.
import Testing

@Suite struct TidyTests {
    private static let sources: [SourceText] = House.paths.compactMap { path in
        guard let file = try? House.file(path), file.isCode else { return nil }
        return SourceText(path: path, text: file.text)
    }

    private static let rules: [@Sendable (SourceText) -> [String]] = [
        Tidy.lengths, Tidy.firstLine, Tidy.imports, Tidy.places, Tidy.documentation,
    ]

    @Test func theTree() {
        #expect(
            Self.sources.count > 300 && Self.sources.reduce(0) { $0 + $1.declarations.count } > 10_000,
            "a reader that finds nothing proves nothing")
        let found = Self.rules.flatMap { Self.sources.flatMap($0) } + Tidy.unused(in: Self.sources) + Tidy.goneNames(in: Self.sources)
        for finding in found { Issue.record("\(finding)") }
    }

    // The rules.

    private func source(_ text: String, path: String = "Sources/Daemon/A.swift") -> SourceText { SourceText(path: path, text: text) }

    /// The places and the first words of findings.
    private func places(_ found: [String]) -> [String] { found.map { String($0.prefix { $0 != ";" }) } }

    @Test func lengths() {
        let line = String(repeating: "é", count: 140)
        #expect(
            Tidy.lengths(of: source("// \(line)\n\(line)\nlet a = #\"\(line)\"#")) == [
                "Sources/Daemon/A.swift:1: 143 columns; break the line, 140 is the most"
            ])
        #expect(Tidy.lengths(of: source(String(repeating: "\n", count: 350))) == [])
        #expect(
            places(Tidy.lengths(of: source(String(repeating: "\n", count: 351)))) == [
                "Sources/Daemon/A.swift:351: move a part into a file of its own, 350 lines is the most"
            ])
        let body = String(repeating: "\n", count: 69)
        #expect(Tidy.lengths(of: source("func a(b: () -> Void = {}) {\(body)}\nlet c = 1\n")) == [])
        for head in ["func a()", "init<A>(a: A)", "deinit", "var a: Int", "subscript(a: Int) -> Int"] {
            #expect(places(Tidy.lengths(of: source("struct A {\n\(head) {\n\(body)}\n}"))) == ["Sources/Daemon/A.swift:2: 71 lines"])
        }
    }

    @Test(arguments: ["import Glibc", "\n// What it is for.", "//", "// A.swift", "#ifndef A"])
    func firstLine(text: String) {
        #expect(Tidy.firstLine(of: source(text)).count == 1)
        #expect(Tidy.firstLine(of: source("// What it is for.\n\(text)")) == [])
    }

    @Test(arguments: [
        ("Campaigns/A.swift", "import Glibc", 1), ("Daemon/A.swift", "import Glibc\nimport Foundation", 1),
        ("Engine/A.swift", "package import Kafka", 1),
        ("Engine/A.swift", "import Campaigns\n/* import Kafka */ let a = \"import Kafka\"", 0), ("Unheard/A.swift", "import Glibc", 1),
        ("Wire/A.swift", "clock_gettime(CLOCK_REALTIME, &time)", 1), ("Oracle/A.swift", "// Hasher", 0),
        ("Kafka/A.swift", "ContinuousClock.now", 0),
    ])
    func imports(path: String, text: String, count: Int) {
        #expect(Tidy.imports(of: source("\(text)\n", path: "Sources/\(path)")).count == count)
    }

    @Test func places() {
        let long = "{\n\(String(repeating: "\n", count: 29))}"
        let text = [
            "struct B \(long)", "struct A \(long)", "private enum C \(long)", "extension D \(long)", "class E {\nstruct F \(long)\n}",
        ]
        .map { "\n\($0)" }.joined()
        #expect(
            Tidy.places(of: source(text)) == [
                "Sources/Daemon/A.swift:2: struct B is long; move it to B.swift",
                "Sources/Daemon/A.swift:126: class E is long; move it to E.swift",
            ])
        #expect(Tidy.places(of: source(text, path: "Sources/audienced/A.swift")) == [])
        #expect(Tidy.places(of: source("\nstruct B {\n\(String(repeating: "\n", count: 28))}")) == [])
    }

    @Test(arguments: [
        ("public struct A {}", 1), ("/// An A.\npublic struct A {}", 0), ("/// An A.\n@frozen @inlinable(a)\npublic struct A {}", 0),
        ("/// An A.\n\npublic struct A {}", 1), ("// An A.\npublic static func a() {}", 1), ("public private(set) var a = 1", 1),
        ("public init(a: Int) {}", 0), ("public var description: String { a }", 0), ("package func a() {}\npublic import Wire", 0),
        ("/// A.\npublic let a = 1\npublic let b = 2", 1),
    ])
    func documentation(text: String, count: Int) {
        #expect(Tidy.documentation(of: source("\n\(text)")).count == count)
    }

    @Test(arguments: [
        ("func a() {}", ["func a"]), ("func a() {}\na()", []), ("// a\nfunc a() {}\nlet b = \"a\"", ["func a", "let b"]),
        ("let a = 1; f(\"\\(a)\")", []),
        ("enum A { case b, c(Int), d = 3, e }; A.c; .e", ["case b", "case d"]), ("enum A: String { case b }; A", []),
        ("switch a { case b: c }", []), ("@Test(arguments: [{ 1 }]) func a() {}", []),
        ("@Suite struct A { private var b: Int { 1 } }", ["var b"]),
        ("struct A {}; extension A {}", []), ("typealias A = B", ["typealias A"]), ("class A { init() {}; deinit {} }", ["class A"]),
        ("protocol A { func b() }; struct C: A { func b() {} }; C()", ["func b", "func b"]),
        ("static func == (a: A, b: A) -> Bool { f(a: b) }", []),
        (##"let a = "\"b\\"; let c = #"\"# + a"##, ["let c"]), ("let a = /\"/\nlet b = a", ["let b"]),
        ("let a = \"\"\"\n \"b\n \"\"\"; let b = a; c(b)", []),
    ])
    func unused(text: String, expected: [String]) {
        let found = Tidy.unused(in: [source(text)])
        #expect(found.map { $0.split(separator: " ").dropFirst(3).joined(separator: " ") } == expected.map { "\($0); remove it" })
    }

    @Test func whatAnotherFileUses() {
        #expect(Tidy.unused(in: [source("func a() {}"), source("a()")]) == [])
        #expect(Tidy.unused(in: [source("\nfunc a() {}")]) == ["Sources/Daemon/A.swift:2: nothing uses func a; remove it"])
    }

    @Test func whatOnlyTestsUse() {
        let found = Tidy.unused(in: [
            source("\npublic func a() {}; func rowCount() {}; func b() {}", path: "Sources/Kafka/A.swift"),
            source("b()", path: "Sources/Daemon/B.swift"), source("a(); rowCount(); c()", path: "Tests/KafkaTests/A.swift"),
            source("func c() {}; a()", path: "Sources/Oracle/C.swift"),
        ])
        #expect(
            found == ["Sources/Kafka/A.swift:2: nothing but tests uses func a; move it to them, or remove it with what it needs"])
    }

    /// What the list excuses is there, and needs it.
    @Test func theListOfWhatTestsUseIsShort() {
        let product = Self.sources.filter { $0.path.hasPrefix("Sources/") && !$0.path.hasPrefix("Sources/Oracle/") }
        for name in Tidy.usedByTests.keys {
            let occurrences = product.reduce(0) { $0 + $1.tokens.count { $0.text == name } }
            let declarations = product.reduce(0) { $0 + $1.declarations.count { $0.name == name } }
            #expect(declarations > 0 && occurrences == declarations, "\(name)")
        }
    }

    @Test(arguments: [
        ("`Key`", []), ("`KeyBytes`", ["KeyBytes"]), ("`Key.bytes`", []), ("`Key.gone`", ["gone"]), ("`take(_:from:)`", []),
        ("`take(_:of:)`", ["of"]),
        ("`gone()`", ["gone"]), ("`keyBytes`", ["keyBytes"]), ("`A`", []), ("`gone`", []), ("`manifest.json`", []), ("`$CREDENTIALS`", []),
        ("`segmentCode`, `PT1H`, `XOld(path)`, `rd_kafka_error_t`, `<data>/lock`", []), ("`Key` and `Gone`", ["Gone"]),
    ])
    func goneNames(comment: String, expected: [String]) {
        let found = Tidy.goneNames(in: [
            source("struct Key { var bytes: Int; func take(_ a: Int, from: Int) { f(\"segmentCode\") } }\n/// \(comment)")
        ])
        #expect(
            found.map { $0.split(separator: ": ").dropFirst().last } == expected.map { "there is no \($0) any more; say what is there now" }
        )
    }
}
