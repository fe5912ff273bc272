// What happened in the demo as sentences, for every view.
import Campaigns

extension DemoState.Movement {
    /// `+ ada@example.com enters recent-buyers: a row changed`, within the width.
    func line(width: Int) -> StyledLine {
        let isOne = people.count == 1
        var line = StyledLine()
        switch direction {
        case .entered:
            line.append("+ \(who)", .entered)
            line.append(isOne ? " enters " : " enter ")
        case .stayed:
            line.append("~ \(who)")
            line.append(isOne ? " stays in " : " stay in ")
        case .left:
            line.append("- \(who)", .left)
            line.append(isOne ? " leaves " : " leave ")
        }
        line.append(audience, .strong)
        line.append(", because ", .faint)
        line.append(reason, cause == "time" ? .time : .faint)
        return line.fitted(to: width)
    }

    private var who: String { people.count == 1 ? people[0] : "\(people.count) customers" }

    private var reason: String {
        switch cause {
        case "change": "a row changed"
        case "time": "time passed"
        case "publish": "the campaign was published"
        case "upstream": "another audience changed"
        default: cause
        }
    }
}

extension DemoState {
    /// What is real here and what is not.
    static let honesty = "The broker is librdkafka's, in this process. Everything else is the real daemon."

    /// Where the same is to be seen in a browser.
    var consoleLines: [String] {
        guard let console else { return [] }
        return ["In a browser: \(console.address)", "To publish there: any name, and the password \(console.token)"]
    }

    /// A refusal with everything that helps to fix it.
    static func lines(refused campaign: String, _ problems: [Problem], width: Int) -> [StyledLine] {
        var lines = [StyledLine("x the campaign \(campaign) is refused:", .left).fitted(to: width)]
        for problem in problems {
            for line in StyledLine.wrap("\(problem.path): \(problem.message)", width: width - 2) { lines.append(indented(line)) }
            guard let hint = problem.hint else { continue }
            for line in StyledLine.wrap("hint: \(hint)", width: width - 2, .entered) { lines.append(indented(line)) }
        }
        return lines
    }

    private static func indented(_ line: StyledLine) -> StyledLine {
        var indented = StyledLine("  ")
        indented.append(line)
        return indented
    }

    /// From a row to the event about it; nil while there was none.
    var latencyText: String? {
        guard let median = Self.median(latenciesMilliseconds), let most = latenciesMilliseconds.max() else { return nil }
        return "From a row sent to its event read: median \(Int(median)) ms, at most \(Int(most)) ms."
    }

    private static func median(_ numbers: [Double]) -> Double? { numbers.isEmpty ? nil : numbers.sorted()[numbers.count / 2] }

    /// What was seen, in the end.
    var summary: [String] {
        var lines = ["Members changed \(memberEventCount) times, in \(sequence) commits."]
        if leftByTimeCount > 0 {
            let late = latenessMilliseconds.max().map { ", at most \(secondsText($0 / 1000)) s after the moment" } ?? ""
            lines.append("\(leftByTimeCount) times somebody left because time passed, with no event\(late).")
        }
        if let latencyText { lines.append(latencyText) }
        for audience in audiences.prefix(1) {
            lines.append(
                "A copy of \(audience.id), made when it went live, is wrong about \(audience.wrongInCopyCount) people by now; "
                    + "a nightly batch is such a copy.")
        }
        if refusedProblemCount > 0 { lines.append("Mistakes refused, while nothing else noticed: \(refusedProblemCount).") }
        return lines
    }
}
