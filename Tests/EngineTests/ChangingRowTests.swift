// Goal: the row whose values are being exchanged keeps the signals that it gets meanwhile, and no other row does. Method: a few rows.
import Testing

@testable import Engine

@Suite struct ChangingRowTests {
    @Test func itTakesItsOwnSignalsAlone() {
        var changing = ChangingRow()
        #expect(changing.takes(Signals(bits: .existence), for: 0, 0) == false)
        changing.begin(1, 2)
        #expect(changing.takes(Signals(bits: 8), for: 2, 1) == false)
        #expect(changing.takes(Signals(bits: 8), for: 1, 1) == false)
        #expect(changing.takes(Signals(bits: 8), for: 2, 2) == false)
        #expect(changing.takes(Signals(bits: 4), for: 1, 2) == true)
        #expect(changing.takes(Signals(bits: 2), for: 1, 2) == true)
        #expect(changing.end().bits == 6)
        // It is no row any more: what comes now is told at once.
        #expect(changing.takes(Signals(bits: 16), for: 1, 2) == false)
    }

    @Test func itBeginsWithNone() {
        var changing = ChangingRow()
        changing.begin(1, 2)
        #expect(changing.takes(.everything, for: 1, 2) == true)
        #expect(changing.end().bits == .max)
        changing.begin(1, 2)
        #expect(changing.end().bits == 0)
    }

    @Test func whoseSignalsTheyAreIsKept() {
        var changing = ChangingRow()
        changing.begin(1, 2)
        #expect(changing.takes(Signals(accumulator: 5, bit: 1 << 100), for: 1, 2) == true)
        let signals = changing.end()
        #expect(ReadSet(Signals(accumulator: 5, bit: 1 << 100)).meets(signals) == true)
        #expect(ReadSet(Signals(accumulator: 6, bit: 1 << 100)).meets(signals) == false)
    }
}
