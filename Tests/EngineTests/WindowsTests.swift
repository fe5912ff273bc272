// Goal: a window is found by the table, the node and the term that it compares. Method: all of a few tables, nodes and terms.
import Testing

@testable import Engine

@Suite struct WindowsTests {
    private static func window(_ key: WindowKey) -> Window {
        Window(table: key.table, node: key.node, term: key.term, signals: .none, column: 0, isMixed: false)
    }

    @Test func windowsAreFoundByWhatTheyCompare() {
        var windows = Windows()
        var random = RandomNumbers(seed: 32)
        var model: [WindowKey: Number<Window>] = [:]
        for _ in 0..<500 {
            let key = WindowKey(table: random.any(0...3), node: random.any(0...3), term: random.any(0...3))
            #expect(windows.find(key) == model[key])
            if model[key] != nil { continue }
            let number = windows.nextNumber
            windows.add(Self.window(key))
            model[key] = number
        }
        #expect(model.count == 64 && windows.nextNumber == 64)
        for (key, number) in model {
            #expect(windows[number].table == key.table && windows[number].node == key.node && windows[number].term == key.term)
        }
    }

    @Test func whatIsNotedOfOneIsNotedOfNoOther() {
        var windows = Windows()
        for term in 0..<2 { windows.add(Self.window(WindowKey(table: 0, node: 0, term: Number(term)))) }
        windows[1].changesAtTerm = true
        windows.addReader(of: 1, 1)
        #expect(windows[1].changesAtTerm && !windows[1].changesAfterTerm && windows[1].readers == 1)
        #expect(!windows[0].changesAtTerm && windows[0].readers == 0)
        #expect(windows.live.all == [1])
        windows.addReader(of: 1, -1)
        #expect(windows.live.count == 0)
    }
}
