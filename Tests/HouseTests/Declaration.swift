// The declarations in Swift source, found by their keywords and braces; what no rule of the house asks about is not told.

/// A type, a member, a case, a function or a variable, wherever it stands.
struct Declaration: Sendable {
    var keyword: String
    /// Empty for an operator and for what has no name of its own.
    var name: String
    /// Modifiers, and attributes with their `@`.
    var marks: Set<String>
    /// Of a type: the types it conforms to.
    var parents: Set<String> = []
    /// The keyword of the type that it is a member of; nil within a function and outside of everything.
    var scope: String?
    /// Where its attributes begin: what explains it stands above.
    var firstLine: Int
    var line: Int
    /// Of its name, when it has no body.
    var lastLine: Int

    var isFunction: Bool { Declaration.functions.contains(keyword) }

    private static let types: Set = ["struct", "enum", "class", "protocol", "extension"]
    private static let functions: Set = ["func", "init", "deinit", "subscript"]
    private static let values: Set = ["var", "let", "typealias", "associatedtype"]
    private static let modifiers: Set = [
        "public", "package", "internal", "private", "fileprivate", "static", "final", "override", "mutating", "nonmutating", "consuming",
        "borrowing", "indirect", "nonisolated", "required", "convenience", "lazy", "weak", "unowned", "prefix", "postfix",
    ]

    static func all(in tokens: [Token]) -> [Declaration] {
        var reader = Reader(tokens: tokens)
        reader.read()
        return reader.found
    }

    private struct Reader {
        let tokens: [Token]
        var found: [Declaration] = []
        private var at = 0
        private var marks: Set<String> = []
        private var firstLine: Int?
        /// What the open braces belong to: a place in `found`.
        private var open: [Int?] = []
        /// Whose body the next brace begins.
        private var pending: Int?

        init(tokens: [Token]) { self.tokens = tokens + [Token(text: "}", line: tokens.last?.line ?? 1)] }

        mutating func read() {
            while at < tokens.count {
                let token = tokens[at]
                switch token.text {
                case "{":
                    open.append(pending)
                    pending = nil
                case "}":
                    if let owner = open.popLast() ?? nil { found[owner].lastLine = token.line }
                    pending = nil
                case "@":
                    mark("@" + word(at + 1), until: at + 1)
                    continue
                case let text where Declaration.modifiers.contains(text) && follows(at):
                    mark(text, until: at)
                    continue
                default:
                    if follows(at), declare(token.text) { continue }
                }
                forget()
            }
        }

        private func word(_ place: Int) -> String { place < tokens.count ? tokens[place].text : "" }

        /// Whether a keyword means itself here: it is no name behind a dot, and no label.
        private func follows(_ place: Int) -> Bool { !(place > 0 && word(place - 1) == ".") && word(place + 1) != ":" }

        private mutating func forget() {
            (marks, firstLine) = ([], nil)
            at += 1
        }

        private mutating func mark(_ text: String, until last: Int) {
            firstLine = firstLine ?? tokens[at].line
            marks.insert(text)
            at = word(last + 1) == "(" ? end(of: last + 1) + 1 : last + 1
        }

        /// The place of the bracket that closes this one.
        private func end(of place: Int) -> Int {
            var (depth, place) = (0, place)
            while place < tokens.count - 1 {
                if ["(", "[", "{"].contains(tokens[place].text) { depth += 1 }
                if [")", "]", "}"].contains(tokens[place].text) { depth -= 1 }
                if depth == 0 { break }
                place += 1
            }
            return place
        }

        private mutating func declare(_ keyword: String) -> Bool {
            let scope = open.last.flatMap { $0 }.map { found[$0].keyword }.flatMap { Declaration.types.contains($0) ? $0 : nil }
            func declaration(_ name: Token) -> Declaration {
                Declaration(
                    keyword: keyword, name: name.isWord ? name.text : "", marks: marks, scope: scope,
                    firstLine: firstLine ?? tokens[at].line,
                    line: tokens[at].line, lastLine: name.line)
            }
            if keyword == "case", scope == "enum" {
                for name in cases() { found.append(declaration(name)) }
                forget()
                return true
            }
            if Declaration.types.contains(keyword) {
                found.append(declaration(tokens[at + 1]))
                while at < tokens.count - 1, word(at + 1) != "{" {
                    at += 1
                    found[found.count - 1].parents.insert(tokens[at].text)
                }
                pending = found.count - 1
            } else if Declaration.functions.contains(keyword) {
                found.append(declaration(keyword == "func" ? tokens[at + 1] : Token(text: "", line: tokens[at].line)))
                while keyword != "deinit", at < tokens.count - 1, word(at) != "(" { at += 1 }
                if keyword != "deinit" { at = end(of: at) }
                pending = found.count - 1
            } else if Declaration.values.contains(keyword) {
                found.append(declaration(tokens[at + 1]))
                var place = at + 1
                // A body begins in the line of its name, or it belongs to something else.
                while place < tokens.count, tokens[place].line == tokens[at].line, word(place) != "{" { place += 1 }
                pending = word(place) == "{" && tokens[place].line == tokens[at].line ? found.count - 1 : nil
                at += 1
            } else {
                return false
            }
            forget()
            return true
        }

        /// The names behind `case`: a, b(Int), c = "c".
        private mutating func cases() -> [Token] {
            var names: [Token] = []
            repeat {
                at += 1
                names.append(tokens[at])
                if word(at + 1) == "(" { at = end(of: at + 1) }
                if word(at + 1) == "=" { at += 2 }
            } while word(at + 1) == ","
                && {
                    at += 1; return true
                }()
            return names
        }
    }
}
