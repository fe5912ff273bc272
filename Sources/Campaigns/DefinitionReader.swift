// Reading definitions member by member, collecting "every problem found, not just the first" (contract §2).

/// One JSON object of a definition, at a path. A member that is null is absent. `close()` reports the members nobody asked for.
final class DefinitionReader {
    /// The path of the object; empty for the whole definition.
    let path: String
    let problems: ProblemList
    private let members: [JSON.Member]
    /// The value was no object, which is one problem; its members are not missed on top of that.
    private let isBroken: Bool
    private var seen: Set<String> = []

    init(_ value: JSON, path: String, problems: ProblemList) {
        self.path = path
        self.problems = problems
        if case .object(let members) = value {
            self.members = members
            isBroken = false
        } else {
            members = []
            isBroken = true
            problems.add(path, "must be an object")
        }
    }

    /// The path of a member.
    func path(of name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    func problem(_ name: String, _ message: String, hint: String? = nil) {
        problems.add(path(of: name), message, hint: hint)
    }

    /// Whether the member is there and not null. Whoever asks knows it.
    func has(_ name: String) -> Bool {
        value(name) != nil
    }

    /// The member as it is; nil when it is absent or null, which is no problem.
    func value(_ name: String) -> JSON? {
        seen.insert(name)
        return peek(name)
    }

    /// As `value`, but whoever looks does not answer for the member: it stays unknown until somebody asks for it.
    func peek(_ name: String) -> JSON? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    /// The member as it is; nil, and a problem, when it is absent or null.
    func required(_ name: String) -> JSON? {
        let found = value(name)
        if found == nil, !isBroken { problem(name, "is required") }
        return found
    }

    private func value(_ name: String, isRequired: Bool) -> JSON? {
        isRequired ? required(name) : value(name)
    }

    /// A text; nil when it is absent (a problem if it is required) or something else (a problem).
    func text(_ name: String, isRequired: Bool = true) -> String? {
        switch value(name, isRequired: isRequired) {
        case nil: return nil
        case .string(let text): return text
        default:
            problem(name, "must be a text")
            return nil
        }
    }

    /// What editors want to know of a file; it is allowed at the top, and means nothing here.
    func ignoreSchemaReference() {
        _ = text("$schema", isRequired: false)
    }

    /// A text for people, of which nothing hangs; nil when it is absent or (a problem) something else, or too long.
    func label() -> String? {
        guard let label = text("label", isRequired: false) else { return nil }
        if label.utf8.count <= Limits.labelBytes { return label }
        problem("label", "has \(label.utf8.count) bytes", hint: "at most \(Limits.labelBytes) are allowed")
        return nil
    }

    /// A text that follows the rule for identifiers.
    func identifier(_ name: String, isRequired: Bool = true) -> String? {
        guard let text = text(name, isRequired: isRequired) else { return nil }
        if Identifier.isValid(text) { return text }
        problem(name, Identifier.expectation)
        return nil
    }

    /// An instant, milliseconds since the Unix epoch; nil when it is absent or (a problem) something else.
    func instant(_ name: String) -> Int64? {
        guard let value = value(name) else { return nil }
        if let instant = value.instant { return instant }
        problem(name, "must be an instant", hint: JSON.instantHint)
        return nil
    }

    /// A whole number that is not negative; nil when it is absent (a problem if it is required) or (a problem) something else.
    func count(_ name: String, isRequired: Bool = false) -> Int? {
        switch value(name, isRequired: isRequired) {
        case nil: return nil
        case .integer(let number) where number >= 0: return Int(number)
        default:
            problem(name, "must be a whole number from 0 on")
            return nil
        }
    }

    /// A number from 0 to 100; nil when it is absent (a problem if it is required) or (a problem) something else.
    func percentage(_ name: String, isRequired: Bool = false) -> Percentage? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        if let percentage = Percentage(value) { return percentage }
        problem(name, "must be a number from 0 to 100")
        return nil
    }

    /// An ISO 8601 duration; nil when it is absent or (a problem) something else, or nothing where that is no duration.
    func duration(_ name: String, isPositive: Bool) -> CalendarDuration? {
        guard let text = text(name, isRequired: false) else { return nil }
        guard let duration = CalendarDuration(text) else {
            problem(name, "must be a duration", hint: "ISO 8601, as in PT30M, P3D or P1M")
            return nil
        }
        if duration.isPositive || !isPositive { return duration }
        problem(name, "must be longer than nothing", hint: "as in PT30M, P3D or P1M")
        return nil
    }

    /// A boolean; the default when it is absent or (a problem) something else.
    func boolean(_ name: String, default absent: Bool) -> Bool {
        switch value(name) {
        case nil: return absent
        case .boolean(let value): return value
        default:
            problem(name, "must be true or false")
            return absent
        }
    }

    /// One word of several; nil when it is absent (a problem if it is required) or another (a problem).
    func choice<Choice>(_ name: String, of _: Choice.Type, isRequired: Bool = true) -> Choice?
    where Choice: RawRepresentable & CaseIterable, Choice.RawValue == String {
        guard let text = text(name, isRequired: isRequired) else { return nil }
        if let choice = Choice(rawValue: text) { return choice }
        problems.addUnknown(path(of: name), name, text, known: Choice.allCases.map(\.rawValue))
        return nil
    }

    /// The members of an object that is required, whatever their names.
    func object(_ name: String) -> [JSON.Member] {
        switch required(name) {
        case nil: return []
        case .object(let members): return members
        default:
            problem(name, "must be an object")
            return []
        }
    }

    /// A reader of an object; nil when it is absent (a problem if it is required) or something else (a problem).
    func child(_ name: String, isRequired: Bool = true) -> DefinitionReader? {
        guard let value = value(name, isRequired: isRequired) else { return nil }
        guard case .object = value else {
            problem(name, "must be an object")
            return nil
        }
        return DefinitionReader(value, path: path(of: name), problems: problems)
    }

    /// The items of a list, which is required if it needs items.
    func list(_ name: String, atLeast least: Int = 0) -> [JSON] {
        switch value(name, isRequired: least > 0) {
        case nil: return []
        case .array(let items):
            if items.count < least { problem(name, "needs at least \(least)") }
            return items
        default:
            problem(name, "must be a list")
            return []
        }
    }

    /// The readers of a list of objects.
    func children(_ name: String, atLeast least: Int = 0) -> [DefinitionReader] {
        list(name, atLeast: least).enumerated().map { position, item in
            DefinitionReader(item, path: "\(path(of: name))[\(position)]", problems: problems)
        }
    }

    /// A list of texts, those that are none reported and left out.
    func texts(_ name: String, atLeast least: Int = 0) -> [String] {
        let items = list(name, atLeast: least)
        let texts = items.compactMap { item -> String? in
            if case .string(let text) = item { text } else { nil }
        }
        if texts.count < items.count { problem(name, "must be a list of texts") }
        return texts
    }

    /// A list of texts that must follow the rule for identifiers; those that do not are reported, each at its place, and kept.
    func identifiers(_ name: String, atLeast least: Int) -> [String] {
        let items = list(name, atLeast: least)
        var texts: [String] = []
        for (position, item) in items.enumerated() {
            guard case .string(let text) = item else { continue }
            if !Identifier.isValid(text) { problem("\(name)[\(position)]", Identifier.expectation) }
            texts.append(text)
        }
        if texts.count < items.count { problem(name, "must be a list of texts") }
        return texts
    }

    /// The members that are there, but for one, by name.
    func members(but name: String) -> [JSON.Member] {
        members.filter { $0.name != name && $0.value != .null }.sorted { $0.name < $1.name }
    }

    /// Reports the members that nobody asked for.
    func close() {
        guard members.contains(where: { !seen.contains($0.name) }) else { return }
        let known = seen.filter { $0 != "$schema" }
        for member in members where !seen.contains(member.name) && !problems.isFull {
            problem(member.name, "unknown member", hint: NearestName.hint(for: member.name, among: Array(known)))
        }
    }
}
