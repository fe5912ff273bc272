// The demo where standard output is no terminal: one line after the other, each once, in the order of what happened.
import Glibc

struct PlainLines {
    private var shownCount = 0
    private static let width = 118
    /// Entries may grow by what else the same commit brings; by then it has come.
    private static let settledSeconds = 0.15

    /// The lines that are new since the last time.
    mutating func next(_ state: DemoState, isLast: Bool = false) -> [StyledLine] {
        var lines = shownCount == 0 ? [StyledLine("audienced demo"), StyledLine(DemoState.honesty)] : []
        while shownCount < state.entries.count {
            let entry = state.entries[shownCount]
            switch entry {
            case .told(let second, let title, let meaning):
                if !state.audiences.isEmpty { lines.append(sizes(state)) }
                lines.append(StyledLine())
                lines.append(StyledLine("\(secondsText(second, width: 6)) s  > \(title)"))
                if !meaning.isEmpty { lines.append(StyledLine("            \(meaning)")) }
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

    mutating func end(_ state: DemoState, _ last: [StyledLine]) {
        let rest = next(state, isLast: true)
        write(rest + (state.audiences.isEmpty ? [] : [sizes(state)]) + last)
    }

    private func sizes(_ state: DemoState) -> StyledLine {
        StyledLine("            members now: " + state.audiences.map { "\($0.id) \($0.size)" }.joined(separator: ", "))
    }

    private func at(_ second: Double, _ line: StyledLine) -> StyledLine {
        StyledLine("\(secondsText(second, width: 6)) s    \(line.text)")
    }

    private func write(_ lines: [StyledLine]) {
        for line in lines { print(line.text) }
        if !lines.isEmpty { fflush(nil) }
    }
}
