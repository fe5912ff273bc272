// The rules of the house that a script can hold. Each is a function from source text to what is wrong with it, with its place and what to
// do.

enum Tidy {
    static let columns = 140
    static let linesOfFile = 350
    static let linesOfFunction = 70
    /// Of a type in a file of another name.
    static let linesOfLodger = 30

    /// The rooms whose types lie in files of their names.
    private static let orderlyRooms: Set = ["Campaigns", "Daemon", "Engine", "HTTP", "Kafka", "Oracle", "Pages", "Storage", "Wire"]
    private static let types: Set = ["struct", "enum", "class", "protocol", "actor"]

    /// What a room may import; what is not here and below `Sources` may import nothing. Glibc is for `memcmp`, `pow` and the like where
    /// `timeless` names the room. Foundation is at the rim only: tests of the tree, and the plugins of the build.
    static let imports: [String: Set<String>] = [
        "audienced": ["Daemon"],
        "Daemon": ["Pages", "HTTP", "Kafka", "Storage", "Wire", "Engine", "Oracle", "Campaigns", "CYaml", "Glibc", "Synchronization"],
        "Pages": ["HTTP", "Campaigns"],
        "HTTP": ["CMicrohttpd", "Storage", "Campaigns", "Glibc", "Synchronization"],
        "Kafka": ["CRdkafka", "Glibc", "Synchronization"],
        "Storage": ["CZstd", "CCrypto", "CSearch", "CXxhash", "Glibc"],
        "Wire": ["Engine", "Campaigns", "CSimdjson", "CXxhash", "Glibc"],
        "Engine": ["Campaigns", "CMremap", "CPrefetch", "CXxhash", "Glibc"],
        "Oracle": ["Campaigns", "Glibc"],
        "Campaigns": [],
        "CommitOfBuild": ["PackagePlugin", "Foundation"],
        "ArticlesOfManual": ["PackagePlugin", "Foundation"],
    ]

    /// Rooms without a file, a clock, an environment, a thread and a random seed.
    static let timeless: Set = ["Pages", "Wire", "Engine", "Oracle", "Campaigns"]
    static let ofTheMachine: Set = [
        "clock_gettime", "gettimeofday", "ContinuousClock", "SuspendingClock", "getenv", "fopen", "pthread_create", "Thread", "Task",
        "SystemRandomNumberGenerator", "shuffled", "hashValue", "Hasher",
    ]

    /// Members that the standard library, Swift Testing and SwiftPM call.
    static let calledByOthers: Set = [
        "customMirror", "debugDescription", "testDescription", "createBuildCommands", "provideScope", "appendLiteral",
    ]

    static func lengths(of source: SourceText) -> [String] {
        var found: [String] = []
        for (place, line) in source.lines.enumerated() where line.utf8.count > columns && line.count > columns {
            // A line of NDJSON in a raw text stays one line.
            if line.contains("#\"") { continue }
            found.append("\(source.path):\(place + 1): \(line.count) columns; break the line, \(columns) is the most")
        }
        let count = source.lines.count - (source.lines.last == "" ? 1 : 0)
        if count > linesOfFile {
            found.append("\(source.path):\(count): move a part into a file of its own, \(linesOfFile) lines is the most")
        }
        for declaration in source.declarations where declaration.isFunction || declaration.keyword == "var" {
            let count = declaration.lastLine - declaration.line + 1
            if count > linesOfFunction {
                found.append("\(source.path):\(declaration.line): \(count) lines; make it two functions, \(linesOfFunction) is the most")
            }
        }
        return found
    }

    static func firstLine(of source: SourceText) -> [String] {
        // The first line of the manifest is for SwiftPM.
        let words = source.comments[0].split(separator: " ").dropFirst()
        return words.count > 1 || source.path == "Package.swift"
            ? [] : ["\(source.path):1: begin with a comment that says what the file is for"]
    }

    static func imports(of source: SourceText) -> [String] {
        let folders = source.path.split(separator: "/").map(String.init)
        guard folders[0] == "Sources", source.path.hasSuffix(".swift") else { return [] }
        let room = folders[1]
        var found: [String] = []
        for (token, next) in zip(source.tokens, source.tokens.dropFirst()) {
            if token.text == "import", !imports[room, default: []].contains(next.text) {
                found.append("\(source.path):\(token.line): \(room) must not import \(next.text); put what needs it into another room")
            }
            if timeless.contains(room), ofTheMachine.contains(token.text) {
                found.append("\(source.path):\(token.line): \(room) must not know \(token.text); have Daemon pass in what it says")
            }
        }
        return found
    }

    /// Where a stranger looks for a type: in the file of its name. A small one may stand beside what it belongs to.
    static func places(of source: SourceText) -> [String] {
        let folders = source.path.split(separator: "/")
        guard folders[0] == "Sources", orderlyRooms.contains(String(folders[1])), let file = folders.last?.prefix(while: { $0 != "." })
        else {
            return []
        }
        return source.declarations.filter { declaration in
            types.contains(declaration.keyword) && declaration.scope == nil
                && declaration.marks.isDisjoint(with: ["private", "fileprivate"])
                && declaration.lastLine - declaration.line + 1 > linesOfLodger && declaration.name != file
        }
        .map { "\(source.path):\($0.line): \($0.keyword) \($0.name) is long; move it to \($0.name).swift" }
    }

    /// An initialiser takes members, and what others ask for by its name is explained by them.
    static func documentation(of source: SourceText) -> [String] {
        source.declarations.filter { declaration in
            declaration.marks.contains("public") && declaration.firstLine > 1 && declaration.keyword != "init"
                && declaration.name != "description"
                && !calledByOthers.contains(declaration.name) && !source.comments[declaration.firstLine - 2].hasPrefix("///")
        }
        .map { "\(source.path):\($0.line): \($0.keyword) \($0.name) is public; say in `///` above it what it is" }
    }

    /// Declarations of the product that only tests use, and why they are not with the tests.
    static let usedByTests = [
        "readsTheClock": "it belongs to the table of functions, which random expressions are made from",
        "rowCount": "the engine hides its tables, and a model is compared with them",
    ]

    /// Whether a file is of the program alone; the plain evaluator is also what tests compare the engine with, commit by commit.
    private static func isOfProduct(_ path: String) -> Bool {
        path.hasPrefix("Sources/") && !["Oracle"].contains { path.hasPrefix("Sources/\($0)/") }
    }

    /// How often each name occurs besides where it is declared.
    private static func uses(in sources: [SourceText]) -> [String: Int] {
        var uses: [String: Int] = [:]
        for source in sources {
            for token in source.tokens { uses[token.text, default: 0] += 1 }
            for declaration in source.declarations where declaration.keyword != "extension" { uses[declaration.name]? -= 1 }
        }
        return uses
    }

    /// Names that occur nowhere but where they are declared; of the product also those that only tests use.
    static func unused(in sources: [SourceText]) -> [String] {
        let uses = uses(in: sources)
        let usesInProduct = self.uses(in: sources.filter { isOfProduct($0.path) })
        var found: [String] = []
        for source in sources {
            // A case of an enum with raw values comes from its value.
            let fromValues = source.declarations.filter { !$0.parents.isDisjoint(with: ["String", "Int32", "CaseIterable"]) }
            let isOfProduct = isOfProduct(source.path)
            for declaration in source.declarations where !["_", ""].contains(declaration.name) {
                let isUsed = uses[declaration.name, default: 0] > 0
                if isUsed, !isOfProduct || usesInProduct[declaration.name, default: 0] > 0 || usedByTests[declaration.name] != nil {
                    continue
                }
                if !declaration.marks.isDisjoint(with: ["@Test", "@Suite", "@main"]) || calledByOthers.contains(declaration.name) {
                    continue
                }
                if declaration.keyword == "case", fromValues.contains(where: { $0.line...$0.lastLine ~= declaration.line }) { continue }
                let (user, remedy) =
                    isUsed ? ("nothing but tests", "move it to them, or remove it with what it needs") : ("nothing", "remove it")
                found.append("\(source.path):\(declaration.line): \(user) uses \(declaration.keyword) \(declaration.name); \(remedy)")
            }
        }
        return found
    }

    /// Names in backticks in comments that are nowhere in the code: a type, a member of one, a function with
    /// its labels, any name with a capital within. Made-up texts of these tests are no code.
    static func goneNames(in sources: [SourceText]) -> [String] {
        var known: Set<Substring> = []
        for source in sources {
            for token in source.tokens where token.isWord { known.insert(token.text[...]) }
            known.insert(source.path.split(separator: "/").last!.prefix { $0 != "." })
            if source.path.hasPrefix("Tests/HouseTests/") { continue }
            for word in source.contents.split(whereSeparator: { !SourceText.isPartOfWord($0) }) {
                known.insert(String(decoding: word, as: UTF8.self)[...])
            }
        }
        var found: [String] = []
        for source in sources {
            for (place, comment) in source.comments.enumerated() where comment.utf8.contains(UInt8(ascii: "`")) {
                for (number, quoted) in comment.split(separator: "`", omittingEmptySubsequences: false).enumerated() where number % 2 == 1 {
                    guard let name = names(in: quoted).first(where: { !known.contains($0) }) else { continue }
                    found.append("\(source.path):\(place + 1): `\(quoted)`: there is no \(name) any more; say what is there now")
                }
            }
        }
        return found
    }

    /// The names in what stands in backticks; none when it is no code of ours: a text, a key of JSON, a constant of C.
    private static func names(in quoted: Substring) -> [Substring] {
        let path = quoted.prefix { $0 != "(" }
        let labels = quoted.dropFirst(path.count)
        guard labels.isEmpty || labels == "()" || labels.hasSuffix(":)") else { return [] }
        let names = path.split(separator: ".", omittingEmptySubsequences: false)
        guard names.allSatisfy({ $0.utf8.allSatisfy(SourceText.isPartOfWord) && $0.first?.isLetter == true }) else { return [] }
        let isOurs = !labels.isEmpty || names[0].contains(where: \.isUppercase) && names[0].contains(where: \.isLowercase)
        return isOurs ? names + labels.dropFirst().dropLast().split(separator: ":").filter { $0 != "_" } : []
    }
}
