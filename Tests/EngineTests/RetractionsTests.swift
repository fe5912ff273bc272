// Goal: a contribution is taken back once, and is so until it is given again. Method: random contributions against arrays.
import Testing

@testable import Engine

@Suite struct RetractionsTests {
    private typealias Contribution = Retractions.Contribution

    @Test func whatWasGivenBackIsContainedNoMore() {
        var retractions = Retractions()
        #expect(retractions.contains(2, 3) == false)
        let contributions = [Contribution(accumulator: 2, row: 3), Contribution(accumulator: 3, row: 2)]
        for contribution in contributions { #expect(retractions.add(contribution) == true) }
        #expect(retractions.add(contributions[0]) == false)
        let given = retractions.giveBack(0)
        #expect(given.accumulator == 2 && given.row == 3)
        #expect(retractions.contains(2, 3) == false && retractions.contains(3, 2) == true)
        // Until all are given back it is not taken back a second time.
        #expect(retractions.add(contributions[0]) == false && retractions.count == 2)
        retractions.removeAll()
        #expect(retractions.contains(3, 2) == false && retractions.count == 0 && retractions.add(contributions[0]) == true)
    }

    @Test func randomContributionsAreEachTakenBackOnce() {
        var random = RandomNumbers(seed: 28)
        var retractions = Retractions()
        for _ in 0..<30 {
            var model: [Contribution] = []
            func place(_ contribution: Contribution) -> Int? {
                model.firstIndex { $0.accumulator == contribution.accumulator && $0.row == contribution.row }
            }
            for _ in 0..<random.pick([1, 500]) {
                let contribution = Contribution(accumulator: random.any(0...8), row: random.any(0...60))
                #expect(retractions.add(contribution) == (place(contribution) == nil))
                if place(contribution) == nil { model.append(contribution) }
                let other = Contribution(accumulator: random.any(0...8), row: random.any(0...60))
                #expect(retractions.contains(other.accumulator, other.row) == (place(other) != nil))
            }
            #expect(retractions.count == model.count)
            for (number, contribution) in model.enumerated() {
                #expect(retractions.contains(contribution.accumulator, contribution.row) == true)
                let given = retractions.giveBack(number)
                #expect(given.accumulator == contribution.accumulator && given.row == contribution.row)
                #expect(retractions.contains(contribution.accumulator, contribution.row) == false)
            }
            retractions.removeAll()
        }
    }
}
