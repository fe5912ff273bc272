// The words of JSON Schema 2020-12 that the descriptions of definitions, events and answers are written in.
import Campaigns

/// One schema.
struct JSONSchema: Sendable {
    private var keywords: [JSON.Member]

    init(_ keywords: KeyValuePairs<String, JSON>) {
        self.keywords = keywords.map { JSON.Member($0.key, $0.value) }
    }

    /// As it is written.
    var json: JSON { .object(keywords) }

    /// Its words, for what has more of them.
    var members: [(String, JSON)] { keywords.map { ($0.name, $0.value) } }

    /// With one word more.
    func with(_ keyword: String, _ value: JSON?) -> JSONSchema {
        guard let value else { return self }
        var schema = self
        schema.keywords.append(JSON.Member(keyword, value))
        return schema
    }

    /// Null too.
    var orNull: JSONSchema {
        let null = JSON.string("null")
        var schema = self
        // What asks for one of some members would ask null for it.
        if keywords.contains(where: { $0.name == "oneOf" }) { return .any(of: [self, .null]) }
        for (place, keyword) in keywords.enumerated() {
            switch (keyword.name, keyword.value) {
            case ("enum", .array(let words)): schema.keywords[place].value = .array(words + [.null])
            case ("type", .string): schema.keywords[place].value = .array([keyword.value, null])
            case ("type", .array(let types)): schema.keywords[place].value = .array(types.contains(null) ? types : types + [null])
            default: continue
            }
            return schema
        }
        return .any(of: [self, .null])
    }

    // What values are.

    /// Anything.
    static let anything = JSONSchema([:])
    static let boolean = JSONSchema(["type": .string("boolean")])
    static let null = JSONSchema(["type": .string("null")])

    /// - Parameter characters: the most. Where the program counts bytes, it is that many: a text has no more characters than bytes.
    static func text(atLeast: Int? = nil, atMost characters: Int? = nil, pattern: String? = nil, format: String? = nil) -> JSONSchema {
        JSONSchema(["type": .string("string")])
            .with("minLength", atLeast.map { .integer(Int64($0)) }).with("maxLength", characters.map { .integer(Int64($0)) })
            .with("pattern", pattern.map(JSON.string)).with("format", format.map(JSON.string))
    }

    static func integer(from least: Int64? = nil, to most: Int64? = nil) -> JSONSchema {
        JSONSchema(["type": .string("integer")]).with("minimum", least.map(JSON.integer)).with("maximum", most.map(JSON.integer))
    }

    static func number(from least: Int64, to most: Int64) -> JSONSchema {
        JSONSchema(["type": .string("number"), "minimum": .integer(least), "maximum": .integer(most)])
    }

    static func word(of words: [String]) -> JSONSchema { JSONSchema(["enum": .array(words.map(JSON.string))]) }

    /// The words of an enumeration.
    static func word<Word>(of _: Word.Type) -> JSONSchema where Word: RawRepresentable & CaseIterable, Word.RawValue == String {
        word(of: Word.allCases.map(\.rawValue))
    }

    static func constant(_ value: JSON) -> JSONSchema { JSONSchema(["const": value]) }

    static func list(of item: JSONSchema, atLeast: Int = 0, atMost: Int? = nil) -> JSONSchema {
        JSONSchema(["type": .string("array"), "items": item.json])
            .with("minItems", atLeast > 0 ? .integer(Int64(atLeast)) : nil).with("maxItems", atMost.map { .integer(Int64($0)) })
    }

    /// An object whose members have any names.
    static func map(of value: JSONSchema, names: JSONSchema? = nil) -> JSONSchema {
        JSONSchema(["type": .string("object"), "additionalProperties": value.json]).with("propertyNames", names?.json)
    }

    static func any(of schemas: [JSONSchema]) -> JSONSchema { JSONSchema(["anyOf": .array(schemas.map(\.json))]) }

    /// What `$defs` of the same document has under that name.
    static func reference(_ name: String) -> JSONSchema { JSONSchema(["$ref": .string("#/$defs/\(name)")]) }

    /// What AsyncAPI and OpenAPI keep for all of a document.
    static func component(_ name: String) -> JSONSchema { JSONSchema(["$ref": .string("#/components/schemas/\(name)")]) }

    /// Another document beside this one.
    static func document(_ name: String) -> JSONSchema { JSONSchema(["$ref": .string("\(name).json")]) }

    // Objects.

    /// An object with these members; whoever reads it allows others, or closes it.
    static func object(_ members: [DescribedMember]) -> JSONSchema {
        let required = members.filter(\.isRequired).map { JSON.string($0.name) }
        return JSONSchema(["type": .string("object")])
            .with("required", required.isEmpty ? nil : .array(required))
            .with("properties", .object(members.map { JSON.Member($0.name, $0.described) }))
    }

    /// No other members than those that it names, or what is put together with it does.
    var closed: JSONSchema { with("unevaluatedProperties", .boolean(false)) }

    /// Of these members one, and no other, is there and not null.
    func havingOne(of names: [String]) -> JSONSchema {
        let cases = names.map { name in
            let isThere = JSONSchema(["not": JSONSchema.null.json])
            return JSONSchema(["required": .array([.string(name)]), "properties": .object([JSON.Member(name, isThere.json)])])
        }
        return with("oneOf", .array(cases.map(\.json)))
    }

    /// For each word that a member may be: what else then holds.
    func depending(on member: String, _ cases: [(word: String, schema: JSONSchema)]) -> JSONSchema {
        let rules = cases.map { rule -> JSON in
            let condition = JSONSchema([
                "required": .array([.string(member)]),
                "properties": .object([JSON.Member(member, JSONSchema.constant(.string(rule.word)).json)]),
            ])
            return JSONSchema(["if": condition.json, "then": rule.schema.json]).json
        }
        return with("allOf", .array(rules))
    }

    /// A whole document.
    static func document(
        title: String, _ help: String, _ body: JSONSchema, parts: [(name: String, schema: JSONSchema)] = [], examples: [JSON] = []
    ) -> JSON {
        var schema = JSONSchema([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"), "title": .string(title), "description": .string(help),
        ])
        schema.keywords += body.keywords
        let definitions = parts.map { JSON.Member($0.name, $0.schema.json) }
        return schema.with("examples", examples.isEmpty ? nil : .array(examples))
            .with("$defs", definitions.isEmpty ? nil : .object(definitions)).json
    }
}
