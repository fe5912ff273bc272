// Goal: a row finds the conditions that its fields, its place in time and its signals guard, no others of their keys, and looks at no
// window beyond the first that it has not reached. Method: random conditions, rows and clocks against a list of all conditions.
import Testing

@testable import Engine

@Suite struct GuardIndexTests {
    /// An index over two integer fields and an instant, and what it should hold.
    private struct Pair: ~Copyable {
        var index = GuardIndex()
        var plan = Plan()
        var columns = Vector<Column>()
        var model: [Number<Condition>: (guards: [Guard], signals: SignalBits)] = [:]

        init(windows: Int) {
            for kind in [Column.Kind.integer, .integer, .instant] { columns.append(Column(kind: kind)) }
            for column in columns.numbers { columns[column].grow(to: 1) }
            for number in 0..<windows {
                let term = plan.terms.add(Number(number))
                plan.windows.add(Window(table: 0, node: 0, term: term, signals: .none, column: 2, isMixed: false))
            }
        }

        mutating func setTerms(_ random: inout RandomNumbers, nulls: Int) {
            for window in 0..<Int(plan.windows.nextNumber.value) {
                plan.terms[Number(window)].value = random.chance(nulls) ? .null : .instant(Int64(random.number(0...30)))
            }
            index.sort(plan)
        }

        mutating func setRow(_ random: inout RandomNumbers) {
            for column in columns.numbers {
                if random.chance(10) { columns[column].setNull(0) } else { columns[column].setWord(0, Int64(random.number(0...30) % 8)) }
            }
            if random.chance(90) { columns[2].setWord(0, Int64(random.number(-1...31))) }
        }

        func randomGuard(_ random: inout RandomNumbers) -> Guard {
            let window: Number<Window>? = random.chance(60) ? Number(random.number(0...Int(plan.windows.nextNumber.value) - 1)) : nil
            switch random.number(0...9) {
            case 0: return .none
            case 1: return .accumulator(0, threshold: 1)
            case 2 where window != nil: return .column(nil, keys: [0], window: window)
            default:
                let keys = Set((0...random.number(0...2)).map { _ in Int64(random.number(0...7)) }).sorted()
                return .column(random.any(0...1), keys: keys, window: window)
            }
        }

        func isInWindow(_ window: Number<Window>?) -> Bool {
            guard let window else { return true }
            guard let start = plan.terms[plan.windows[window].term].key, let time = columns[2].key(0) else { return false }
            return time >= start
        }

        /// As often as it passes one of its guards.
        func expectedByFields(_ signals: SignalBits) -> [Number<Condition>] {
            model.flatMap { condition, entry in
                entry.guards.flatMap { one -> [Number<Condition>] in
                    guard case .column(let column, let keys, let window) = one, entry.signals & signals != 0, isInWindow(window) else {
                        return []
                    }
                    let value = column.map { columns[$0].key(0) } ?? 0
                    return keys.filter { $0 == value }.map { _ in condition }
                }
            }
            .sorted()
        }

        func foundByFields(_ signals: SignalBits) -> (conditions: [Number<Condition>], evaluations: Int) {
            var found = Vector<Number<Condition>>()
            var evaluations = 0
            index.findByFields(of: 0, columns, signals, plan, into: &found, evaluations: &evaluations)
            return ((0..<found.count).map { found[$0] }.filter { model[$0]!.signals & signals != 0 }.sorted(), evaluations)
        }

        func foundUnguarded(_ signals: SignalBits) -> Set<Number<Condition>> {
            var found = Vector<Number<Condition>>()
            index.findUnguarded(signals, into: &found)
            return Set((0..<found.count).map { found[$0] })
        }

        /// Takes a condition out that is there, or adds it.
        mutating func step(_ random: inout RandomNumbers) {
            let condition: Number<Condition> = random.any(0...40)
            if let entry = model.removeValue(forKey: condition) {
                index.remove(condition, under: entry.guards, reading: entry.signals)
            } else {
                let guards = (0...random.number(0...2)).map { _ in randomGuard(&random) }
                let signals = (0..<3).reduce(SignalBits.existence) { bits, _ in bits | 1 << SignalBits(random.number(1...127)) }
                // Without a guard it is found by its signals, and by nothing else.
                let kept = guards.contains(.none) ? [.none] : guards
                index.add(condition, under: kept, reading: signals, plan)
                model[condition] = (kept, signals)
            }
        }
    }

    @Test func aRowFindsWhatItsFieldsAndSignalsGuard() {
        var random = RandomNumbers(seed: 46)
        var pair = Pair(windows: 6)
        for step in 0..<5000 {
            if step % 20 == 0 { pair.setTerms(&random, nulls: 10) }
            pair.setRow(&random)
            pair.step(&random)
            let signals = random.chance(30) ? .existence : SignalBits(1) << SignalBits(random.number(0...127))
            #expect(pair.foundByFields(signals).conditions == pair.expectedByFields(signals), "step \(step)")
            let reading = pair.model.filter { $0.value.signals & signals != 0 }
            #expect(pair.foundUnguarded(signals) == Set(reading.filter { $0.value.guards == [.none] }.keys), "step \(step)")
            let hasAccumulator = reading.contains { $0.value.guards.contains(.accumulator(0, threshold: 1)) }
            #expect(pair.index.mayBeFoundByAccumulators(signals) == hasAccumulator, "step \(step)")
        }
    }

    @Test func noWindowIsLookedAtBeyondTheFirstNotReached() {
        var random = RandomNumbers(seed: 47)
        var pair = Pair(windows: 12)
        for condition in 0..<12 {
            let guards = [Guard.column(0, keys: [5], window: Number(condition))]
            pair.index.add(Number(condition), under: guards, reading: .existence, pair.plan)
            pair.model[Number(condition)] = (guards, .existence)
        }
        pair.columns[0].setWord(0, 5)
        for _ in 0..<500 {
            pair.setTerms(&random, nulls: 0)
            pair.columns[2].setWord(0, Int64(random.number(-1...31)))
            let (found, evaluations) = pair.foundByFields(.existence)
            #expect(found == pair.expectedByFields(.existence))
            // The field, the windows that are reached, and the one that is not.
            #expect(evaluations == 1 + min(found.count + 1, 12))
        }
    }
}
