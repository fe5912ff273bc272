// Goal: what is decided at the end of a commit is decided once, in the order of strata, of operators and then of the first mark, for the
// reason of the last. Method: random marks against an array.
import Testing

@testable import Engine

@Suite struct MarksTests {
    @Test func theSecondMarkKeepsThePlaceAndTakesTheCause() {
        var marks = Marks()
        marks.mark(Mark(operation: 7, item: 1, cause: .change))
        marks.mark(Mark(operation: 1, item: 7, cause: .change))
        marks.mark(Mark(operation: 1, item: 7, cause: .time))
        marks.mark(Mark(operation: 0, stratum: 1, item: 3, cause: .change))
        #expect(marks.count == 3)
        #expect(marks.lowest() == 1 && marks.take(of: 7) == nil)
        #expect(marks.take(of: 1) == Mark(operation: 1, item: 7, cause: .time))
        #expect(marks.take(of: 1) == nil)
        #expect(marks.take(of: 7) == Mark(operation: 7, item: 1, cause: .change))
        #expect(marks.lowest(through: 0) == nil && marks.lowest() == 0)
        #expect(marks.take(of: 0)?.item == 3 && marks.lowest() == nil && marks.count == 0)
    }

    /// Deciding one marks others, of later operators.
    @Test func randomMarksAreTakenInOrder() {
        var random = RandomNumbers(seed: 27)
        var marks = Marks()
        for _ in 0..<20 {
            var model: [Mark] = []
            func add(operation: Int) {
                let mark = Mark(
                    operation: Number(operation), stratum: Int32(operation % 3), item: random.any(0...random.pick([5, 1_000_000])),
                    cause: random.pick([Cause.change, .time, .publish]))
                marks.mark(mark)
                if let place = model.firstIndex(where: { $0.operation == mark.operation && $0.item == mark.item }) {
                    model[place].cause = mark.cause
                } else {
                    model.append(mark)
                }
            }
            for _ in 0..<random.pick([0, 3, 1000]) { add(operation: random.number(0...5)) }
            while let operation = marks.lowest() {
                while let mark = marks.take(of: operation) {
                    #expect(marks.count == model.count - 1)
                    let lowest = model.indices.min {
                        (model[$0].stratum, model[$0].operation, $0) < (model[$1].stratum, model[$1].operation, $1)
                    }!
                    #expect(mark == model.remove(at: lowest))
                    if random.chance(10) { add(operation: Int(operation.value) + 3 * random.number(1...3)) }
                }
            }
            #expect(model.isEmpty)
            marks.removeAll()
        }
    }
}
