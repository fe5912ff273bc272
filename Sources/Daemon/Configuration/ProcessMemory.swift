// What the system gives this process of memory, and how much of it is taken: control groups, limits of the process (getrlimit(2)), and what
// is resident. Cheap enough to be asked once a second; whoever can be run without the machine is given none (Surroundings.swift).
import Glibc
import Storage

/// The memory of this process as the system tells it.
package struct ProcessMemory: Sendable {
    /// What ends the process, or an allocation of it, when it takes more.
    struct Limit: Equatable {
        /// In bytes.
        var bytes: Int
        /// What says so: a key of the configuration, a file, a limit.
        var name: String
        /// How it is raised.
        var hint: String
        /// What of it is taken already, in bytes, by what counts there.
        var takenBytes: Int
    }

    /// Before the paths of the system, for tests.
    private let root: String

    package init(root: String = "") {
        self.root = root
    }

    private func text(_ path: String) -> String? { SystemText.read(root + path) }

    /// What of the process is in memory, in bytes; nil where the system does not say it.
    var residentBytes: Int? { pages(1) }

    /// A figure of /proc/self/statm: 0 is all its address space, 1 what is resident, 5 what it may write and is no file's.
    private func pages(_ place: Int) -> Int? {
        let figures = text("/proc/self/statm")?.split(separator: " ") ?? []
        return place < figures.count ? Int(figures[place].prefix { $0.isNumber }).map { $0 * Int(getpagesize()) } : nil
    }

    /// The smallest limit of the control groups that the process is in; nil when none has one.
    var groupLimit: Limit? {
        let found = groupFiles.compactMap { file in
            text(file).flatMap { Int($0.prefix { $0.isNumber }) }.map { (file: file, bytes: $0) }
        }
        // Version 1 says "none" as a number that no machine has.
        guard let least = found.filter({ $0.bytes < 1 << 60 }).min(by: { $0.bytes < $1.bytes }) else { return nil }
        return Limit(
            bytes: least.bytes, name: least.file, hint: "raise MemoryMax= of the unit, or the limit of the container",
            takenBytes: residentBytes ?? 0)
    }

    /// The files with the limits of its own group and of those above it, where they are usually mounted. A container sees its own as the
    /// root.
    private var groupFiles: [String] {
        var files: [String] = []
        for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let isFirst = parts[1].split(separator: ",").contains("memory")
            guard isFirst || parts[0] == "0" else { continue }
            let mount = isFirst ? "/sys/fs/cgroup/memory" : "/sys/fs/cgroup"
            let name = isFirst ? "memory.limit_in_bytes" : "memory.max"
            let folders = parts[2].split(separator: "/")
            for depth in (0...folders.count).reversed() {
                files.append(([Substring(mount)] + folders.prefix(depth) + [Substring(name)]).joined(separator: "/"))
            }
        }
        return files
    }

    /// Everything that bounds the process besides `memory`.
    var limits: [Limit] {
        var limits = groupLimit.map { [$0] } ?? []
        if let bytes = Self.limit(__rlimit_resource_t(RLIMIT_AS.rawValue)) {
            limits.append(
                Limit(
                    bytes: bytes, name: "RLIMIT_AS", hint: "raise LimitAS= of the unit (ulimit -v)",
                    takenBytes: (pages(0) ?? 0) + Self.stackBytes))
        }
        if let bytes = Self.limit(__rlimit_resource_t(RLIMIT_DATA.rawValue)) {
            limits.append(
                Limit(
                    bytes: bytes, name: "RLIMIT_DATA", hint: "raise LimitDATA= of the unit (ulimit -d)",
                    takenBytes: (pages(5) ?? 0) + Self.stackBytes))
        }
        return limits
    }

    /// Threads that a start has begun by the time it is ready, those of librdkafka's clients with them.
    private static let threads = 22

    /// What their stacks take, of which little is ever resident.
    private static var stackBytes: Int { threads * (limit(__rlimit_resource_t(RLIMIT_STACK.rawValue)) ?? 2 << 20) }

    private static func limit(_ kind: __rlimit_resource_t) -> Int? {
        var found = rlimit()
        guard getrlimit(kind, &found) == 0, found.rlim_cur < UInt(Int.max) else { return nil }
        return Int(found.rlim_cur)
    }
}

extension ProcessMemory {
    /// A start that would take more than it may get ends before it begins: it says what it needs, what there is, and what to raise. That
    /// is a matter of the configuration (exit code 64): nothing but a larger limit mends it, and another start alone does not.
    /// - Parameters:
    ///   - needed: what the state will take, beside what the process has taken, in bytes.
    ///   - what: whose state that is.
    ///   - memory: what the configuration says, in bytes.
    func requireRoom(for needed: Int, of what: String, memory: Int) throws(DaemonFailure) {
        let configured = Limit(bytes: memory, name: "memory", hint: "raise memory in the configuration", takenBytes: residentBytes ?? 0)
        for limit in limits + [configured] where limit.takenBytes + needed > limit.bytes {
            throw DaemonFailure(
                .configuration,
                """
                \(what) needs about \(SizeText.text(needed)) of memory beside the \(SizeText.text(limit.takenBytes)) that the process \
                takes, and \(limit.name) allows \(SizeText.text(limit.bytes))
                """, hint: limit.hint)
        }
    }
}
