// Which part of the state a block of an image belongs to (layout: ImageFormat.swift).

/// A section of an image: what it holds, in numbers that its writer gives a meaning to.
public struct ImageSection: Hashable, Sendable, CustomStringConvertible {
    /// What is in it: rows of a table, texts of a column. 1 or more; from `optionalKinds` on, a reader that does not know it skips it.
    public var kind: UInt32
    /// Of which table, which column.
    public var part: UInt64

    /// The first kind that a reader may skip; one below that it does not know makes it refuse the image.
    public static let optionalKinds: UInt32 = 1 << 31

    public init(kind: UInt32, part: UInt64 = 0) {
        self.kind = kind
        self.part = part
    }

    /// Whether a reader that does not know it may skip it.
    var isOptional: Bool { kind >= Self.optionalKinds }

    /// "section 2 part 7"
    public var description: String { "section \(kind) part \(part)" }

    static let index = ImageSection(kind: 0)

    /// What an image has of a section.
    public struct Extent: Equatable, Sendable {
        /// Which one.
        public let section: ImageSection
        /// Blocks, numbered from 0.
        public internal(set) var blocks = 0
        /// Rows in all of them.
        public internal(set) var rows = 0
        /// Bytes of all payloads, not compressed.
        public internal(set) var bytes = 0
    }
}
