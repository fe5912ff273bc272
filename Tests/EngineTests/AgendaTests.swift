// Goal: what is due is found in the order of time, each at the instant it was given last, and what was taken out is not. Method: random
// entries against a dictionary.
import Testing

@testable import Engine

@Suite struct AgendaTests {
    @Test(arguments: 0..<20)
    func itIsTheDictionaryInTheOrderOfTime(seed: Int) {
        var random = RandomNumbers(seed: UInt64(seed))
        let agenda = Agenda<Int>()
        var items: [Int: Int64] = [:]
        for _ in 0..<400 {
            let (entry, instant) = (random.number(0...19), random.chance(20) ? .max : Int64(random.number(-20...20)))
            let due = items.filter { $0.value <= instant }
            if random.chance(80) {
                agenda.schedule(entry, at: instant)
                items[entry] = instant == .max ? nil : instant
            } else {
                #expect(agenda.take(through: instant) == due.keys.sorted())
                for entry in due.keys { items[entry] = nil }
            }
            #expect(agenda.next == items.values.min() ?? .max)
            let left = items.filter { $0.value <= instant }
            #expect(agenda.instants(through: instant) == Set(left.values).sorted())
            #expect(agenda.entries(through: instant) == left.keys.sorted())
        }
    }
}
