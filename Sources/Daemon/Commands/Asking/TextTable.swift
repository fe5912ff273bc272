// Tables for a terminal: capitals in the header, two spaces between columns, numbers at the right, no lines.
import Campaigns

struct TextTable {
    struct Column {
        var title: String
        var isNumber = false
    }

    struct Cell {
        var text: String
        var style = TextStyle.plain

        init(_ text: String, _ style: TextStyle = .plain) {
            self.text = printable(text)
            self.style = style
        }

        init(_ number: Int64?) { text = number.map(grouped) ?? "–" }
    }

    private let columns: [Column]
    private var rows: [[Cell]] = []

    private static let gap = "  "
    /// What a column of texts keeps when the terminal is narrow.
    private static let fewest = 8

    init(_ columns: [Column]) { self.columns = columns }

    /// One cell for each column.
    mutating func add(_ row: [Cell]) { rows.append(row) }

    /// The header and the rows, cut to a width: first the widest columns of texts, then at the end.
    func lines(columns most: Int?) -> [StyledLine] {
        let widths = widths(within: most ?? .max)
        let header = columns.map { Cell($0.title, .strong) }
        return ([header] + rows).map { row in
            var line = StyledLine()
            for (place, cell) in row.enumerated() {
                if place > 0 { line.append(Self.gap) }
                let fitted = StyledLine(cell.text, cell.style).fitted(to: widths[place])
                let padding = String(repeating: " ", count: widths[place] - fitted.width)
                if columns[place].isNumber { line.append(padding) }
                line.append(fitted)
                // No blanks at the end of a line.
                if !columns[place].isNumber, place < row.count - 1 { line.append(padding) }
            }
            return line.fitted(to: most ?? .max)
        }
    }

    private func widths(within most: Int) -> [Int] {
        var widths = columns.indices.map { place in
            rows.reduce(columns[place].title.count) { max($0, $1[place].text.count) }
        }
        let gaps = Self.gap.count * (columns.count - 1)
        while case let excess = widths.reduce(gaps, +) - most, excess > 0 {
            let cuttable = columns.indices.filter { !columns[$0].isNumber && widths[$0] > Self.fewest }
            guard let widest = cuttable.max(by: { widths[$0] < widths[$1] }) else { break }
            // Down to the next widest at most, so that columns of about the same width are cut alike.
            let next = cuttable.filter { $0 != widest }.map { widths[$0] }.max() ?? 0
            widths[widest] = max(Self.fewest, widths[widest] - excess, min(next, widths[widest] - 1))
        }
        return widths
    }
}
