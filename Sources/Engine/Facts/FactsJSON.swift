// Members of JSON objects as facts have them; what is missing or of another kind is said by name.
package import Campaigns

extension JSON {
    package func member(_ name: String) throws(FactsError) -> JSON {
        guard let value = self[name] else { throw FactsError("\(name) is missing") }
        return value
    }

    package func integer(of name: String) throws(FactsError) -> Int64 {
        guard case .integer(let value) = try member(name) else { throw FactsError("\(name) is no integer") }
        return value
    }

    /// A number that is not negative.
    package func count(of name: String) throws(FactsError) -> Int {
        let value = try integer(of: name)
        guard value >= 0 else { throw FactsError("\(name) is negative") }
        return Int(value)
    }

    package func boolean(of name: String) throws(FactsError) -> Bool {
        guard case .boolean(let value) = try member(name) else { throw FactsError("\(name) is neither true nor false") }
        return value
    }

    package func text(of name: String) throws(FactsError) -> String {
        guard case .string(let value) = try member(name) else { throw FactsError("\(name) is no text") }
        return value
    }

    package func items(of name: String) throws(FactsError) -> [JSON] {
        guard case .array(let items) = try member(name) else { throw FactsError("\(name) is no array") }
        return items
    }

    package func texts(of name: String) throws(FactsError) -> [String] {
        var texts: [String] = []
        for item in try items(of: name) {
            guard case .string(let text) = item else { throw FactsError("\(name) has what is no text") }
            texts.append(text)
        }
        return texts
    }

    /// The members of an object, each read.
    package func members<Value>(of name: String, _ read: (JSON) throws(FactsError) -> Value) throws(FactsError) -> [String: Value] {
        guard case .object(let members) = try member(name) else { throw FactsError("\(name) is no object") }
        var values: [String: Value] = [:]
        for member in members { values[member.name] = try read(member.value) }
        return values
    }
}
