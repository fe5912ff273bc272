// Pictures of numbers over time, drawn as SVG, and the same numbers as a table.
import Campaigns

/// Draws.
enum Chart {
    /// A line of a word's size: how large something was.
    static func sparkline(_ values: [JSON]) -> HTML {
        let sizes = values.compactMap { if case .integer(let value) = $0 { Double(value) } else { nil } }
        guard sizes.count > 1, let lowest = sizes.min(), let highest = sizes.max() else { return "<span class=\"soft\">–</span>" }
        let span = max(highest - lowest, 1)
        let points = sizes.enumerated().map { place, size in
            let (x, y) = (110 * Double(place) / Double(sizes.count - 1) + 1, 22 - 20 * (size - lowest) / span)
            return "\(coordinate(x)),\(coordinate(highest == lowest ? 12 : y))"
        }
        let words = "from \(grouped(Int64(sizes[0]))) to \(grouped(Int64(sizes[sizes.count - 1])))"
        return """
            <svg class="spark" role="img" aria-label="\(words)" viewBox="0 0 112 24" width="112" height="24">\
            <polyline points="\(points.joined(separator: " "))"/></svg>
            """
    }

    /// One step of a history, or some that follow each other, joined.
    struct Bucket {
        var begin: Int64
        var size: Int64
        var entered: Int64
        var left: Int64
    }

    /// No more than so many buckets, of equally many steps each.
    static func buckets(_ points: [JSON], most: Int) -> [Bucket] {
        let steps = points.map { point in
            Bucket(
                begin: point["time"]?.instant ?? 0, size: point.integer("size") ?? 0, entered: point.integer("entered") ?? 0,
                left: point.integer("left") ?? 0)
        }
        let width = max(1, (steps.count + most - 1) / most)
        return stride(from: 0, to: steps.count, by: width).map { start in
            let group = steps[start..<min(start + width, steps.count)]
            return Bucket(
                begin: group[start].begin, size: group[group.endIndex - 1].size, entered: group.reduce(0) { $0 + $1.entered },
                left: group.reduce(0) { $0 + $1.left })
        }
    }

    private static let (width, height, bars) = (720.0, 150.0, 70.0)

    /// The size as a line, and below it who entered (up) and left (down).
    static func history(_ history: JSON, of name: String, over span: String) -> HTML {
        let buckets = buckets(history.elements("points"), most: 48)
        guard buckets.count > 1 else {
            return "<p class=\"soft\">There is nothing to draw yet: a line needs two minutes.</p>"
        }
        let sizes = buckets.map { Double($0.size) }
        let (lowest, highest) = (sizes.min() ?? 0, sizes.max() ?? 0)
        let words =
            "\(grouped(buckets[0].size)) members at first, \(grouped(buckets[buckets.count - 1].size)) now; "
            + "\(grouped(buckets.reduce(0) { $0 + $1.entered })) entered, \(grouped(buckets.reduce(0) { $0 + $1.left })) left"
        return """
            <figure>
            <figcaption>Members of \(name), \(span): \(words)</figcaption>
            <div class="scroll" role="region" aria-label="Chart of \(name)" tabindex="0">
            <svg class="chart" role="img" aria-label="\(words)" viewBox="-58 -12 \(Int(width) + 70) \(Int(height + bars) + 50)" \
            width="790" height="270">
            \(sizeLine(buckets, lowest, highest))\(moves(buckets))\(instants(buckets))
            </svg></div>
            <details><summary>As a table</summary>\(table(buckets, name))</details>
            </figure>
            """
    }

    private static func sizeLine(_ buckets: [Bucket], _ lowest: Double, _ highest: Double) -> HTML {
        let span = max(highest - lowest, 1)
        let points = buckets.enumerated().map { place, bucket in
            let y = highest == lowest ? height / 2 : height - height * (Double(bucket.size) - lowest) / span
            return "\(coordinate(x(place, of: buckets.count))),\(coordinate(y))"
        }
        let lines: [HTML] = (highest == lowest ? [lowest] : [lowest, highest]).map { value in
            let y = highest == lowest ? height / 2 : value == highest ? 0 : height
            return """
                <line class="hair" x1="0" x2="\(Int(width))" y1="\(coordinate(y))" y2="\(coordinate(y))"/>\
                <text x="-6" y="\(coordinate(y + 4))" text-anchor="end">\(grouped(Int64(value)))</text>
                """
        }
        return "\(lines)<polyline class=\"size\" points=\"\(points.joined(separator: " "))\"/>"
    }

    private static func moves(_ buckets: [Bucket]) -> HTML {
        let most = Double(max(1, buckets.map { max($0.entered, $0.left) }.max() ?? 1))
        let middle = height + 14 + bars / 2
        let thick = min(16, max(2, width / Double(buckets.count) - 3))
        let drawn = buckets.enumerated().map { place, bucket -> HTML in
            let left = x(place, of: buckets.count) - thick / 2
            let (up, down) = (bars / 2 * Double(bucket.entered) / most, bars / 2 * Double(bucket.left) / most)
            return """
                <rect class="in" x="\(coordinate(left))" y="\(coordinate(middle - up))" width="\(coordinate(thick))" \
                height="\(coordinate(up))"/><rect class="out" x="\(coordinate(left))" y="\(coordinate(middle))" \
                width="\(coordinate(thick))" height="\(coordinate(down))"/>
                """
        }
        return """
            <line class="hair" x1="0" x2="\(Int(width))" y1="\(coordinate(middle))" y2="\(coordinate(middle))"/>\(drawn)\
            <text x="-6" y="\(coordinate(middle - 14))" text-anchor="end">entered</text>\
            <text x="-6" y="\(coordinate(middle + 22))" text-anchor="end">left</text>
            """
    }

    private static func instants(_ buckets: [Bucket]) -> HTML {
        let y = height + bars + 32
        let (first, last) = (Words.instant(buckets[0].begin), Words.instant(buckets[buckets.count - 1].begin))
        return """
            <text x="0" y="\(coordinate(y))">\(first)</text>\
            <text x="\(coordinate(width))" y="\(coordinate(y))" text-anchor="end">\(last)</text>
            """
    }

    private static func table(_ buckets: [Bucket], _ name: String) -> HTML {
        var table = Table("Members of \(name)", [.text("From"), .number("Members"), .number("Entered"), .number("Left")])
        for bucket in buckets.reversed() {
            table.add([
                .time(.integer(bucket.begin)), "\(grouped(bucket.size))", "\(Words.signed(bucket.entered))",
                "\(Words.signed(-bucket.left))",
            ])
        }
        return table.html(empty: "")
    }

    /// The middle of a bucket.
    private static func x(_ place: Int, of count: Int) -> Double { width * (Double(place) + 0.5) / Double(count) }

    /// Half pixels are enough, and keep pages short; without groups.
    static func coordinate(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let (whole, rest) = (tenths.magnitude / 10, tenths.magnitude % 10)
        return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(rest)"
    }
}
