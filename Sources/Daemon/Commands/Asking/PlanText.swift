// A plan as people read it: first what becomes of the audiences, then who leaves, enters and changes with the reason, then the transitions
// and the costs; and at the end, where one looks, all of it in a line. It is made from the JSON that the API answers, so that `plan` and
// `replay --plan` say the same.
import Campaigns

struct PlanText {
    private(set) var lines: [StyledLine] = []
    private let plan: JSON
    private let columns: Int?

    /// Of an audience so many of each kind are shown; the JSON has some more.
    private static let mostShown = ["left": 5, "entered": 3, "updated": 2]

    /// - Parameters:
    ///   - columns: of the terminal; nil: there is none.
    ///   - exceeded: thresholds that it exceeds, a line each.
    init(_ plan: JSON, columns: Int?, exceeded: [String] = []) {
        self.plan = plan
        self.columns = columns
        addHead()
        addAudiences()
        addReasons()
        addExamples()
        addTransitions()
        addSent()
        addCost()
        addEnd(exceeded)
    }

    /// Whether publishing would change anything that somebody is told.
    static func differs(_ plan: JSON) -> Bool {
        let moves = ["entered", "updated", "left"].contains { plan.integer($0) != 0 }
        let isOther = plan.elements("audiences").contains { $0["now"] == .null || $0.boolean("retired") == true }
        return moves || isOther || !plan.elements("requests").isEmpty || !plan.elements("alerts").isEmpty
    }

    private mutating func addHead() {
        for campaign in plan.elements("campaigns") {
            let version = campaign.integer("version") ?? 0
            let versions = campaign.integer("baseVersion").map { "version \($0) → \(version)" } ?? "new, version \(version)"
            let name = printable(campaign.text("campaign") ?? "?")
            let state = campaign.text("state").map { $0 == "live" ? "" : ", \(printable($0))" } ?? ""
            lines.append(StyledLine("Plan for \(name), \(versions)\(state)", .strong))
            for line in ProblemReport(columns: columns).lines(of: Problem.all(in: campaign, "warnings")) { lines.append(StyledLine(line)) }
        }
        let clock = plan.text("clock").map { ", \($0)" } ?? ""
        lines.append(StyledLine("As of commit \(grouped(plan.integer("sequence") ?? 0))\(clock). Nothing is published.", .faint))
    }

    private mutating func addAudiences() {
        var table = TextTable(
            [.init(title: "AUDIENCE")] + ["NOW", "THEN", "LEAVE", "ENTER", "CHANGE"].map { .init(title: $0, isNumber: true) })
        for audience in plan.elements("audiences") {
            let note = audience["now"] == .null ? " (new)" : audience.boolean("retired") == true ? " (retired)" : ""
            func count(_ name: String, _ style: TextStyle) -> TextTable.Cell {
                let count = audience.integer(name) ?? 0
                return TextTable.Cell(grouped(count), count == 0 ? .faint : style)
            }
            table.add([
                .init((audience.text("audience") ?? "?") + note), .init(audience["now"]?.integer("members")),
                .init(audience["then"]?.integer("members")), count("left", .left), count("entered", .entered), count("updated", .plain),
            ])
        }
        lines += [StyledLine()] + table.lines(columns: columns)
    }

    /// How many leave, enter and change for which reason; of many some were asked.
    private mutating func addReasons() {
        for audience in plan.elements("audiences") {
            let reasons = audience.elements("reasons")
            if reasons.isEmpty { continue }
            let name = printable(audience.text("audience") ?? "?")
            var table = TextTable([.init(title: "WHY, \(name)"), .init(title: "MEMBERS", isNumber: true), .init(title: "REASON")])
            for (status, verb, style) in [("left", "leave", TextStyle.left), ("entered", "enter", .entered), ("updated", "change", .plain)]
            {
                let (all, asked) = (audience.integer(status) ?? 0, audience["asked"]?.integer(status) ?? 0)
                for reason in reasons where reason.text("status") == status {
                    let members = reason.integer("members") ?? 0
                    let share = groupedShare(members, ofAsked: asked, of: all)
                    table.add([.init(verb, style), .init(share), .init(reason.text("reason") ?? "?")])
                }
            }
            lines += [StyledLine()] + table.lines(columns: columns)
        }
    }

    private mutating func addExamples() {
        for audience in plan.elements("audiences") {
            let examples = audience.elements("examples")
            guard !examples.isEmpty else { continue }
            let name = printable(audience.text("audience") ?? "?")
            lines.append(StyledLine())
            var shown: Int64 = 0
            for (status, verb) in [("left", "leaves"), ("entered", "enters"), ("updated", "changes in")] {
                for example in examples.filter({ $0.text("status") == status }).prefix(Self.mostShown[status] ?? 0) {
                    add(example, status, "\(verb) \(name)")
                    shown += 1
                }
            }
            let all = ["left", "entered", "updated"].reduce(0) { $0 + (audience.integer($1) ?? 0) }
            if all > shown {
                let more = examples.count > shown ? "; --json has \(examples.count)" : ""
                lines.append(StyledLine("  … \(grouped(shown)) of \(grouped(all)) shown\(more)", .faint))
            }
        }
    }

    private mutating func add(_ example: JSON, _ status: String, _ what: String) {
        let (mark, style): (String, TextStyle) =
            switch status {
            case "left": ("−", .left)
            case "entered": ("+", .entered)
            default: ("~", .plain)
            }
        let identity = printable(example["identity"]?.text("id") ?? "?")
        lines.append(StyledLine("\(mark) \(identity) \(what)", style))
        for (member, title) in [("now", "now "), ("then", "then")] {
            let reason = printable(example[member]?.text("reason") ?? "The audience is not there.")
            let attributes = example[member]?["attributes"] ?? .null
            let carried = status == "updated" && attributes != .null ? "  \(printable(attributes.line))" : ""
            lines.append(StyledLine("    \(title)  \(reason)\(carried)"))
        }
    }

    private mutating func addTransitions() {
        for campaign in plan.elements("campaigns") {
            let transitions = campaign.members("transitions")
            if transitions.isEmpty { continue }
            var table = TextTable(
                [.init(title: "TRANSITION")] + ["NOW", "THEN", "DIFFERENCE"].map { .init(title: $0, isNumber: true) })
            for transition in transitions {
                let (now, then) = (transition.value["now"]?.integer("rows"), transition.value["then"]?.integer("rows"))
                let difference = (then ?? 0) - (now ?? 0)
                table.add([.init(transition.name), .init(now), .init(then), .init(Self.signed(difference))])
            }
            lines += [StyledLine()] + table.lines(columns: columns)
        }
    }

    private mutating func addSent() {
        let (requests, alerts) = (plan.elements("requests"), plan.elements("alerts"))
        if !requests.isEmpty || !alerts.isEmpty { lines.append(StyledLine()) }
        for request in requests {
            let activity = "\(request.text("campaign") ?? "?") \(request.text("activity") ?? "?")"
            let kind = "\(request.text("category") ?? "") \(request.text("channel") ?? "")"
            lines.append(StyledLine(printable("\(activity) sends \(grouped(request.integer("count") ?? 0)) at once (\(kind))"), .time))
        }
        for alert in alerts {
            let title = alert.text("title").map { ": \($0)" } ?? ""
            lines.append(
                StyledLine(printable("\(alert.text("campaign") ?? "?") \(alert.text("activity") ?? "?") is raised\(title)"), .time))
        }
    }

    private mutating func addCost() {
        guard let cost = plan["cost"] else { return }
        let bytes = cost.integer("stateBytes") ?? 0
        let rows = grouped(cost.integer("rowsToVisit") ?? 0)
        let seconds = cost["seconds"].map { value in if case .double(let value) = value { value } else { 0 } } ?? 0
        let time = seconds < 0.0005 ? "less than 1 ms" : "about \(DoubleText.text(of: (seconds * 1000).rounded() / 1000)) s"
        lines.append(StyledLine())
        lines.append(
            StyledLine(
                "state \(bytes < 0 ? "−" : "+")\(Self.size(Int64(clamping: bytes.magnitude)))  publishing looks at \(rows) rows, \(time)"))
        for table in cost.elements("tables") {
            let (now, then) = (table.integer("now") ?? 0, table.integer("then") ?? 0)
            guard now != then else { continue }
            let name = printable(table.text("table") ?? "?")
            lines.append(StyledLine("a change of \(name) is looked at by \(grouped(then)) parts of the plan (\(Self.signed(then - now)))"))
        }
    }

    private mutating func addEnd(_ exceeded: [String]) {
        let counts = [("left", "leave"), ("entered", "enter"), ("updated", "change")]
            .map { name, verb in "\(grouped(plan.integer(name) ?? 0)) \(verb)" }.joined(separator: ", ")
        lines += [StyledLine(), StyledLine(Self.differs(plan) ? "Plan: \(counts)." : "Plan: no difference.", .strong)]
        for line in exceeded { lines.append(StyledLine("✗ \(line)", .left)) }
    }

    /// "512 B", "48.0 KiB", "1.1 MiB".
    private static func size(_ bytes: Int64) -> String {
        let unit: (bytes: Int64, name: String) = bytes < 1 << 20 ? (1 << 10, "KiB") : (1 << 20, "MiB")
        if bytes < unit.bytes { return "\(bytes) B" }
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: unit.bytes)
        return "\(grouped(whole)).\(rest * 10 / unit.bytes) \(unit.name)"
    }

    /// "+12", "−3", "±0".
    private static func signed(_ difference: Int64) -> String {
        difference == 0 ? "±0" : (difference < 0 ? "−" : "+") + grouped(Int64(clamping: difference.magnitude))
    }
}
