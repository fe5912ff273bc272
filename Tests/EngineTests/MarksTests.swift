// Goal: what is decided at the end of a commit is decided once, in the order of strata, operators and then of the first mark, for the reason
// of the last. Method: random marks against an array.
import Testing

@testable import Engine

@Suite struct MarksTests {
    @Test func theSecondMarkKeepsThePlaceAndTakesTheCause() {
        var marks = Marks()
        marks.mark(Mark(operation: 7, item: 1, cause: .change))
        marks.mark(Mark(operation: 1, item: 7, cause: .change))
        marks.mark(Mark(operation: 1, item: 7, cause: .time))
        #expect(marks.count == 2 && marks.lowest() == 1)
        #expect(marks.take(of: 7) == nil, "another decides first")
        #expect(marks.take(of: 1) == Mark(operation: 1, item: 7, cause: .time))
        #expect(marks.take(of: 1) == nil && marks.lowest() == 7)
        #expect(marks.take(of: 7) == Mark(operation: 7, item: 1, cause: .change))
        #expect(marks.lowest() == nil && marks.count == 0)
    }

    @Test func aLowerStratumComesFirst() {
        var marks = Marks()
        marks.mark(Mark(operation: 1, stratum: 2, item: 0, cause: .change))
        #expect(marks.lowest(through: 1) == nil && marks.lowest(through: 2) == 1 && marks.lowest() == 1)
        marks.mark(Mark(operation: 5, stratum: 1, item: 0, cause: .change))
        #expect(marks.lowest(through: 0) == nil && marks.lowest(through: 1) == 5 && marks.lowest() == 5)
    }

    /// Deciding one marks others, of higher operators.
    @Test func randomMarksAreTakenInOrder() {
        var random = RandomNumbers(seed: 27)
        var marks = Marks()
        for _ in 0..<20 {
            var model: [Mark] = []
            func add(operation: Int) {
                let mark = Mark(
                    operation: Number(operation), item: random.any(0...random.pick([5, 1_000_000])),
                    cause: random.pick([Cause.change, .time, .publish]))
                marks.mark(mark)
                if let place = model.firstIndex(where: { $0.operation == mark.operation && $0.item == mark.item }) {
                    model[place].cause = mark.cause
                } else {
                    model.append(mark)
                }
            }
            for _ in 0..<random.pick([0, 3, 1000]) { add(operation: random.number(0...5)) }
            var last = -1
            while let operation = marks.lowest(), let mark = marks.take(of: operation) {
                #expect(marks.count == model.count - 1)
                let lowest = model.indices.min { (model[$0].operation, $0) < (model[$1].operation, $1) }!
                #expect(mark == model.remove(at: lowest))
                #expect(Int(operation.value) >= last)
                last = Int(operation.value)
                if random.chance(10) { add(operation: last + random.number(1...3)) }
            }
            #expect(model.isEmpty)
            marks.removeAll()
        }
    }
}
