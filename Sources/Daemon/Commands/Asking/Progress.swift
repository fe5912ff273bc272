// How far something long is, beside its output: on a terminal one line that is written over, elsewhere a line now and then. What is done at
// once says nothing.
import Campaigns

struct Progress {
    let title: String
    let noun: String
    /// How many there will be, about; 0: nobody knows.
    let total: Int64
    let console: Console

    /// Before that nobody wonders.
    private static let firstOnTerminal = 0.5
    private static let stepOnTerminal = 0.1
    private static let stepElsewhere = 10.0

    private var last: Double?

    init(title: String, noun: String, total: Int64, console: Console) {
        self.title = title
        self.noun = noun
        self.total = total
        self.console = console
    }

    /// What to write now.
    /// - Parameter seconds: since the beginning.
    mutating func text(count: Int64, after seconds: Double) -> String? {
        let next = last.map { $0 + (console.isTerminal ? Self.stepOnTerminal : Self.stepElsewhere) }
        guard seconds >= next ?? (console.isTerminal ? Self.firstOnTerminal : Self.stepElsewhere) else { return nil }
        last = seconds
        let line = StyledLine(line(count, seconds))
        return console.isTerminal ? "\r\(line.fitted(to: (console.columns ?? 80) - 1).text)\u{1b}[K" : line.text + "\n"
    }

    /// What to write at the end: it takes the line of a terminal away.
    var end: String? { console.isTerminal && last != nil ? "\r\u{1b}[K" : nil }

    /// "export recent-buyers  41 %  402,113 of 981,100 members  212 k/s  3 s left"
    private func line(_ count: Int64, _ seconds: Double) -> String {
        let rate = Double(count) / max(seconds, 0.001)
        let speed = rate < 10_000 ? "\(Int(rate))/s" : "\(Int(rate / 1000)) k/s"
        guard total >= count, total > 0 else { return "\(title)  \(grouped(count)) \(noun)  \(speed)" }
        let left = rate > 0 ? "  \(Int((Double(total - count) / rate).rounded(.up))) s left" : ""
        return "\(title)  \(count * 100 / total) %  \(grouped(count)) of \(grouped(total)) \(noun)  \(speed)\(left)"
    }
}
