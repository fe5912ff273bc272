// Where the boxes of a campaign's picture stand: a layered drawing, left to right, the same for the same graph.
//
// Layers are the longest ways from the left; who takes nothing stands beside the first who takes from it. Edges over several layers get
// places in those between. Within layers the order is that of the definition at first; then sweeps by the median of neighbours, there and
// back, after each of which two that stand beside one another are exchanged while that takes away crossings; and of all arrangements the
// one with fewest. Heights: sweeps to the median of the neighbours' heights under the least
// distances, solved exactly for each layer (isotonic regression by pooling adjacent violators).

/// Places of nodes and of the edges between them.
struct CanvasLayout: Sendable {
    /// An edge from one of the outputs of a node, in their order.
    struct Edge: Sendable {
        let source: Int
        let port: Int
        let target: Int

        init(source: Int, port: Int = 0, target: Int) {
            self.source = source
            self.port = port
            self.target = target
        }
    }

    /// A node, or a place that an edge passes on its way.
    private struct Place {
        /// nil: an edge passes here.
        var node: Int?
        var layer = 0
        /// Counted from the top.
        var order = 0
        var y = 0.0
        /// Places in the layers before and after, with the output that leads there.
        var before: [(place: Int, port: Int)] = []
        var after: [(place: Int, port: Int)] = []
    }

    static let boxHeight = 64.0
    private static let gap = 32.0
    private static let passageHeight = 20.0
    private static let sweeps = 12

    /// Of each node, counted from the left.
    private(set) var layers: [Int] = []
    /// Of each node, its middle.
    private(set) var heights: [Double] = []
    /// Of each edge, its height in each layer from its source to its target; empty where an edge would lead back.
    private(set) var routes: [[Double]] = []
    private(set) var height = 0.0
    private(set) var layerCount = 0
    private(set) var crossings = 0

    private var places: [Place] = []
    private var columns: [[Int]] = []

    init(nodeCount: Int, edges: [Edge]) {
        layers = Self.layers(nodeCount, edges)
        layerCount = (layers.max() ?? -1) + 1
        columns = Array(repeating: [], count: layerCount)
        for node in 0..<nodeCount { add(Place(node: node, layer: layers[node])) }
        let passed = edges.map { connect($0) }
        arrange()
        spread()
        heights = (0..<nodeCount).map { places[$0].y }
        routes = passed.map { $0.map { places[$0].y } }
    }

    // Layers.

    /// The longest way to each node; edges of a circle count for nothing.
    private static func layers(_ count: Int, _ edges: [Edge]) -> [Int] {
        var layers = Array(repeating: 0, count: count)
        var (waiting, after, hasBefore) = (Array(repeating: 0, count: count), [[Int]](repeating: [], count: count), Set<Int>())
        for edge in edges {
            waiting[edge.target] += 1
            after[edge.source].append(edge.target)
            hasBefore.insert(edge.target)
        }
        var open = (0..<count).filter { waiting[$0] == 0 }
        var next = 0
        while next < open.count {
            let node = open[next]
            next += 1
            for target in after[node] {
                layers[target] = max(layers[target], layers[node] + 1)
                waiting[target] -= 1
                if waiting[target] == 0 { open.append(target) }
            }
        }
        for node in 0..<count where !hasBefore.contains(node) {
            if let first = after[node].map({ layers[$0] }).min() { layers[node] = max(0, first - 1) }
        }
        return layers
    }

    private mutating func add(_ place: Place) {
        var place = place
        place.order = columns[place.layer].count
        columns[place.layer].append(places.count)
        places.append(place)
    }

    /// The places that an edge passes, its ends among them.
    private mutating func connect(_ edge: Edge) -> [Int] {
        let (first, last) = (layers[edge.source], layers[edge.target])
        guard first < last else { return [] }
        var way = [edge.source]
        for layer in first + 1..<max(last, first + 1) {
            way.append(places.count)
            add(Place(node: nil, layer: layer))
        }
        way.append(edge.target)
        for (place, next) in zip(way, way.dropFirst()) {
            let port = place == edge.source ? edge.port : 0
            places[place].after.append((next, port))
            places[next].before.append((place, port))
        }
        return way
    }

    // Order.

    private mutating func arrange() {
        var best = (columns, countCrossings())
        for sweep in 0..<Self.sweeps where best.1 > 0 {
            let isForward = sweep % 2 == 0
            for layer in isForward ? Array(columns.indices) : columns.indices.reversed() { sort(layer, byThoseBefore: isForward) }
            exchange()
            let count = countCrossings()
            if count < best.1 { best = (columns, count) }
        }
        (columns, crossings) = best
        number()
    }

    private mutating func number() {
        for column in columns { for (order, place) in column.enumerated() { places[place].order = order } }
    }

    /// By the median of the neighbours on one side; who has none stays where it is.
    private mutating func sort(_ layer: Int, byThoseBefore: Bool) {
        let keys = columns[layer].map { place -> Double in
            let neighbours = byThoseBefore ? places[place].before : places[place].after
            if neighbours.isEmpty { return Double(places[place].order) }
            // Outputs of one node in their order, within the place of that node.
            return Self.median(neighbours.map { Double(places[$0.place].order) + Double(min($0.port, 999)) / 1000 })
        }
        let sorted = zip(columns[layer], keys).enumerated().sorted { ($0.element.1, $0.offset) < ($1.element.1, $1.offset) }
        columns[layer] = sorted.map(\.element.0)
        for (order, place) in columns[layer].enumerated() { places[place].order = order }
    }

    /// Exchanges places that stand beside one another while that takes away crossings.
    private mutating func exchange() {
        for _ in 0..<Self.sweeps {
            var isChanged = false
            for layer in columns.indices {
                for order in columns[layer].indices.dropLast() {
                    let (upper, lower) = (columns[layer][order], columns[layer][order + 1])
                    guard crossings(of: upper, above: lower) > crossings(of: lower, above: upper) else { continue }
                    columns[layer].swapAt(order, order + 1)
                    (places[upper].order, places[lower].order) = (order + 1, order)
                    isChanged = true
                }
            }
            if !isChanged { return }
        }
    }

    /// How many edges of two places of a layer cross when one stands above the other.
    private func crossings(of upper: Int, above lower: Int) -> Int {
        func count(_ upper: [(place: Int, port: Int)], _ lower: [(place: Int, port: Int)], _ port: (Int) -> Int) -> Int {
            upper.reduce(0) { sum, above in
                let key = (places[above.place].order, port(above.port))
                return sum + lower.count { (places[$0.place].order, port($0.port)) < key }
            }
        }
        // Outputs tell apart where edges come from; where they go is one place.
        return count(places[upper].before, places[lower].before) { $0 } + count(places[upper].after, places[lower].after) { _ in 0 }
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// Pairs of edges between neighbouring layers that cross: inversions, counted in a tree of sums.
    private func countCrossings() -> Int {
        var crossings = 0
        for (layer, column) in columns.enumerated() where layer + 1 < columns.count {
            var sums = Array(repeating: 0, count: columns[layer + 1].count + 1)
            var total = 0
            for place in column {
                let targets = places[place].after.sorted { ($0.port, places[$0.place].order) < ($1.port, places[$1.place].order) }
                for target in targets {
                    let order = places[target.place].order
                    crossings += total - Self.sum(sums, through: order)
                    var place = order + 1
                    while place < sums.count {
                        sums[place] += 1
                        place += place & -place
                    }
                    total += 1
                }
            }
        }
        return crossings
    }

    private static func sum(_ sums: [Int], through order: Int) -> Int {
        var (sum, place) = (0, order + 1)
        while place > 0 {
            sum += sums[place]
            place -= place & -place
        }
        return sum
    }

    // Heights.

    private mutating func spread() {
        for column in columns {
            var y = 0.0
            for (order, place) in column.enumerated() {
                if order > 0 { y += distance(column[order - 1], place) }
                places[place].y = y
            }
        }
        for sweep in 0..<Self.sweeps {
            let isForward = sweep % 2 == 0
            for layer in isForward ? Array(columns.indices) : columns.indices.reversed() { settle(layer, byThoseBefore: isForward) }
        }
        let top = places.map { $0.y - size($0) / 2 }.min() ?? 0
        for place in places.indices { places[place].y -= top }
        height = places.map { $0.y + size($0) / 2 }.max() ?? 0
    }

    private func size(_ place: Place) -> Double { place.node == nil ? Self.passageHeight : Self.boxHeight }

    /// At least so far are the middles of two that follow each other.
    private func distance(_ upper: Int, _ lower: Int) -> Double { (size(places[upper]) + size(places[lower])) / 2 + Self.gap }

    /// As near as may be, by the sum of squares, to where the neighbours are.
    private mutating func settle(_ layer: Int, byThoseBefore: Bool) {
        let column = columns[layer]
        var offsets: [Double] = []
        // Of each block of places that touch: the sum of what they want, less their offsets, and how many they are.
        var blocks: [(sum: Double, count: Int)] = []
        for (order, place) in column.enumerated() {
            offsets.append(order == 0 ? 0 : offsets[order - 1] + distance(column[order - 1], place))
            let neighbours = (byThoseBefore ? places[place].before : places[place].after).map { places[$0.place].y }
            let wanted = neighbours.isEmpty ? places[place].y : Self.median(neighbours)
            blocks.append((wanted - offsets[order], 1))
            while blocks.count > 1 {
                let (last, other) = (blocks[blocks.count - 1], blocks[blocks.count - 2])
                guard other.sum / Double(other.count) > last.sum / Double(last.count) else { break }
                blocks.removeLast()
                blocks[blocks.count - 1] = (other.sum + last.sum, other.count + last.count)
            }
        }
        var order = 0
        for block in blocks {
            for _ in 0..<block.count {
                places[column[order]].y = block.sum / Double(block.count) + offsets[order]
                order += 1
            }
        }
    }
}
