// Values under numbers, that can be handed over as they are: whoever has a copy shares the parts, and a part is copied when it changes
// after that. So what an image shows of a memory of millions is taken in no time, and what changes meanwhile costs a part at a time.

/// A column whose copies are cheap. Where nothing was set it has `empty`.
struct SharedColumn<Element: BitwiseCopyable & Equatable & Sendable>: Sendable {
    /// How many are in a part.
    static var partCount: Int32 { 1 << Int32(partBits) }
    private static var partBits: Int { 10 }

    private let empty: Element
    /// A part in which nothing was set is not there.
    private var parts: [[Element]] = []

    init(empty: Element) { self.empty = empty }

    /// One more than the highest number that something may be under.
    var end: Int32 { Int32(parts.count) * Self.partCount }

    subscript(number: Int32) -> Element {
        get {
            let part = Int(number) >> Self.partBits
            guard part < parts.count, !parts[part].isEmpty else { return empty }
            return parts[part][Int(number & (Self.partCount - 1))]
        }
        set {
            let part = Int(number) >> Self.partBits
            if part >= parts.count {
                if newValue == empty { return }
                parts += Array(repeating: [], count: part + 1 - parts.count)
            }
            if parts[part].isEmpty {
                if newValue == empty { return }
                parts[part] = Array(repeating: empty, count: Int(Self.partCount))
            }
            parts[part][Int(number & (Self.partCount - 1))] = newValue
        }
    }

    /// Calls with each that is not `empty`, of some numbers.
    func forEach(in numbers: Range<Int32>, _ body: (_ number: Int32, _ element: Element) -> Void) {
        var number = numbers.lowerBound
        while number < min(numbers.upperBound, end) {
            let part = parts[Int(number) >> Self.partBits]
            let next = min((number | (Self.partCount - 1)) + 1, numbers.upperBound)
            if !part.isEmpty {
                for place in number..<next where part[Int(place & (Self.partCount - 1))] != empty {
                    body(place, part[Int(place & (Self.partCount - 1))])
                }
            }
            number = next
        }
    }

    /// Calls with each that is not `empty`.
    func forEach(_ body: (_ number: Int32, _ element: Element) -> Void) { forEach(in: 0..<end, body) }
}
