// The input of `replay` in one order: "`*.ndjson` of DIR merged by `time` (ties: control before changes, then file name, then line)".
//
// Files are mapped, and their runs of lines that are in order already are merged, so that memory follows the disorder and not the size. A
// file is taken to be one run until it proves otherwise: then `Disorder` is thrown, and the caller starts again with the runs found
// by a pass of their own.
import Glibc
import Storage
import Wire

struct ReplayInput: ~Copyable {
    /// What lines are ordered by.
    struct Position: Comparable {
        var time: Int64
        /// Control 0, changes 1.
        var rank: Int
        var file: Int
        var line: Int

        static func < (a: Position, b: Position) -> Bool {
            (a.time, a.rank, a.file, a.line) < (b.time, b.rank, b.file, b.line)
        }
    }

    /// Lines of one file that are in order.
    private struct Run {
        var position: Position
        /// The time of the line before, for lines without one.
        var inheritedTime: Int64
        var start: Int
        var end: Int
    }

    /// A file has a line that belongs before the one above it.
    struct Disorder: Error {}

    let names: [String]
    private let files: [LineFile]
    private var runs: [Run] = []
    private let reader: ReplayLineReader
    private let isTakenOnTrust: Bool

    /// `findingRuns`: reads all files once to find their runs, instead of taking each for one.
    init(files: [(name: String, file: LineFile)], reader: ReplayLineReader, findingRuns: Bool) {
        names = files.map(\.name)
        self.files = files.map(\.file)
        self.reader = reader
        isTakenOnTrust = !findingRuns
        for number in self.files.indices {
            if findingRuns { findRuns(number) } else { takeOnTrust(number) }
        }
    }

    var byteCount: Int { files.reduce(0) { $0 + $1.bytes.count } }

    /// The whole file as one run; its position is that of its first line.
    private mutating func takeOnTrust(_ file: Int) {
        let bytes = files[file].bytes
        var (start, line) = (0, 0)
        while start < bytes.count {
            let end = lineEnd(bytes, start)
            if !isBlank(bytes, start, end) {
                let found = reader.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                let position = Position(time: found.time ?? 0, rank: found.isControl ? 0 : 1, file: file, line: line)
                runs.append(Run(position: position, inheritedTime: 0, start: start, end: bytes.count))
                return
            }
            start = end + 1
            line += 1
        }
    }

    private mutating func findRuns(_ file: Int) {
        let bytes = files[file].bytes
        var (start, line, time) = (0, 0, Int64(0))
        var run: Run?
        var last = Position(time: .min, rank: 0, file: file, line: 0)
        while start < bytes.count {
            let end = lineEnd(bytes, start)
            if !isBlank(bytes, start, end) {
                let inherited = time
                let found = reader.read(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
                time = found.time ?? time
                let position = Position(time: time, rank: found.isControl ? 0 : 1, file: file, line: line)
                if position < last, let ended = run {
                    runs.append(ended)
                    run = nil
                }
                if run == nil { run = Run(position: position, inheritedTime: inherited, start: start, end: end) }
                run!.end = end
                last = position
            }
            start = end + 1
            line += 1
        }
        if let run { runs.append(run) }
    }

    /// Calls the body with every line in order, until it returns false. The reader has read the line.
    mutating func forEachLine(_ body: (_ line: UnsafeRawBufferPointer, _ position: Position, _ isControl: Bool) throws -> Bool) throws {
        var heap = runs.map(\.position).indices.sorted { runs[$0].position < runs[$1].position }
        while let current = heap.first {
            heap.removeFirst()
            let next = heap.first.map { runs[$0].position }
            guard try walk(current, until: next, body) else { return }
            if runs[current].start < runs[current].end {
                var place = 0
                while place < heap.count && runs[heap[place]].position < runs[current].position { place += 1 }
                heap.insert(current, at: place)
            }
        }
    }

    /// Walks a run as long as its lines come before the first of the other runs.
    private mutating func walk(
        _ number: Int, until other: Position?,
        _ body: (_ line: UnsafeRawBufferPointer, _ position: Position, _ isControl: Bool) throws -> Bool
    ) throws -> Bool {
        let bytes = files[runs[number].position.file].bytes
        var run = runs[number]
        while run.start < run.end {
            let end = lineEnd(bytes, run.start)
            if !isBlank(bytes, run.start, end) {
                let line = UnsafeRawBufferPointer(rebasing: bytes[run.start..<end])
                let found = reader.read(line)
                let time = found.time ?? run.inheritedTime
                let position = Position(time: time, rank: found.isControl ? 0 : 1, file: run.position.file, line: run.position.line)
                if isTakenOnTrust && position < run.position { throw Disorder() }
                run.position = position
                if let other, other < run.position { break }
                run.inheritedTime = time
                guard try body(line, run.position, found.isControl) else { return false }
            }
            run.start = end + 1
            run.position.line += 1
        }
        runs[number] = run
        return true
    }

    private func lineEnd(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        guard let base = bytes.baseAddress, let found = memchr(base + start, 0x0a, bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(found) - base
    }

    private func isBlank(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        for place in start..<end where bytes[place] != 0x20 && bytes[place] != 0x0d && bytes[place] != 0x09 { return false }
        return true
    }
}
