// The demo where standard output is no terminal: one line after the other, each once, in the order of what happened.
import Glibc

struct PlainLines {
    private var shownCount = 0
    private static let width = 118
    /// Entries may grow by what else the same commit brings; by then it has come.
    private static let settledSeconds = 0.15

    /// The lines that are new since the last time.
    mutating func next(_ state: DemoState, isLast: Bool = false) -> [StyledLine] {
        var lines =
            shownCount == 0
            ? [StyledLine("audienced demo"), StyledLine(DemoState.honesty)] + state.consoleLines.map { StyledLine($0) } : []
        while shownCount < state.entries.count {
            let entry = state.entries[shownCount]
            switch entry {
            case .told(let scene):
                lines += sizes(scene.sizes) + [StyledLine(), StyledLine("\(secondsText(scene.second, width: 6)) s  > \(scene.title)")]
                if !scene.meaning.isEmpty { lines.append(StyledLine("            \(scene.meaning)")) }
            case .moved(let movement):
                guard isLast || state.second - movement.second >= Self.settledSeconds else { return lines }
                lines.append(at(movement.second, movement.line(width: Self.width - 12)))
            case .refused(let second, let campaign, let problems):
                let refusal = DemoState.lines(refused: campaign, problems, width: Self.width - 12)
                lines += [at(second, refusal[0])] + refusal.dropFirst().map { StyledLine("            \($0.text)") }
            }
            shownCount += 1
        }
        return lines
    }

    mutating func show(_ state: DemoState) { write(next(state)) }

    mutating func end(_ state: DemoState, _ last: [StyledLine]) { write(next(state, isLast: true) + sizes(state.sizes) + last) }

    private func sizes(_ sizes: [(audience: String, size: Int)]) -> [StyledLine] {
        sizes.isEmpty ? [] : [StyledLine("            members now: " + sizes.map { "\($0.audience) \($0.size)" }.joined(separator: ", "))]
    }

    private func at(_ second: Double, _ line: StyledLine) -> StyledLine {
        StyledLine("\(secondsText(second, width: 6)) s    \(line.text)")
    }

    private func write(_ lines: [StyledLine]) {
        for line in lines { print(line.text) }
        if !lines.isEmpty { fflush(nil) }
    }
}
