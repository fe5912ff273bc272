// Which kind of refusal a dead letter tells of. Its headers hold the reason in words alone (contract §4: the five of Kafka Connect), so the
// kind is known by them: those who refuse say each kind in words of its own, which this table holds. A test holds it against the decoders.

extension RefusalKind {
    /// The kind of refusal that `exception.message` of a dead letter says; nil when this version of the program says none like that.
    public init?(reason: String, origin: DeadLetterOrigin) {
        guard let kind = Self.common(reason) ?? (origin == .control ? Self.ofControlEvent(reason) : Self.ofChange(reason)) else {
            return nil
        }
        self = kind
    }

    private static func common(_ reason: String) -> RefusalKind? {
        if reason.hasPrefix("malformed JSON: ") { return .malformed }
        if reason.hasPrefix("the record has "), reason.hasSuffix(" are read") { return .tooLarge }
        let ofEvents = [
            ContentHeaders.otherType.reason, ContentHeaders.noData.reason, ContentHeaders.batch.reason, ContentHeaders.otherDeclared,
        ]
        return ofEvents.contains(reason) ? .wrongEvent : nil
    }

    private static func ofControlEvent(_ reason: String) -> RefusalKind {
        let beginnings = ["a control event has ", "a control event is ", "unknown event type \""]
        return beginnings.contains(where: reason.hasPrefix) ? .noControlEvent : .rejected
    }

    private static func ofChange(_ reason: String) -> RefusalKind? {
        let beginnings: [(String, RefusalKind)] = [
            ("not a change event: ", .noChange), ("a change is a JSON object: ", .noChange),
            ("unknown iodebeziumop", .unknownOperation), ("unknown _change_request_type", .unknownOperation),
            ("unknown op;", .unknownOperation), ("the record names no table", .unknownTable), ("unknown table \"", .unknownTable),
            ("the table is a text", .unknownTable), ("row: an object ", .noRow),
        ]
        if let found = beginnings.first(where: { reason.hasPrefix($0.0) }) { return found.1 }
        // Behind the table, or the field, that it is about.
        guard let colon = reason.firstIndex(of: ":") else { return nil }
        let rest = reason[colon...]
        let sequels: [(String, RefusalKind)] = [
            (": null key;", .nullKey), (": a tombstone has a key", .wrongTombstone), (": the key of a tombstone is ", .wrongTombstone),
            (": no row in `", .noRow),
        ]
        if let found = sequels.first(where: { rest.hasPrefix($0.0) }) { return found.1 }
        // The values of an enum may be so many that the rest of the reason was cut.
        return rest.contains(" is expected, not ") || rest.hasSuffix("…") ? .wrongValue : nil
    }
}
