// Goal: pictures of campaigns are right: every activity stands once, no box lies on another, all goes left to right, the same definition
// gives the same picture, and few lines cross. Method: random graphs of 12, 100 and 500 activities with laws, beside an arrangement that is
// not thought about.
import Testing

@testable import Pages

@Suite struct CanvasLayoutTests {
    /// A reproducible random graph: each activity takes one or two of those before it.
    private static func graph(_ count: Int, _ seed: UInt64) -> [CanvasLayout.Edge] {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        var edges: [CanvasLayout.Edge] = []
        for target in 1..<count where next(10) > 0 {
            for _ in 0..<(next(10) < 3 ? 2 : 1) {
                let source = max(0, target - 1 - next(12))
                if !edges.contains(where: { $0.source == source && $0.target == target }) {
                    edges.append(.init(source: source, port: next(2), target: target))
                }
            }
        }
        return edges
    }

    @Test(arguments: [1, 2, 12, 100, 500], [1, 2, 3] as [UInt64])
    func laws(count: Int, seed: UInt64) {
        let edges = count < 2 ? [] : Self.graph(count, seed)
        let layout = CanvasLayout(nodeCount: count, edges: edges)
        #expect(layout.layers.count == count && layout.heights.count == count && layout.routes.count == edges.count)
        for (edge, route) in zip(edges, layout.routes) {
            #expect(layout.layers[edge.source] < layout.layers[edge.target], "left to right")
            #expect(route.count == layout.layers[edge.target] - layout.layers[edge.source] + 1)
            #expect(route.first == layout.heights[edge.source] && route.last == layout.heights[edge.target], "from box to box")
        }
        for layer in 0..<layout.layerCount {
            let heights = (0..<count).filter { layout.layers[$0] == layer }.map { layout.heights[$0] }.sorted()
            #expect(!heights.isEmpty, "no layer is empty")
            #expect(zip(heights, heights.dropFirst()).allSatisfy { $1 - $0 >= CanvasLayout.boxHeight + 8 }, "no box on another")
            let passing = zip(edges, layout.routes).compactMap { edge, route -> Double? in
                let place = layer - layout.layers[edge.source]
                return place > 0 && place < route.count - 1 ? route[place] : nil
            }
            for line in passing {
                #expect(heights.allSatisfy { abs($0 - line) >= CanvasLayout.boxHeight / 2 }, "no line through a box")
            }
        }
        #expect(
            layout.heights.allSatisfy { $0 > CanvasLayout.boxHeight / 2 - 0.01 && $0 < layout.height - CanvasLayout.boxHeight / 2 + 0.01 })
        let again = CanvasLayout(nodeCount: count, edges: edges)
        #expect(again.layers == layout.layers && again.heights == layout.heights && again.routes == layout.routes, "the same picture")
    }

    /// As the order of the definition has it, the same layers have several times as many crossings.
    @Test(arguments: [(12, 2), (100, 35), (500, 235)])
    func fewLinesCross(count: Int, most: Int) {
        let crossings = (1...5).map { CanvasLayout(nodeCount: count, edges: Self.graph(count, $0)).crossings }.sorted()
        #expect(crossings[2] <= most, "\(crossings)")
        // Counted anew from the heights of the routes.
        let edges = Self.graph(count, 1)
        let layout = CanvasLayout(nodeCount: count, edges: edges)
        var pieces: [Int: [(Double, Double)]] = [:]
        for (edge, route) in zip(edges, layout.routes) {
            for (place, ends) in zip(route, route.dropFirst()).enumerated() {
                pieces[layout.layers[edge.source] + place, default: []].append(ends)
            }
        }
        let counted = pieces.values.reduce(0) { sum, pieces in
            sum
                + pieces.indices.reduce(0) { sum, a in
                    sum + pieces[..<a].count { ($0.0 - pieces[a].0) * ($0.1 - pieces[a].1) < 0 }
                }
        }
        // Lines of one box that leave it by different outputs cross there, which heights of boxes do not show.
        #expect(counted <= layout.crossings, "\(counted) of \(layout.crossings)")
    }

    @Test func circlesAreDrawnWithoutTheirWayBack() {
        let layout = CanvasLayout(
            nodeCount: 3, edges: [.init(source: 0, target: 1), .init(source: 1, target: 0), .init(source: 1, target: 2)])
        #expect(layout.heights.count == 3)
    }

    @Test func aSourceStandsBesideWhoTakesFromIt() {
        // 0 → 1 → 2 → 3, and 4 → 3.
        let edges = [(0, 1), (1, 2), (2, 3), (4, 3)].map { CanvasLayout.Edge(source: $0.0, target: $0.1) }
        #expect(CanvasLayout(nodeCount: 5, edges: edges).layers == [0, 1, 2, 3, 2])
    }
}
