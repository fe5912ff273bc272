// The query of a request, read as its route declares it: nothing unknown, nothing twice, nothing that does not fit.
internal import Campaigns

/// The parameters of a query with their types; those not given have their defaults.
public struct Query: Sendable, Equatable {
    private var values: [String: QueryParameter.Value] = [:]

    /// Nothing was asked for.
    init() {}

    /// The text or the word of that name; nil when it is not given and has no default.
    public func text(_ name: String) -> String? {
        if case .text(let text)? = values[name] { text } else { nil }
    }

    /// The number of that name.
    public func integer(_ name: String) -> Int64? {
        if case .integer(let number)? = values[name] { number } else { nil }
    }

    /// The instant of that name: milliseconds since 1970.
    public func instant(_ name: String) -> Int64? { integer(name) }

    /// Whether that is asked for; no when nothing is said.
    public func flag(_ name: String) -> Bool { values[name] == .flag(true) }

    /// Reads a query; the problem names the first parameter that is wrong.
    init(_ encoded: Substring, declared: [QueryParameter]) throws(ProblemDocument) {
        for piece in encoded.split(separator: "&") {
            let encodedName = piece.prefix { $0 != "=" }
            guard let name = Percent.decoded(encodedName.utf8, plusIsSpace: true),
                let text = Percent.decoded(piece.dropFirst(encodedName.count + 1).utf8, plusIsSpace: true)
            else {
                throw Self.problem(
                    .queryMalformed, String(encodedName), "is not encoded as a URL wants it", "%25 is a percent sign, and texts are UTF-8")
            }
            guard let parameter = declared.first(where: { $0.name == name }) else {
                let names = declared.map(\.name)
                let known = names.isEmpty ? "this resource takes none" : "known: \(names.joined(separator: ", "))"
                throw Self.problem(.queryUnknown, name, "is not known here", didYouMean(name, among: names) ?? known)
            }
            guard values[name] == nil else { throw Self.problem(.queryRepeated, name, "is given twice", "give it once") }
            guard let value = parameter.value(of: text) else {
                throw Self.problem(.queryInvalid, name, "cannot be \(shown(text))", parameter.hint(for: text))
            }
            values[name] = value
        }
        for parameter in declared where values[parameter.name] == nil {
            values[parameter.name] = parameter.fallback.flatMap(parameter.value(of:))
        }
    }

    private static func problem(_ code: ProblemCode, _ name: String, _ message: String, _ hint: String) -> ProblemDocument {
        var problem = ProblemDocument(code, "the parameter \(shown(name)) \(message)", hint: hint)
        problem.members.append(.init("parameter", .string(name)))
        return problem
    }
}

/// A text of a client as messages show it: quoted, and cut.
func shown(_ text: String) -> String {
    let maximum = 80
    let start = text.unicodeScalars.prefix(maximum + 1)
    return start.count > maximum ? "'\(String(String.UnicodeScalarView(start.prefix(maximum))))…'" : "'\(text)'"
}
