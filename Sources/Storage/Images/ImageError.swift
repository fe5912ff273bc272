// Why an image is not read: which file, where in it, what is wrong, and what to do, in one sentence for the operator.

/// An image that cannot be used. Never holds what the file contains.
public struct ImageError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What it means for the file.
    public enum Kind: Equatable, Sendable {
        /// Its content is not what was written, or not all of it is there: it is of no use to anybody.
        case damaged
        /// It is whole, but of a format or with a section that this program does not know.
        case newer
        /// The system did not let us read it: the file may be whole.
        case unreadable
    }

    /// Where in the file.
    public enum Place: Equatable, Sendable {
        /// All of it.
        case file
        /// The first 4 KiB.
        case header
        /// What says where the blocks are.
        case index
        /// What made it an image.
        case footer
        /// A block, by its number in the section.
        case block(ImageSection, number: Int)
    }

    /// What it means for the file.
    public let kind: Kind
    /// The file.
    public let path: String
    /// Where in the file.
    public let place: Place
    /// What is wrong there.
    public let cause: String

    /// What to do about it.
    public var hint: String {
        switch kind {
        case .damaged: "the image before it is taken, if there is one; check the disk (dmesg, smartctl)"
        case .newer: "start the program that wrote it, or a newer one; to begin from an older image, move this one out of the folder"
        case .unreadable: "see that the file can be read, then start again"
        }
    }

    /// "cannot use the image /data/checkpoints/….image: block 3 of section 2 part 7: its bytes … — …"
    public var description: String {
        let place =
            switch place {
            case .file: ""
            case .header: "header: "
            case .index: "index: "
            case .footer: "footer: "
            case .block(let section, let number): "block \(number) of \(section): "
            }
        return "cannot use the image \(path): \(place)\(cause) — \(hint)"
    }

    /// What is wrong, said where it is not known in which file.
    struct Cause: Error, ExpressibleByStringInterpolation {
        let text: String
        let kind: Kind

        init(stringLiteral text: String) { self.init(text, .damaged) }

        init(_ text: String, _ kind: Kind) {
            self.text = text
            self.kind = kind
        }

        init(_ error: StorageError) { self.init(error.description, .unreadable) }
    }

    init(path: String, place: Place, _ cause: Cause) {
        kind = cause.kind
        self.path = path
        self.place = place
        self.cause = cause.text
    }
}
