// How far a command is, on standard error, where nothing else says so.
import Glibc

final class ProgressLine {
    private var progress: Progress
    private let start = ContinuousClock.now
    private let isShown: Bool

    /// - Parameters:
    ///   - total: how many there will be, about; 0: nobody knows.
    ///   - isShown: false where the output shows by itself how far it is.
    init(title: String, noun: String, total: Int64 = 0, isShown: Bool = true) {
        progress = Progress(title: title, noun: noun, total: total, console: .errors)
        self.isShown = isShown
    }

    func say(_ count: Int64) { write(progress.text(count: count, after: (ContinuousClock.now - start) / .seconds(1))) }

    func end() { write(progress.end) }

    private func write(_ text: String?) { if isShown, let text { LogTarget(descriptor: STDERR_FILENO).write(text) } }
}
