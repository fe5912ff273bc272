// The headers of a request or a response, in their order.

/// Headers; names are compared without regard to case.
public struct Headers: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// One line.
    public struct Header: Sendable, Equatable {
        /// As it was written.
        public var name: String
        /// Without spaces around it.
        public var value: String
    }

    /// All of them.
    public private(set) var all: [Header] = []

    public init() {}

    public init(dictionaryLiteral elements: (String, String)...) {
        for (name, value) in elements { add(name, value) }
    }

    /// Appends one, whether or not one of that name is there.
    public mutating func add(_ name: String, _ value: String) { all.append(Header(name: name, value: value)) }

    /// The values of that name.
    public func values(_ name: String) -> [String] {
        all.filter { Self.isSame($0.name, name) }.map(\.value)
    }

    /// The first of that name; setting it replaces all of them.
    public subscript(name: String) -> String? {
        get { all.first { Self.isSame($0.name, name) }?.value }
        set {
            all.removeAll { Self.isSame($0.name, name) }
            if let newValue { add(name, newValue) }
        }
    }

    /// Lists of a header, which may also stand in several lines: `a, b`.
    func items(_ name: String) -> [Substring] {
        values(name).flatMap { $0.split(separator: ",") }.map { $0.trimmed }.filter { !$0.isEmpty }
    }

    private static func isSame(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && zip(left.utf8, right.utf8).allSatisfy { $0.lowercase == $1.lowercase }
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without spaces and tabs at both ends.
    var trimmed: Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        return drop(while: isBlank).trimmingEnd(isBlank)
    }
}

extension Substring {
    fileprivate func trimmingEnd(_ isBlank: (Character) -> Bool) -> Substring {
        var text = self
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}

extension UInt8 {
    /// Of letters of ASCII.
    fileprivate var lowercase: UInt8 { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self }
}
