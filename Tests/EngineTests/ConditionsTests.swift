// Goal: a condition is found by its table and node, and keeps nothing before somebody asks for it. Method: all of a few tables and nodes.
import Testing

@testable import Engine

@Suite struct ConditionsTests {
    @Test func conditionsAreFoundByTableAndNode() {
        var random = RandomNumbers(seed: 33)
        var conditions = Conditions()
        var keys: [[Int]] = []
        for _ in 0..<2000 {
            let (table, node) = (random.number(0...30), random.number(0...30))
            let number = conditions.intern(table: .init(table), node: Number(node))
            if let place = keys.firstIndex(of: [table, node]) {
                #expect(number == Number(place))
            } else {
                #expect(number == Number(keys.count))
                keys.append([table, node])
            }
        }
        #expect(Array(conditions.all).count == keys.count)
        for (number, key) in zip(conditions.all, keys) {
            #expect(conditions[number].table == .init(key[0]) && conditions[number].node == Number(key[1]))
        }
    }

    @Test func aNewOneKeepsNothing() {
        var conditions = Conditions()
        let (first, second) = (conditions.intern(table: 0, node: 1), conditions.intern(table: 1, node: 0))
        let counts = [conditions[first].addReference(), conditions[first].addReference()]
        #expect(counts == [true, false], "the first of them is told")
        conditions[first].add(.save(0), reading: .existence)
        #expect(conditions.intern(table: 0, node: 1) == first && conditions[first].references == 2)
        #expect(conditions[second].references == 0 && conditions[second].takers.isEmpty && conditions[second].guardedBy.isEmpty)
        #expect(conditions[second].reads.bits == 0 && !conditions[second].isCovered)
    }

    @Test func aConditionIsEnteredOnceARoundByWhatItReads() {
        var condition = Condition(table: 0, node: 0)
        condition.begin(reading: ReadSet(bits: 6))
        let entered = [
            condition.enter(round: 1, Signals(bits: 8)), condition.enter(round: 1, Signals(bits: 2)),
            condition.enter(round: 1, Signals(bits: 4)), condition.enter(round: 2, Signals(bits: 4)),
        ]
        #expect(entered == [false, true, false, true])
    }

    @Test func whatTakersReadIsReadWhileTheyAreThere() {
        var condition = Condition(table: 0, node: 0)
        condition.add(.save(0), reading: ReadSet(bits: 2))
        condition.add(.accumulator(0), reading: ReadSet(bits: 4))
        #expect(condition.takers.count == 2 && condition.takerReads.bits == 6)
        condition.remove(.save(0), leaving: ReadSet(bits: 4))
        #expect(condition.takers.count == 1 && condition.takers[0] == .accumulator(0) && condition.takerReads.bits == 4)
    }

    @Test func aSaveIsNoAccumulatorOfTheSameNumber() {
        #expect(Taker.save(1) != Taker.accumulator(1) && Taker.save(1) == Taker.save(1) && Taker.save(1) != Taker.save(2))
    }
}
