// What a plan may not exceed: the options of `plan`, and which of them a plan exceeds.
import Campaigns

struct PlanThresholds {
    /// So many members, or such a part of those that an audience has.
    private enum Most {
        case count(Int64)
        case percent(Double)

        func isExceeded(by count: Int64, of members: Int64) -> Bool {
            switch self {
            case .count(let most): count > most
            // Of nobody any part is nobody.
            case .percent(let most): Double(count) * 100 > most * Double(members)
            }
        }
    }

    private let leave: Most?
    private let enter: Most?
    private let size: Int64?
    private let cost: Int64?
    /// As they were given.
    private let texts: [String: String]

    init(_ arguments: Arguments) throws(CommandFailure) {
        leave = try Self.most("--max-leave", arguments)
        enter = try Self.most("--max-enter", arguments)
        size = try arguments.integer("--min-size", within: 0 ... .max, of: .plan).map(Int64.init)
        cost = try arguments.integer("--max-cost", within: 0 ... .max, of: .plan).map(Int64.init)
        texts = arguments.values
    }

    private static func most(_ name: String, _ arguments: Arguments) throws(CommandFailure) -> Most? {
        guard let text = arguments.values[name] else { return nil }
        if text.hasSuffix("%"), let percent = Double(text.dropLast()), percent.isFinite, percent >= 0 { return .percent(percent) }
        if let count = Int64(text), count >= 0 { return .count(count) }
        throw Arguments.refusal("\(name) is not \(shown(text))", .plan, hint: "a number of members (200) or a part of them (5%)")
    }

    /// A line for each that a plan exceeds.
    func exceeded(by plan: JSON) -> [String] {
        var lines: [String] = []
        func note(_ name: String, _ detail: String) { lines.append("\(name) \(texts[name] ?? "") is exceeded: \(detail)") }
        for audience in plan.elements("audiences") {
            let name = printable(audience.text("audience") ?? "?")
            let members = audience["now"]?.integer("members") ?? 0
            let (left, entered) = (audience.integer("left") ?? 0, audience.integer("entered") ?? 0)
            let then = audience["then"]?.integer("members") ?? 0
            let has = members == 0 ? "" : " of \(grouped(members))"
            if leave?.isExceeded(by: left, of: members) == true { note("--max-leave", "\(grouped(left))\(has) leave \(name)") }
            if enter?.isExceeded(by: entered, of: members) == true {
                note("--max-enter", "\(grouped(entered)) enter \(name), which has \(grouped(members))")
            }
            if let size, audience.boolean("retired") != true, then < size { note("--min-size", "\(name) would have \(grouped(then))") }
        }
        for table in plan["cost"]?.elements("tables") ?? [] {
            let added = (table.integer("then") ?? 0) - (table.integer("now") ?? 0)
            guard let cost, added > cost else { continue }
            note("--max-cost", "a change of \(printable(table.text("table") ?? "?")) is looked at by \(grouped(added)) more")
        }
        return lines
    }
}
