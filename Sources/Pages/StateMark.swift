// How it is, by word, glyph and colour: never by colour alone.

/// A state as lists and heads show it.
enum StateMark {
    /// Of an audience or a campaign.
    static func html(_ state: String, isComplete: Bool = true) -> HTML {
        switch state {
        case "live" where !isComplete: "<span class=\"state filling\"><span aria-hidden=\"true\">◐</span> filling</span>"
        case "live": "<span class=\"state live\"><span aria-hidden=\"true\">●</span> live</span>"
        case "scheduled": "<span class=\"state filling\"><span aria-hidden=\"true\">◔</span> scheduled</span>"
        case "needs": "<span class=\"state needs\"><span aria-hidden=\"true\">▲</span> needs you</span>"
        default: "<span class=\"state\"><span aria-hidden=\"true\">■</span> \(state)</span>"
        }
    }

    /// Whether something is so.
    static func truth(_ value: Bool?) -> HTML {
        switch value {
        case true?: "<span class=\"yes\" role=\"img\" aria-label=\"true\">✓</span>"
        case false?: "<span class=\"no\" role=\"img\" aria-label=\"false\">✗</span>"
        case nil: "<span class=\"unknown\" role=\"img\" aria-label=\"empty, so not true\">?</span>"
        }
    }
}
