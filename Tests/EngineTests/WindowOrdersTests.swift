// Goal: a table has one order per node that windows are about, which holds every row at its place from its floor on, while it is read.
// Method: random rows, readers and floors against sorted arrays.
import Testing

@testable import Engine

@Suite struct WindowOrdersTests {
    @Test func rowsBeforeTheFloorAreLeftOut() {
        var random = RandomNumbers(seed: 43)
        var order = OrderIndex(node: 0, column: 0)
        var none = KeyedRows(from: 10, of: 0)
        order.extend(by: &none, from: 10)
        var model: [[Int]] = []
        for _ in 0..<5000 {
            let (key, row) = (random.number(0...30), random.number(0...9))
            if let place = model.firstIndex(of: [key, row]) {
                order.remove(.init(row), at: Int64(key))
                model.remove(at: place)
            } else {
                order.insert(.init(row), at: Int64(key))
                model.append([key, row])
            }
            let (from, to) = (random.number(0...31), random.number(0...31))
            var found = Vector<RowNumber>()
            order.rows(from: Int64(from), through: Int64(to), into: &found)
            let expected = model.filter { $0[0] >= 10 && $0[0] >= from && $0[0] <= to }.sorted { $0.lexicographicallyPrecedes($1) }
            #expect((0..<found.count).map { found[$0] } == expected.map { .init($0[1]) })
        }
    }

    @Test func withoutReadersThereIsNoOrder() {
        var order = OrderIndex(node: 0, column: 0)
        order.insert(1, at: 5)
        order.insert(2, at: .max - 1)
        var found = Vector<RowNumber>()
        order.rows(from: .min, through: .max, into: &found)
        #expect(found.count == 0)
    }

    @Test func anOrderIsFoundByItsNode() {
        var random = RandomNumbers(seed: 48)
        var orders = WindowOrders()
        var model: [NodeNumber: Number<OrderIndex>] = [:]
        for _ in 0..<300 {
            let node: NodeNumber = random.any(0...20)
            #expect(orders.find(node) == model[node])
            let order = orders.intern(node, column: random.chance(50) ? 1 : nil)
            #expect(order == model[node, default: Number(model.count)] && orders[order].node == node)
            model[node] = order
        }
        #expect(Array(orders.all) == model.values.sorted())
    }

    /// The rows of two fields and of a computed value, in their orders and as they should stand there.
    private struct Pair: ~Copyable {
        var orders = WindowOrders()
        var columns = Vector<Column>()
        /// By order, then by row.
        var places: [[RowNumber: Int64]] = [[:], [:], [:]]
        var floors: [Int64] = [.max, .max, .max]
        var readers = [0, 0, 0]

        init(rows: Int) {
            for number in 0..<2 {
                columns.append(Column(kind: .integer))
                columns[number].grow(to: rows)
                _ = orders.intern(Number(number), column: Number(number))
            }
            _ = orders.intern(2, column: nil)
        }

        /// Writes the fields of a row, and what is computed of it.
        mutating func write(_ row: RowNumber, _ values: [Int64?]) {
            orders.leave(row, columns)
            for column in columns.numbers {
                let value = values[Int(column.value)]
                if let value { columns[column].setWord(row, value) } else { columns[column].setNull(row) }
            }
            orders.join(row, columns)
            if orders[2].isMoved(by: .everything) { orders[2].move(row, to: values[2]) }
            for place in 0..<3 { places[place][row] = values[place] }
        }

        /// One reader comes or goes; the first one has the order filled.
        mutating func changeReaders(of place: Int, _ random: inout RandomNumbers) {
            let order = Number<OrderIndex>(place)
            let isOneMore = readers[place] == 0 || readers[place] < 3 && random.chance(50)
            readers[place] += isOneMore ? 1 : -1
            orders[order].addReader(reading: ReadSet(bits: 2), isOneMore ? 1 : -1)
            if readers[place] == 0 { floors[place] = .max }
            let floor = place == 2 ? .min : Int64(random.number(0...20))
            guard isOneMore, floor < floors[place] else { return }
            var rows = KeyedRows(from: floor, of: 50)
            for (row, key) in places[place].sorted(by: { $0.key < $1.key }) where key >= floor && key < floors[place] {
                rows.append(key, row)
            }
            orders[order].extend(by: &rows, from: floor)
            floors[place] = floor
        }

        /// The windows have gone on: what is far behind them is left out.
        mutating func trim(_ place: Int, _ random: inout RandomNumbers) {
            guard place < 2, readers[place] > 0 else { return }
            floors[place] += Int64(random.number(0...10))
            orders[Number(place)].trim(to: floors[place])
        }

        func found(_ place: Int, _ from: Int64, _ last: Int64) -> [RowNumber] {
            var rows = Vector<RowNumber>()
            orders[Number(place)].rows(from: from, through: last, into: &rows)
            return (0..<rows.count).map { rows[$0] }
        }

        func expected(_ place: Int, _ from: Int64, _ last: Int64) -> [RowNumber] {
            guard readers[place] > 0 else { return [] }
            return places[place].filter { $0.value >= max(from, floors[place]) && $0.value <= last }
                .sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        }
    }

    @Test func everyRowIsAtItsPlaceWhileThereAreReaders() {
        var random = RandomNumbers(seed: 49)
        var pair = Pair(rows: 50)
        for step in 0..<5000 {
            let values = (0..<3).map { _ in random.chance(80) ? Int64(random.number(-5...30)) : nil }
            pair.write(random.any(0...49), values)
            if random.chance(3) { pair.changeReaders(of: random.number(0...2), &random) }
            if random.chance(1) { pair.trim(random.number(0...2), &random) }
            let (place, from, last) = (random.number(0...2), Int64(random.number(-5...30)), Int64(random.number(-5...30)))
            #expect(pair.found(place, from, last) == pair.expected(place, from, last), "step \(step)")
            let order = Number<OrderIndex>(place)
            let isMoved = pair.orders[order].isMoved(by: Signals(bits: 4))
            #expect(!isMoved, "nothing that it reads")
            #expect(pair.orders[order].isRead == (pair.readers[place] > 0) && pair.orders[order].floor == pair.floors[place])
        }
    }
}
