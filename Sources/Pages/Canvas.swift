// The picture of a campaign: a box for each activity, a line for each that takes from another, and at each output how many rows it has.
import Campaigns

/// Draws a campaign as SVG.
struct Canvas {
    private static let boxWidth = 168.0
    private static let stub = 48.0
    /// From one layer to the next.
    private static let pitch = 316.0
    private static let margin = 12.0
    /// It is made smaller until here, then it scrolls.
    private static let leastScale = 0.6

    private let campaign: String
    private let graph: CampaignGraph
    private let transitions: JSON
    private let layout: CanvasLayout
    /// Of each activity.
    private let outputs: [[String]]

    /// - Parameter transitions: the counts of each.
    init(_ campaign: String, _ graph: CampaignGraph, transitions: JSON) {
        self.campaign = campaign
        self.graph = graph
        self.transitions = transitions
        let counted: [String] = if case .object(let members) = transitions { members.map(\.name) } else { [] }
        let outputs = graph.activities.indices.map { graph.outputs(of: $0, counted: counted) }
        self.outputs = outputs
        layout = CanvasLayout(
            nodeCount: graph.activities.count,
            edges: graph.edges.map { edge in
                .init(source: edge.source, port: outputs[edge.source].firstIndex(of: edge.output) ?? 0, target: edge.target)
            })
    }

    var html: HTML {
        // Behind the last boxes only what is counted there.
        let isOpen = graph.activities.indices.contains(where: { layout.layers[$0] == layout.layerCount - 1 && !outputs[$0].isEmpty })
        let width = Double(max(layout.layerCount - 1, 0)) * Self.pitch + Self.boxWidth + (isOpen ? Self.stub + 60 : 0) + 2 * Self.margin
        let height = layout.height + 2 * Self.margin
        return """
            <div class="scroll canvas" role="region" aria-label="Picture of the campaign" tabindex="0"><div class="fit">\
            <svg class="least" width="\(Int(width * Self.leastScale))" height="1" aria-hidden="true"></svg>\
            <svg class="picture" role="group" aria-label="\(graph.activities.count) activities, left to right" \
            viewBox="0 0 \(Int(width)) \(Int(height))" width="\(Int(width))" height="\(Int(height))">
            \(graph.edges.indices.map(line))\(graph.activities.indices.map(box))\(graph.activities.indices.map(counts))
            </svg></div></div>
            """
    }

    private func x(_ layer: Int) -> Double { Self.margin + Double(layer) * Self.pitch }
    private func y(_ node: Int) -> Double { layout.heights[node] + Self.margin }

    /// Where an output leaves its box.
    private func y(_ node: Int, port: Int) -> Double {
        let count = outputs[node].count
        let distance = min(22, (CanvasLayout.boxHeight - 8) / Double(max(count, 1)))
        return y(node) + (Double(port) - Double(count - 1) / 2) * distance
    }

    private func line(_ number: Int) -> HTML {
        let edge = graph.edges[number]
        let route = layout.routes[number]
        guard route.count > 1 else { return "" }
        let port = outputs[edge.source].firstIndex(of: edge.output) ?? 0
        var (fromX, fromY) = (x(layout.layers[edge.source]) + Self.boxWidth, y(edge.source, port: port))
        var path = "M\(coordinate(fromX)) \(coordinate(fromY))h\(coordinate(Self.stub))"
        fromX += Self.stub
        for (step, height) in route.dropFirst().enumerated() {
            let (toX, toY) = (x(layout.layers[edge.source] + step + 1), height + Self.margin)
            let middle = (fromX + toX) / 2
            path +=
                "C\(coordinate(middle)) \(coordinate(fromY)) \(coordinate(middle)) \(coordinate(toY)) \(coordinate(toX)) \(coordinate(toY))"
            (fromX, fromY) = (toX, toY)
            // Through a layer in which it only passes.
            if step < route.count - 2 {
                path += "h\(coordinate(Self.boxWidth + Self.stub))"
                fromX += Self.boxWidth + Self.stub
            }
        }
        return "<path d=\"\(path)\"/>"
    }

    private func box(_ node: Int) -> HTML {
        let activity = graph.activities[node]
        let (x, y) = (x(layout.layers[node]), y(node) - CanvasLayout.boxHeight / 2)
        return """
            <a href="\(Address("campaigns", campaign, "activities", activity.id))">\
            <rect x="\(coordinate(x))" y="\(coordinate(y))" width="\(Int(Self.boxWidth))" height="\(Int(CanvasLayout.boxHeight))" rx="6"/>\
            <text class="name" x="\(coordinate(x + 12))" y="\(coordinate(y + 27))">\(cut(activity.name, 18))</text>\
            <text x="\(coordinate(x + 12))" y="\(coordinate(y + 47))">\(activity.type)</text></a>

            """
    }

    /// What each output of an activity carries, and what was lost there.
    private func counts(_ node: Int) -> HTML {
        let texts = outputs[node].enumerated().map { port, output -> HTML in
            let found = transitions[graph.transition(node, output)] ?? .null
            let (x, y) = (x(layout.layers[node]) + Self.boxWidth, y(node, port: port))
            let isTaken = graph.edges.contains { $0.source == node && $0.output == output }
            let stub: HTML = isTaken ? "" : "<path d=\"M\(coordinate(x)) \(coordinate(y))h\(coordinate(Self.stub))\"/>"
            let name = outputs[node].count > 1 ? " \(cut(output, 12))" : ""
            let lost = TransitionLosses(found).total
            let marked: HTML = lost > 0 ? " <tspan class=\"lost\">▲ \(Words.number(lost))</tspan>" : ""
            return """
                \(stub)<text class="count" x="\(coordinate(x + 5))" y="\(coordinate(y - 5))"><tspan \
                data-value="transitions.\(graph.transition(node, output)).rows">\(Words.number(found.integer("rows")))</tspan>\
                \(name)\(marked)</text>
                """
        }
        return "\(texts)"
    }

    private func coordinate(_ value: Double) -> String { Chart.coordinate(value) }

    private func cut(_ text: String, _ most: Int) -> String { text.count > most ? "\(text.prefix(most - 1))…" : text }
}

/// Rows that a transition has lost, or has doubts about.
struct TransitionLosses {
    let unmatched: Int64
    let ambiguous: Int64
    let rejected: Int64

    init(_ counts: JSON) {
        unmatched = counts.integer("unmatched") ?? 0
        ambiguous = counts.integer("ambiguous") ?? 0
        rejected = counts.integer("rejected") ?? 0
    }

    var total: Int64 { unmatched + ambiguous + rejected }

    /// In words; nil: none.
    var words: String? {
        let all = [("unmatched", unmatched), ("ambiguous", ambiguous), ("without identity", rejected)]
        let some = all.filter { $0.1 > 0 }.map { "\(grouped($0.1)) \($0.0)" }
        return some.isEmpty ? nil : some.joined(separator: ", ")
    }
}
