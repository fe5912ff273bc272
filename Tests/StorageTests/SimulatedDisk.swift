// A disk in memory, for the tests of images and for the simulator: it can fail at any call, and it can be cut off at any point with any
// part of what was not synchronised lost.

import Glibc
import Storage

/// What a disk holds: files as programs see them, and as they are after a power cut. Folders are there without being created.
struct DiskState {
    struct File {
        var content: [UInt8] = []
        /// What `synchronize` has waited for.
        var durable: [UInt8] = []
        /// When it was written last, by the disk's clock.
        var written: Int64?
    }

    /// A change of names; a rename is one step, of a folder too.
    struct NameChange {
        var folder: String
        var removed: [String] = []
        var added: [(path: String, file: Int)] = []
    }

    var files: [File] = []
    var names: [String: Int] = [:]
    var durableNames: [String: Int] = [:]
    var pendingNames: [NameChange] = []

    static func apply(_ change: NameChange, to names: inout [String: Int]) {
        for removed in change.removed { names[removed] = nil }
        for added in change.added { names[added.path] = added.file }
    }

    mutating func change(_ change: NameChange) {
        Self.apply(change, to: &names)
        pendingNames.append(change)
    }

    /// A file, or what is in a folder: by the names below a path, those names.
    func names(below path: String) -> [String] {
        names.keys.filter { $0 == path || $0.hasPrefix(path + "/") }.sorted()
    }

    mutating func synchronizeFolder(_ folder: String) {
        for change in pendingNames where change.folder == folder { Self.apply(change, to: &durableNames) }
        pendingNames.removeAll { $0.folder == folder }
    }

    /// Puts a file there that lasts.
    mutating func place(_ content: [UInt8], at path: String) {
        files.append(File(content: content, durable: content))
        names[path] = files.count - 1
        durableNames[path] = files.count - 1
    }

    // Power cuts.

    /// The pages of a file that a power cut may lose.
    private static func unsynchronizedPages(of file: File, pageBytes: Int) -> [Range<Int>] {
        stride(from: 0, to: file.content.count, by: pageBytes).compactMap { start in
            let page = start..<min(start + pageBytes, file.content.count)
            return page.upperBound <= file.durable.count && file.content[page] == file.durable[page] ? nil : page
        }
    }

    /// How many things a power cut may lose or keep: names, pages, and the sizes of files.
    func choices(pageBytes: Int) -> Int {
        let pages = files.map { Self.unsynchronizedPages(of: $0, pageBytes: pageBytes).count }
        return pendingNames.count + pages.reduce(0, +) + pages.count { $0 > 0 }
    }

    /// What is there after a power cut that keeps of these things what is said. A page that is lost is what it was, or zeros.
    func cut(keeping isKept: [Bool], pageBytes: Int) -> DiskState {
        var (kept, state) = (isKept[...], DiskState())
        state.durableNames = durableNames
        for change in pendingNames where kept.removeFirst() { Self.apply(change, to: &state.durableNames) }
        state.names = state.durableNames
        state.files = files.map { file in
            let pages = Self.unsynchronizedPages(of: file, pageBytes: pageBytes)
            if pages.isEmpty { return File(content: file.durable, durable: file.durable, written: file.written) }
            var content = file.durable + [UInt8](repeating: 0, count: max(0, file.content.count - file.durable.count))
            var byteCount = file.durable.count
            for page in pages where kept.removeFirst() {
                content.replaceSubrange(page, with: file.content[page])
                byteCount = max(byteCount, page.upperBound)
            }
            if !kept.removeFirst() { content.removeLast(content.count - byteCount) }
            return File(content: content, durable: content, written: file.written)
        }
        return state
    }
}

/// The disk, as the program calls it. Not thread-safe.
final class SimulatedDisk: FileSystem, @unchecked Sendable {
    /// What goes wrong: the call of that number, from 0, and, where it lasts, all after it.
    struct Fault {
        var call: Int
        var errorNumber: Int32
        var lasts: Bool
    }

    var state: DiskState
    var fault: Fault?
    private(set) var calls = 0
    /// What the disk was before each call, and in the middle of each write; noted when asked for.
    private(set) var history: [DiskState] = []
    var keepsHistory = false
    /// Called before each call, which fails when this does.
    var willCall: (_ operation: String, _ path: String) throws(StorageError) -> Void = { _, _ throws(StorageError) in }
    /// Milliseconds since the Unix epoch; nil: files have no age.
    var now: () -> Int64? = { nil }

    init(_ state: DiskState = DiskState()) { self.state = state }

    /// The names of images and what else there is, by bytes.
    var paths: [String] { state.names.keys.sorted() }

    func content(_ path: String) -> [UInt8]? { state.names[path].map { state.files[$0].content } }

    fileprivate func call(_ operation: String, _ path: String) throws(StorageError) {
        note()
        defer { calls += 1 }
        try willCall(operation, path)
        guard let fault, calls == fault.call || fault.lasts && calls > fault.call else { return }
        throw StorageError(operation: operation, path: path, errorNumber: fault.errorNumber)
    }

    fileprivate func note() {
        if keepsHistory { history.append(state) }
    }

    func createFolder(_ path: String) throws(StorageError) { try call("create the folder", path) }

    func create(_ path: String) throws(StorageError) -> any FileInWriting {
        try call("create", path)
        state.files.append(DiskState.File(written: now()))
        state.change(.init(folder: Folders.parent(of: path), added: [(path, state.files.count - 1)]))
        return SimulatedFile(disk: self, path: path, number: state.files.count - 1)
    }

    func open(_ path: String) throws(StorageError) -> any FileInReading {
        try call("open", path)
        guard let number = state.names[path] else { throw StorageError(operation: "open", path: path, errorNumber: ENOENT) }
        return SimulatedFile(disk: self, path: path, number: number)
    }

    func rename(_ path: String, to newPath: String) throws(StorageError) {
        try call("rename", path)
        let names = state.names(below: path)
        if names.isEmpty { throw StorageError(operation: "rename", path: path, errorNumber: ENOENT) }
        let moved = names.map { (newPath + $0.dropFirst(path.count), state.names[$0]!) }
        state.change(.init(folder: Folders.parent(of: path), removed: names, added: moved))
    }

    func remove(_ path: String) throws(StorageError) {
        try call("remove", path)
        state.change(.init(folder: Folders.parent(of: path), removed: state.names(below: path)))
    }

    func synchronizeFolder(_ path: String) throws(StorageError) {
        try call("fsync", path)
        state.synchronizeFolder(path)
    }

    func names(in path: String) throws(StorageError) -> [String] {
        try call("list the folder", path)
        let names = paths.filter { $0.hasPrefix(path + "/") }.map { $0.dropFirst(path.count + 1).prefix { $0 != "/" } }
        return Set(names).map(String.init).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    func isFolder(_ path: String) -> Bool { paths.contains { $0.hasPrefix(path + "/") } }

    func writtenMilliseconds(_ path: String) -> Int64? { state.names[path].flatMap { state.files[$0].written } }
}

private final class SimulatedFile: FileInWriting, FileInReading {
    private let disk: SimulatedDisk
    private let path: String
    private let number: Int

    init(disk: SimulatedDisk, path: String, number: Int) {
        self.disk = disk
        self.path = path
        self.number = number
    }

    /// A write that fails, or is cut, has written its first half.
    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageError) {
        do {
            try disk.call("write", path)
        } catch {
            disk.state.files[number].content += bytes.prefix(bytes.count / 2)
            throw error
        }
        disk.state.files[number].content += bytes.prefix(bytes.count / 2)
        disk.note()
        disk.state.files[number].content += bytes.dropFirst(bytes.count / 2)
    }

    func synchronizeData() throws(StorageError) {
        try disk.call("fdatasync", path)
        disk.state.files[number].durable = disk.state.files[number].content
    }

    func synchronize() throws(StorageError) {
        try disk.call("fsync", path)
        disk.state.files[number].durable = disk.state.files[number].content
    }

    func close() throws(StorageError) { try disk.call("close", path) }

    var byteCount: Int { disk.state.files[number].content.count }

    func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(StorageError) {
        try disk.call("read", path)
        let content = disk.state.files[number].content
        guard offset + target.count <= content.count else {
            throw StorageError(operation: "read", path: path, cause: "it ends before byte \(offset + target.count)")
        }
        content.withUnsafeBytes { target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset...].prefix(target.count))) }
    }
}
