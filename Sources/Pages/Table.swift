// Tables: each with a caption, in a region that scrolls by itself where the page is narrow.

/// A table being written.
struct Table {
    /// A column: its heading, and whether it holds numbers, which stand at the right.
    struct Column {
        var name: String
        var isNumber = false

        static func text(_ name: String) -> Column { Column(name: name) }
        static func number(_ name: String) -> Column { Column(name: name, isNumber: true) }
    }

    private let caption: String
    private let columns: [Column]
    private let filter: String?
    private var rows: [HTML] = []

    /// - Parameter filter: the input whose text hides the rows that do not have it, while it is typed.
    init(_ caption: String, _ columns: [Column], filter: String? = nil) {
        self.caption = caption
        self.columns = columns
        self.filter = filter
    }

    /// One cell for each column; the first names the row.
    mutating func add(_ cells: [HTML]) {
        precondition(cells.count == columns.count, "a cell for each column")
        var row: HTML = "<tr>"
        for (column, cell) in cells.enumerated() {
            let kind: HTML = columns[column].isNumber ? " class=\"n\"" : ""
            // Nobody is told the name of a row that has none.
            row += column == 0 && !cell.isEmpty ? "<th scope=\"row\"\(kind)>\(cell)</th>" : "<td\(kind)>\(cell)</td>"
        }
        row += "</tr>\n"
        rows.append(row)
    }

    var isEmpty: Bool { rows.isEmpty }

    /// - Parameter empty: stands in the place of a table without rows.
    func html(empty: HTML) -> HTML {
        if rows.isEmpty { return "<div class=\"notice\">\(empty)</div>" }
        let heads = columns.map { column -> HTML in
            let kind: HTML = column.isNumber ? " class=\"n\"" : ""
            return "<th scope=\"col\"\(kind)>\(column.name)</th>"
        }
        let filtered: HTML = filter.map { " data-filter=\"\($0)\"" } ?? ""
        return """
            <div class="scroll" role="region" aria-label="\(caption)" tabindex="0">
            <table\(filtered)><caption>\(caption)</caption>
            <thead><tr>\(heads)</tr></thead>
            <tbody>
            \(rows)</tbody></table></div>
            """
    }
}
