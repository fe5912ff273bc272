// Where the demo is shown: live on a terminal, or in lines where there is none.

struct DemoView: ~Copyable {
    private var screen: TerminalScreen?
    private var lines = PlainLines()

    init() { screen = TerminalScreen.isAvailable ? TerminalScreen() : nil }

    mutating func show(_ state: DemoState) {
        if screen == nil { lines.show(state) } else { screen?.show(state) }
    }

    mutating func end(_ state: DemoState, _ last: [StyledLine]) {
        if screen == nil { lines.end(state, last) } else { screen?.end(state, last) }
    }
}
