// Where a command's answer goes, and what can be shown there.
import Glibc

/// The terminal behind an output, or none.
struct Console {
    /// Its width; nil: no terminal, lines may be as long as they are.
    var columns: Int?
    var isColored = false

    var isTerminal: Bool { columns != nil }

    /// Standard output.
    static var output: Console { Console(of: STDOUT_FILENO) }
    /// Standard error.
    static var errors: Console { Console(of: STDERR_FILENO) }

    init(columns: Int?, isColored: Bool = false) {
        self.columns = columns
        self.isColored = isColored
    }

    private init(of descriptor: Int32) {
        var size = winsize()
        guard isatty(descriptor) == 1 else { return }
        columns = ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? max(40, Int(size.ws_col)) : 80
        func variable(_ name: String) -> String { getenv(name).map { String(cString: $0) } ?? "" }
        isColored = variable("NO_COLOR").isEmpty && variable("TERM") != "dumb"
    }

    /// Lines as they are written here: styled on a terminal alone. What is longer than a line of it goes on in the next: a reason that is
    /// cut is none.
    func text(_ lines: [StyledLine]) -> String {
        lines.map { (isColored ? $0.escaped(isColored: true) : $0.text) + "\n" }.joined()
    }
}

/// A text from elsewhere on its way to a terminal: what would control that, or turn the direction of what follows, is shown as a mark.
func printable(_ text: String) -> String {
    func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || (0x202a...0x202e).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isHarmful) else { return text }
    return text.unicodeScalars.reduce(into: "") { $0.unicodeScalars.append(isHarmful($1) ? "\u{fffd}" : $1) }
}
