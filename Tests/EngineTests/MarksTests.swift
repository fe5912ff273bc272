// Goal: what is decided at the end of a commit is decided once, in the order of the first mark, for the reason of the last. Method: random
// marks against an array.
import Testing

@testable import Engine

@Suite struct MarksTests {
    @Test func theSecondMarkKeepsThePlaceAndTakesTheCause() {
        var marks = Marks()
        marks.mark(Mark(choice: 1, row: 7, cause: .change))
        marks.mark(Mark(choice: 7, row: 1, cause: .change))
        marks.mark(Mark(choice: 1, row: 7, cause: .time))
        #expect(marks.count == 2)
        #expect(marks[0].choice == 1 && marks[0].row == 7 && marks[0].cause == .time)
        #expect(marks[1].choice == 7 && marks[1].row == 1 && marks[1].cause == .change)
    }

    @Test func randomMarksAreEachThereOnce() {
        var random = RandomNumbers(seed: 27)
        var marks = Marks()
        for _ in 0..<20 {
            var model: [Mark] = []
            for _ in 0..<random.pick([0, 3, 1000]) {
                let mark = Mark(
                    choice: random.any(0...5), row: random.any(0...random.pick([5, 1_000_000])),
                    cause: random.pick([Cause.change, .time, .publish]))
                marks.mark(mark)
                if let place = model.firstIndex(where: { $0.choice == mark.choice && $0.row == mark.row }) {
                    model[place].cause = mark.cause
                } else {
                    model.append(mark)
                }
            }
            #expect(marks.count == model.count)
            for (place, mark) in model.enumerated() where place < marks.count {
                #expect(marks[place].choice == mark.choice && marks[place].row == mark.row && marks[place].cause == mark.cause)
            }
            marks.removeAll()
            #expect(marks.count == 0)
        }
    }
}
