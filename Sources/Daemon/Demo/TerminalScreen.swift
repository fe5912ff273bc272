// Owns the terminal while the demo is shown: another screen, no cursor, no echo; and gives it back at every end, also when the process is
// stopped (Ctrl-Z) or ended by a signal that nobody waits for.
import Glibc

struct TerminalScreen: ~Copyable {
    private let isColored = getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    private var shown: [StyledLine] = []
    private var shownSize = TerminalFrame.Size(columns: 0, rows: 0)
    private var generation = TerminalMode.generation

    /// Whether standard output is a terminal that understands this.
    static var isAvailable: Bool {
        isatty(STDOUT_FILENO) == 1 && getenv("TERM").map { strcmp($0, "dumb") != 0 } ?? false
    }

    init() { TerminalMode.enter() }

    deinit { TerminalMode.leave() }

    /// Draws what has changed since the last time.
    mutating func show(_ state: DemoState) {
        let size = Self.size
        if size != shownSize || generation != TerminalMode.generation {
            shown = []
            shownSize = size
            generation = TerminalMode.generation
        }
        var text = shown.isEmpty ? "\u{1b}[2J" : ""
        let lines = TerminalFrame(state: state, size: size).lines
        for (row, line) in lines.enumerated() where row >= shown.count || shown[row] != line {
            text += "\u{1b}[\(row + 1);1H\(line.escaped(isColored: isColored))\u{1b}[K"
        }
        shown = lines
        TerminalMode.write(text)
    }

    /// Gives the terminal back, and leaves the last picture, if there was much to see, and these lines on it.
    func end(_ state: DemoState, _ last: [StyledLine]) {
        TerminalMode.leave()
        var lines = state.audiences.isEmpty ? [] : Array(TerminalFrame(state: state, size: Self.size).lines.dropLast())
        while lines.last?.text.isEmpty == true { lines.removeLast() }
        TerminalMode.write((lines + last).map { $0.escaped(isColored: isColored) + "\n" }.joined())
    }

    static var size: TerminalFrame.Size {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return .init(columns: 80, rows: 24)
        }
        return .init(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
}

/// The mode of the process's one terminal. Signal handlers use it: they only call what POSIX lets them.
private enum TerminalMode {
    nonisolated(unsafe) private static var original = termios()
    nonisolated(unsafe) private static var isEntered = false
    /// Counts how often it was entered: what was drawn before is gone.
    nonisolated(unsafe) private(set) static var generation = 0

    /// Signals that end the process at once; SIGINT, SIGTERM and SIGHUP are waited for.
    private static let endings = [SIGQUIT, SIGABRT, SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE]

    static func enter() {
        tcgetattr(STDIN_FILENO, &original)
        for ending in endings { signal(ending) { number in TerminalMode.leave(toDefaultOf: number) } }
        signal(SIGCONT) { _ in TerminalMode.takeScreen() }
        takeScreen()
    }

    static func leave() {
        guard isEntered else { return }
        isEntered = false
        write("\u{1b}[0m\u{1b}[?25h\u{1b}[?1049l")
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &original)
    }

    private static func takeScreen() {
        // Stopped by hand: the shell gets its screen back, and when it goes on the demo takes it again.
        signal(SIGTSTP) { number in TerminalMode.leave(toDefaultOf: number) }
        var quiet = original
        quiet.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSANOW, &quiet)
        write("\u{1b}[?1049h\u{1b}[?25l")
        isEntered = true
        generation += 1
    }

    private static func leave(toDefaultOf number: Int32) {
        leave()
        signal(number, SIG_DFL)
        raise(number)
    }

    static func write(_ text: StaticString) {
        _ = Glibc.write(STDOUT_FILENO, text.utf8Start, text.utf8CodeUnitCount)
    }

    static func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
                if count < 0 && errno != EINTR { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
            }
        }
    }
}
