// Writes one image, on a thread of its own: the loop waits for no disk.
import Engine
import Storage
import Synchronization

/// The homes of images.
///
/// `@unchecked Sendable`: the loop's, but while an image is written: then that thread's.
final class ImageHomes: @unchecked Sendable {
    var images: ImageStore

    init(_ images: ImageStore) { self.images = images }
}

/// An image that is being written. It must be closed.
final class ImageThread: Sendable {
    private enum Job: Sendable {
        case begin(ImageHeader)
        case contents(ImageContents)
        case piece(ImagePiece)
        case body
        case publish(ImageFooter)
    }

    /// `@unchecked Sendable`: used by the thread alone, once it has begun.
    private final class Writing: @unchecked Sendable {
        private let homes: ImageHomes
        private var writer: ImageWriter?
        /// Of lists that come piece by piece, by their numbers.
        private var listSections: [Int: ImageSection] = [:]
        private var entries = FactsEntries()
        private let whenKept: @Sendable () -> Void
        let publication = Mutex<ImageStore.Publication?>(nil)

        init(_ homes: ImageHomes, _ whenKept: @escaping @Sendable () -> Void) {
            self.homes = homes
            self.whenKept = whenKept
        }

        func take(_ jobs: [Job]) throws {
            for job in jobs {
                switch job {
                case .begin(let header): writer = try homes.images.begin(header)
                case .contents(let contents): listSections = try writing { try contents.write(into: &$0) }
                case .piece(.bytes(let bytes, let count, let section)):
                    try writing { try $0.append(piece: bytes, count: count, to: section) }
                case .piece(.entries(let more, let list, let isLast)):
                    entries.append(more)
                    if isLast { try writeEntries(of: list) }
                case .body: try writing { try $0.finishBody() }
                case .publish(let footer):
                    guard let writer = writer.take() else { preconditionFailure("an image is published once") }
                    let published = try homes.images.publish(writer, footer)
                    if published.failures.isEmpty { whenKept() }
                    publication.withLock { $0 = published }
                }
            }
        }

        private func writeEntries(of list: Int) throws {
            guard let section = listSections[list] else { preconditionFailure("a list that comes is one of the contents") }
            let all = entries
            entries = FactsEntries()
            try writing { writer in
                try all.forEachPiece(bytes: ImageContents.pieceBytes) { try writer.append(piece: $0, count: $1, to: section) }
            }
        }

        private func writing<Result>(_ body: (inout ImageWriter) throws -> Result) throws -> Result {
            guard var taken = writer.take() else { preconditionFailure("nothing is added to what was published") }
            let result = try body(&taken)
            writer = consume taken
            return result
        }
    }

    private let writing: Writing
    private let stage: Stage<Job>

    /// - Parameters:
    ///   - maximumWaiting: so many pieces wait for the disk at most.
    ///   - whenKept: called on the thread once the image is in every home.
    init(
        _ homes: ImageHomes, _ header: ImageHeader, _ workers: Workers, maximumWaiting: Int, whenKept: @escaping @Sendable () -> Void
    ) throws {
        let writing = Writing(homes, whenKept)
        self.writing = writing
        stage = Stage(maximumWaiting: maximumWaiting, workers: workers) { try writing.take($0) }
        try stage.start(.begin(header))
    }

    /// Throws what went wrong.
    func check() throws { try stage.check() }

    /// Whether a piece can be handed over without waiting.
    var hasRoom: Bool { stage.hasRoom }

    func write(_ contents: ImageContents) throws { try stage.start(.contents(contents)) }

    func write(_ piece: ImagePiece) throws { try stage.start(.piece(piece)) }

    /// Everything was handed over that stands before the footer.
    func finishBody() throws { try stage.start(.body) }

    /// Makes it an image.
    func publish(_ footer: ImageFooter) throws { try stage.start(.publish(footer)) }

    /// What became of it; nil while it is not published.
    var publication: ImageStore.Publication? { writing.publication.withLock { $0 } }

    /// Waits until all that was handed over is written.
    func finish() throws { try stage.finish() }

    func close() { stage.close() }
}
