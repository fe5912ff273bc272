// The demo as a picture: a pure function of what was seen and of the size of the terminal. The story on top, the audiences below it, then
// who entered and left; on a wide terminal that stands on the right.

struct TerminalFrame {
    struct Size: Equatable {
        var columns: Int
        var rows: Int
    }

    let state: DemoState
    let size: Size

    /// Wide enough for two columns; the left one then has this width.
    private static let wideColumns = 150
    private static let leftColumns = 88
    /// The most that one column uses: longer lines are hard to read.
    private static let maximumColumns = 120
    /// Tall enough for the rules of all audiences that the story has.
    private static let tallRows = 34

    /// `size.rows` lines, none wider than `size.columns`.
    var lines: [StyledLine] {
        if size.columns >= Self.wideColumns { return wideLines }
        let width = min(size.columns, Self.maximumColumns)
        let top = header(width) + story(width) + audiences(width)
        let log = log(width, rows: max(0, size.rows - top.count - 1))
        return cut(top + log, footer: footer(width), width)
    }

    private var wideLines: [StyledLine] {
        let top = header(Self.leftColumns) + story(Self.leftColumns) + audiences(Self.leftColumns)
        let left = top + storySoFar(rows: size.rows - 1 - top.count)
        let gap = 4
        let right = log(min(size.columns - Self.leftColumns - gap, Self.maximumColumns), rows: size.rows - 1)
        let joined = (0..<max(left.count, right.count)).map { row in
            var line = row < left.count ? left[row].fitted(to: Self.leftColumns) : StyledLine()
            guard row < right.count else { return line }
            line.pad(to: Self.leftColumns + gap)
            line.append(right[row])
            return line
        }
        return cut(joined, footer: footer(Self.leftColumns), size.columns)
    }

    /// The footer stands in the last row.
    private func cut(_ lines: [StyledLine], footer: StyledLine, _ width: Int) -> [StyledLine] {
        var lines = Array(lines.prefix(max(0, size.rows - 1)))
        lines += Array(repeating: StyledLine(), count: max(0, size.rows - 1 - lines.count))
        lines.append(footer)
        return lines.prefix(max(0, size.rows)).map { $0.fitted(to: width) }
    }

    private func header(_ width: Int) -> [StyledLine] {
        var title = StyledLine("audienced demo", .strong)
        let clock = "commit \(state.sequence)   \(secondsText(state.second, width: 5)) s"
        title.pad(to: width - clock.count)
        title.append(clock, .strong)
        return [
            title,
            StyledLine(DemoState.honesty, .faint),
        ] + state.consoleLines.map { StyledLine($0, .strong) } + [StyledLine()]
    }

    /// What happens now, in a place of constant height.
    private func story(_ width: Int) -> [StyledLine] {
        let scene = scenes.last
        let text = StyledLine.wrap(scene?.title ?? "", width: width - 2, .strong) + StyledLine.wrap(scene?.meaning ?? "", width: width - 2)
        let height = max(4, text.count)
        return (0..<height).map { row in
            var line = StyledLine("▌ ", .time)
            if row < text.count { line.append(text[row]) }
            return line
        } + [StyledLine()]
    }

    /// What was told before.
    private func storySoFar(rows: Int) -> [StyledLine] {
        let before = scenes.dropLast()
        guard rows > 1, !before.isEmpty else { return [] }
        return [StyledLine("The story so far", .strong)] + before.suffix(rows - 1).map { at($0.second, StyledLine($0.title)) }
    }

    private var scenes: [DemoState.Scene] { state.entries.compactMap { if case .told(let scene) = $0 { scene } else { nil } } }

    /// Two rows for each audience, and room for all that the story has: three at first, six later, which have one row each where the
    /// terminal is not tall.
    private func audiences(_ width: Int) -> [StyledLine] {
        var title = StyledLine("Audiences of \(state.customerCount) customers", .strong)
        title.append("   (a copy: the list a batch made when they went live)", .faint)
        var lines = [title]
        let isTall = size.rows >= Self.tallRows
        for audience in state.audiences {
            var head = StyledLine(audience.id, .strong)
            head.pad(to: 16)
            if isTall || state.audiences.count <= 3 {
                head.append(audience.rule, .faint)
                lines += [head.fitted(to: width), bars(audience, StyledLine("  "), width)]
            } else {
                lines.append(bars(audience, head, width))
            }
        }
        lines += Array(repeating: StyledLine(), count: max(0, (isTall ? 13 : 7) - lines.count))
        return lines + [StyledLine()]
    }

    private func bars(_ audience: DemoState.Audience, _ head: StyledLine, _ width: Int) -> StyledLine {
        let count = padded("\(audience.size)", 4)
        let moves = padded("+\(audience.enteredCount)", 6) + " " + padded("-\(audience.leftCount)", 4)
        let copy = "   " + (width >= 100 ? "a copy from then: " : "a copy: ") + padded("\(audience.wrongInCopyCount)", 2) + " wrong"
        let room = max(0, width - head.width - 2 - count.count - moves.count - copy.count)
        let barWidth = room * 3 / 5
        var line = head
        line.append(Self.bar(audience.size, of: state.customerCount, width: barWidth), .entered)
        line.append(count, .strong)
        line.append("  " + Self.sparkline(audience, until: state.second, width: room - barWidth))
        line.append(padded("+\(audience.enteredCount)", 6), .entered)
        line.append(" ")
        line.append(padded("-\(audience.leftCount)", 4), .left)
        line.append(copy, .faint)
        return line
    }

    /// A part of a whole, in eighths of a cell.
    static func bar(_ part: Int, of whole: Int, width: Int) -> String {
        let eighths = whole > 0 ? min(width * 8, (part * width * 8 + whole / 2) / whole) : 0
        let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
        let full = String(repeating: "█", count: eighths / 8) + rest
        return full + String(repeating: "·", count: max(0, width - full.count))
    }

    /// The sizes since the audience was first seen, half a second or more a cell, between the least and the most of them.
    static func sparkline(_ audience: DemoState.Audience, until second: Double, width: Int) -> String {
        guard width > 0, let first = audience.sizes.first?.second else { return String(repeating: " ", count: max(0, width)) }
        let span = max(0.5, second - first)
        let count = min(width, Int(span * 2))
        let cells = (1...count).map { cell in
            audience.sizes.last { $0.second <= first + span * Double(cell) / Double(count) }?.size ?? 0
        }
        let (least, most) = (cells.min() ?? 0, cells.max() ?? 0)
        let steps = Array("▁▂▃▄▅▆▇█")
        let drawn = cells.map { steps[most > least ? ($0 - least) * 7 / (most - least) : 0] }
        return String(drawn) + String(repeating: " ", count: width - drawn.count)
    }

    /// The newest of what happened, the newest last.
    private func log(_ width: Int, rows: Int) -> [StyledLine] {
        guard rows > 0 else { return [] }
        var lines: [StyledLine] = []
        for entry in state.entries.reversed() where lines.count < rows - 1 {
            switch entry {
            case .told: break
            case .moved(let movement): lines.insert(at(movement.second, movement.line(width: width - 8)), at: 0)
            case .refused(let second, let campaign, let problems):
                let refusal = DemoState.lines(refused: campaign, problems, width: width - 8)
                lines.insert(contentsOf: [at(second, refusal[0])] + refusal.dropFirst().map { at(nil, $0) }, at: 0)
            }
        }
        return [StyledLine("Who entered, who left, and why", .strong)] + lines.suffix(rows - 1)
    }

    private func at(_ second: Double?, _ line: StyledLine) -> StyledLine {
        var whole = StyledLine(second.map { secondsText($0, width: 6) + "  " } ?? "        ", .faint)
        whole.append(line)
        return whole
    }

    private func footer(_ width: Int) -> StyledLine {
        var line = StyledLine(state.latencyText ?? "", .faint)
        let end = "Ctrl-C ends it"
        line = line.fitted(to: max(0, width - end.count - 2))
        line.pad(to: width - end.count)
        line.append(end, .faint)
        return line
    }
}
