// YAML text to a small tree that knows the path and the line of every node. The one owner of libyaml's parser.
//
// libyaml's events are read, not its documents: a document follows aliases while it is loaded, so that neither an anchor nor a document
// that unfolds to gigabytes ("billion laughs") could be refused. JSON is read by the same parser.

internal import CYaml

/// Reads one YAML document.
enum YamlDocument {
    /// The longest text, in bytes, and the deepest nesting: many times what a configuration needs.
    static let maximumBytes = 1 << 20
    static let maximumDepth = 16

    /// The root of the only document in the text, and the mistakes that leave the rest readable. Throws at a mistake that does not.
    static func read(_ text: [UInt8]) throws(ConfigurationError) -> (root: YamlNode, problems: [ConfigurationProblem]) {
        guard text.count <= maximumBytes else {
            let message = "the file is longer than \(maximumBytes) bytes"
            throw ConfigurationError(problems: [ConfigurationProblem(path: "", message: message, hint: "is it the right file?")])
        }
        if text.starts(with: [0xff, 0xfe]) || text.starts(with: [0xfe, 0xff]) {
            throw ConfigurationError(problems: [ConfigurationProblem(path: "", message: "the file is UTF-16", hint: "save it as UTF-8")])
        }
        // libyaml counts a byte order mark as a column, and so takes the second line for less indented than the first.
        let text = text.starts(with: [0xef, 0xbb, 0xbf]) ? text.dropFirst(3) : text[...]
        // A withUnsafe call keeps the bytes where libyaml was told they are.
        return try text.withUnsafeBufferPointer { (bytes) throws(ConfigurationError) in
            var parser = YamlParser(bytes)
            let root = try parser.document()
            return (root, parser.problems)
        }
    }
}

/// libyaml's parser and the event it stands at.
private struct YamlParser: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private var event = yaml_event_t()
    private(set) var problems: [ConfigurationProblem] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        guard yaml_parser_initialize(parser) == 1 else { fatalError("libyaml has no memory for a parser") }
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        var last = event
        yaml_event_delete(&last)
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The line of the event, counted from 1.
    private var line: Int { Int(event.start_mark.line) + 1 }

    private mutating func advance() throws(ConfigurationError) {
        yaml_event_delete(&event)
        guard yaml_parser_parse(parser, &event) == 1 else {
            let state = parser.pointee
            // A mistake of the reader (not UTF-8) has no mark, only the offset of a byte.
            let message = state.problem.map { String(cString: $0) } ?? "this is no YAML"
            let isReader = state.error == YAML_READER_ERROR
            throw fatal(
                "this is no YAML: \(message)" + (isReader ? " at byte \(state.problem_offset)" : ""),
                line: isReader ? nil : Int(state.problem_mark.line) + 1,
                hint: isReader
                    ? "save the file as UTF-8 text"
                    : "see to the indentation (blanks, no tabs), the quotes and the blank behind each colon")
        }
    }

    mutating func document() throws(ConfigurationError) -> YamlNode {
        try advance()
        try advance()
        if event.type == YAML_STREAM_END_EVENT {
            return YamlNode(path: "", place: .line(1), content: .mapping([]))
        }
        try advance()
        let root = try node(path: "", line: line, depth: 1)
        try advance()
        try advance()
        guard event.type == YAML_STREAM_END_EVENT else {
            throw fatal("a second document begins", line: line, hint: "one file holds one configuration; remove the ---")
        }
        return root
    }

    /// The node that begins with the event; afterwards the event is its last one.
    private mutating func node(path: String, line: Int, depth: Int) throws(ConfigurationError) -> YamlNode {
        guard depth <= YamlDocument.maximumDepth else {
            throw fatal("nested deeper than \(YamlDocument.maximumDepth)", path: path, line: line)
        }
        let content: YamlNode.Content
        switch event.type {
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            refuse(anchor: scalar.anchor, tag: scalar.tag, path: path)
            let style: YamlNode.Style = scalar.style == YAML_PLAIN_SCALAR_STYLE ? .plain : .quoted
            content = .scalar(String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self), style)
        case YAML_SEQUENCE_START_EVENT:
            refuse(anchor: event.data.sequence_start.anchor, tag: event.data.sequence_start.tag, path: path)
            content = .list(try list(path: path, depth: depth))
        case YAML_MAPPING_START_EVENT:
            refuse(anchor: event.data.mapping_start.anchor, tag: event.data.mapping_start.tag, path: path)
            content = .mapping(try mapping(path: path, depth: depth))
        default:
            throw fatal("an alias (*) is not supported", path: path, line: self.line, hint: "write the value out")
        }
        return YamlNode(path: path, place: .line(line), content: content)
    }

    private mutating func list(path: String, depth: Int) throws(ConfigurationError) -> [YamlNode] {
        var items: [YamlNode] = []
        try advance()
        while event.type != YAML_SEQUENCE_END_EVENT {
            items.append(try node(path: "\(path)[\(items.count)]", line: line, depth: depth + 1))
            try advance()
        }
        return items
    }

    private mutating func mapping(path: String, depth: Int) throws(ConfigurationError) -> [YamlNode.Entry] {
        var entries: [YamlNode.Entry] = []
        var keys: Set<String> = []
        try advance()
        while event.type != YAML_MAPPING_END_EVENT {
            let keyLine = line
            let keyNode = try node(path: path, line: keyLine, depth: depth + 1)
            guard case .scalar(let key, _) = keyNode.content else {
                throw fatal("a key must be a name", path: path, line: keyLine)
            }
            let keyPath = YamlNode.path(path, Self.shownKey(key))
            try advance()
            let value = try node(path: keyPath, line: keyLine, depth: depth + 1)
            if key == "<<" {
                report("a merge key (<<) is not supported", path: path, line: keyLine, hint: "write the values out each time")
            } else if keys.insert(key).inserted {
                entries.append(YamlNode.Entry(key: key, value: value))
            } else {
                // Without a value it may be the rest of a text with commas, as in ConfigurationKey.stray.
                report("the key is given twice", path: value.isNull ? path : keyPath, line: keyLine, hint: "remove one of them")
            }
            try advance()
        }
        return entries
    }

    /// A key as paths show it: without a blank behind its colon (`sasl.password:hunter2`) its value is part of it, and may be a secret.
    private static func shownKey(_ key: String) -> String {
        let name = key.utf8.prefix(80).prefix { TopicNames.isPlain($0) }
        return String(decoding: name, as: UTF8.self) + (name.count < key.utf8.count ? "…" : "")
    }

    private mutating func refuse(anchor: UnsafeMutablePointer<UInt8>?, tag: UnsafeMutablePointer<UInt8>?, path: String) {
        if anchor != nil { report("an anchor (&) is not supported", path: path, line: line, hint: "write the value out each time") }
        if tag != nil { report("a tag (!) is not supported", path: path, line: line, hint: "remove it") }
    }

    private mutating func report(_ message: String, path: String, line: Int, hint: String) {
        problems.append(ConfigurationProblem(path: path, message: message, place: .line(line), hint: hint))
    }

    /// A mistake behind which nothing can be read, with those found before it.
    private func fatal(_ message: String, path: String = "", line: Int?, hint: String? = nil) -> ConfigurationError {
        let last = ConfigurationProblem(path: path, message: message, place: line.map { .line($0) }, hint: hint)
        return ConfigurationError(problems: problems + [last])
    }
}
