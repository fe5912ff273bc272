// Goal: what is decided at the end of a commit is decided once, in the order of choices and then of the first mark, for the reason of the
// last. Method: random marks against an array.
import Testing

@testable import Engine

@Suite struct MarksTests {
    @Test func theSecondMarkKeepsThePlaceAndTakesTheCause() {
        var marks = Marks()
        marks.mark(Mark(choice: 7, record: 1, cause: .change))
        marks.mark(Mark(choice: 1, record: 7, cause: .change))
        marks.mark(Mark(choice: 1, record: 7, cause: .time))
        #expect(marks.count == 2)
        #expect(marks.takeLowest() == Mark(choice: 1, record: 7, cause: .time))
        #expect(marks.takeLowest() == Mark(choice: 7, record: 1, cause: .change))
        #expect(marks.takeLowest() == nil && marks.count == 0)
    }

    /// Deciding one marks others, of higher choices.
    @Test func randomMarksAreTakenInOrder() {
        var random = RandomNumbers(seed: 27)
        var marks = Marks()
        for _ in 0..<20 {
            var model: [Mark] = []
            func add(choice: Int) {
                let mark = Mark(
                    choice: Number(choice), record: random.any(0...random.pick([5, 1_000_000])),
                    cause: random.pick([Cause.change, .time, .publish]))
                marks.mark(mark)
                if let place = model.firstIndex(where: { $0.choice == mark.choice && $0.record == mark.record }) {
                    model[place].cause = mark.cause
                } else {
                    model.append(mark)
                }
            }
            for _ in 0..<random.pick([0, 3, 1000]) { add(choice: random.number(0...5)) }
            var last = -1
            while let mark = marks.takeLowest() {
                #expect(marks.count == model.count - 1)
                let lowest = model.indices.min { (model[$0].choice, $0) < (model[$1].choice, $1) }!
                #expect(mark == model.remove(at: lowest))
                #expect(Int(mark.choice.value) >= last)
                last = Int(mark.choice.value)
                if random.chance(10) { add(choice: last + random.number(1...3)) }
            }
            #expect(model.isEmpty)
            marks.removeAll()
        }
    }
}
