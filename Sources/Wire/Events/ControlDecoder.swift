// Control records (contract §2): from bytes to one of the known events, or every problem of their members.
public import Campaigns

/// Reads control events; one per thread, its memory is used again.
public final class ControlDecoder {
    private let parser = JSONParser()

    public init() {}

    /// Reads the value of a control record; 64 readable bytes must follow it.
    public func decode(
        _ value: UnsafeRawBufferPointer?, headers: ContentHeaders = ContentHeaders()
    ) -> Result<ControlEvent, ControlRefusal> {
        guard let value else { return .failure(.unreadable(Refusal(.noControlEvent, "a control event has a value"))) }
        let tree: JSON
        do {
            let tape = try parser.parse(value)
            tree = tape.tree(tape.root)
        } catch {
            return .failure(.unreadable(error))
        }
        return decode(tree, headers: headers)
    }

    /// Reads a value that was parsed before.
    func decode(_ tree: JSON, headers: ContentHeaders) -> Result<ControlEvent, ControlRefusal> {
        Result { () throws(ControlRefusal) in try read(tree, headers: headers) }
    }

    private func read(_ tree: JSON, headers: ContentHeaders) throws(ControlRefusal) -> ControlEvent {
        if headers.isBatchOfEvents { throw .unreadable(ContentHeaders.batch) }
        let isStructured = tree["specversion"] != nil && tree["data"] != nil
        if headers.isStructuredEvent || (headers.isUndeclared && isStructured) { return try read(payload(of: tree)) }
        if isStructured { throw .unreadable(Refusal(.wrongEvent, ContentHeaders.otherDeclared)) }
        if let type = headers.type, case .string(let own)? = tree["type"], !own.utf8.elementsEqual(type) {
            throw .unreadable(ContentHeaders.otherType)
        }
        return try read(tree)
    }

    /// The `data` of a structured CloudEvent, whose type must agree with that of the event around it.
    private func payload(of event: JSON) throws(ControlRefusal) -> JSON {
        guard let data = event["data"] else { throw .unreadable(ContentHeaders.noData) }
        if let own = data["type"], let type = event["type"], type != .null, type != own { throw .unreadable(ContentHeaders.otherType) }
        return data
    }

    /// Reads a control event that was parsed before.
    public func read(_ event: JSON) throws(ControlRefusal) -> ControlEvent {
        guard case .object(let members) = event else { throw .unreadable(Refusal(.noControlEvent, "a control event is a JSON object")) }
        guard case .string(let name)? = event["type"] else { throw .unreadable(Refusal(.noControlEvent, "a control event has a type")) }
        guard let type = ControlEventType(rawValue: name) else {
            let types = ControlEventType.allCases.map(\.rawValue).sorted().joined(separator: ", ")
            throw .unreadable(Refusal(.noControlEvent, "unknown event type \"\(name.prefix(130))\"; known: \(types)"))
        }
        let known = type.members
        let problems = ProblemList()
        for member in members where !ControlDecoder.commonMembers.contains(member.name) && !known.contains(member.name) {
            problems.add(member.name, "unknown member", hint: "known: \(known.joined(separator: ", "))")
        }
        switch event["$schema"] {
        case nil, .null, .string: break
        default: problems.add("$schema", "must be a text")
        }
        let subject = event[known[0]]
        if subject == nil || subject == .null { problems.add(known[0], "is required") }
        if let time = event["time"], time.instant == nil {
            problems.add("time", "must be an instant", hint: JSON.instantHint)
        }
        let made = make(type, event, known[0], problems)
        guard problems.isEmpty, let made else {
            throw .rejected(isSchema: type == .schemaPublished, subject: ControlDecoder.subject(of: event), problems: problems.problems)
        }
        return made
    }

    /// Members that every event may have.
    private static let commonMembers = ["type", "time", "$schema"]

    /// The id of the campaign or schema that an event is about, as far as it can be read.
    static func subject(of event: JSON) -> String? {
        for candidate in [event["campaignId"], event["campaign"]?["id"], event["schema"]?["name"]] {
            if case .string(let text)? = candidate { return text }
        }
        return nil
    }

    private func make(_ type: ControlEventType, _ event: JSON, _ member: String, _ problems: ProblemList) -> ControlEvent? {
        guard let value = event[member], value != .null else { return nil }
        switch type {
        case .schemaPublished: return .schemaPublished(value)
        case .campaignPublished: return .campaignPublished(value)
        case .clockAdvanced:
            guard let instant = value.instant else {
                problems.add("to", "must be an instant")
                return nil
            }
            return .clockAdvanced(instant)
        case .campaignStopped: return text(value, member, problems).map { .campaignStopped($0) }
        case .campaignDeleted: return text(value, member, problems).map { .campaignDeleted($0) }
        case .barrierRequested:
            return text(value, member, problems).map { .barrierRequested(id: $0, after: after(event["after"], problems)) }
        }
    }

    /// It comes back in an event, so it has a bound.
    private func text(_ value: JSON, _ member: String, _ problems: ProblemList) -> String? {
        guard case .string(let text) = value else {
            problems.add(member, "must be a text")
            return nil
        }
        if text.utf8.count <= Limits.keyTextBytes { return text }
        problems.add(member, "has \(text.utf8.count) bytes", hint: "at most \(Limits.keyTextBytes) are allowed")
        return nil
    }

    private func after(_ value: JSON?, _ problems: ProblemList) -> TopicOffsets {
        var found: TopicOffsets = [:]
        guard let value, value != .null else { return found }
        guard case .object(let topics) = value else {
            problems.add("after", "must be an object", hint: "{\"topic\": {\"0\": offset}}")
            return found
        }
        for topic in topics {
            guard case .object(let partitions) = topic.value else {
                problems.add("after.\(topic.name)", "must be an object", hint: "{\"0\": offset}")
                continue
            }
            for partition in partitions {
                guard let number = Int32(partition.name), number >= 0, String(number) == partition.name,
                    case .integer(let offset) = partition.value, offset >= 0
                else {
                    problems.add("after.\(topic.name).\(partition.name)", "must be a partition and an offset")
                    continue
                }
                found[topic.name, default: [:]][number] = offset
            }
        }
        return found
    }
}
