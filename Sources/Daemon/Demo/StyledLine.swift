// One line for people: pieces of text, each in a style. How a style looks is decided when the line is written, so that what is laid out can
// be tested, cut and wrapped as plain text.

/// What a piece of text is, rather than how it looks. Every character takes one cell.
enum TextStyle {
    case plain, strong, faint
    case entered, left, time

    /// Select Graphic Rendition (ECMA-48). Only colours that are legible on light and on dark.
    func code(isColored: Bool) -> String {
        switch self {
        case .plain: ""
        case .strong: "1"
        case .faint: "2"
        case .entered: isColored ? "32" : ""
        case .left: isColored ? "31" : ""
        case .time: isColored ? "1;35" : "1"
        }
    }
}

struct StyledLine: Equatable {
    struct Piece: Equatable {
        var text: String
        var style: TextStyle
    }

    private(set) var pieces: [Piece] = []

    init() {}

    init(_ text: String, _ style: TextStyle = .plain) { append(text, style) }

    var text: String { pieces.map(\.text).joined() }
    var width: Int { pieces.reduce(0) { $0 + $1.text.count } }

    mutating func append(_ text: String, _ style: TextStyle = .plain) {
        if !text.isEmpty { pieces.append(Piece(text: text, style: style)) }
    }

    mutating func append(_ line: StyledLine) { pieces += line.pieces }

    /// Fills up with blanks.
    mutating func pad(to width: Int) { append(String(repeating: " ", count: max(0, width - self.width))) }

    /// Cut where it is longer.
    func fitted(to width: Int) -> StyledLine {
        guard self.width > width else { return self }
        var line = StyledLine()
        var left = max(0, width - 1)
        for piece in pieces where left > 0 {
            line.append(String(piece.text.prefix(left)), piece.style)
            left -= min(left, piece.text.count)
        }
        line.append(width > 0 ? "…" : "", .faint)
        return line
    }

    /// As a terminal takes it.
    func escaped(isColored: Bool) -> String {
        pieces.map { piece in
            let code = piece.style.code(isColored: isColored)
            return code.isEmpty ? piece.text : "\u{1b}[\(code)m\(piece.text)\u{1b}[0m"
        }.joined()
    }

    /// The words of a text in lines of at most `width` cells; a longer word is cut.
    static func wrap(_ text: String, width: Int, _ style: TextStyle = .plain) -> [StyledLine] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty && line.count + 1 + word.count > width {
                lines.append(line)
                line = ""
            }
            line += line.isEmpty ? "\(word)" : " \(word)"
        }
        if !line.isEmpty { lines.append(line) }
        return lines.map { StyledLine($0, style).fitted(to: width) }
    }
}

/// A number of seconds with one decimal, right-aligned in this many cells.
func secondsText(_ second: Double, width: Int = 0) -> String {
    let tenths = Int((second * 10).rounded())
    return padded("\(tenths / 10).\(tenths % 10)", width)
}

/// Right-aligned.
func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
