// What the figures depend on: the machine, the toolchain, and the memory of processes, all as the kernel tells it.
import Campaigns
import Daemon
import Glibc

func environment(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
}

enum Machine {
    static func report() -> Report {
        var kernel = utsname()
        uname(&kernel)
        let release = withUnsafeBytes(of: kernel.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        var report = Report("machine", parameters: [])
        report.add("cores", .count(sysconf(Int32(_SC_NPROCESSORS_ONLN))))
        report.add("cpu", .string(field("model name", of: "/proc/cpuinfo") ?? "unknown"))
        report.add("memoryBytes", .count((kilobytes("MemTotal", of: "/proc/meminfo") ?? 0) * 1024))
        report.add("kernel", .string(release))
        report.add("compiler", .string(compiler))
        report.add("optimized", .boolean(isOptimized))
        return report
    }

    /// The language version that the benchmark was compiled by, as far as code can tell.
    private static var compiler: String {
        #if compiler(>=6.3)
            "Swift 6.3 or later"
        #elseif compiler(>=6.2)
            "Swift 6.2"
        #elseif compiler(>=6.1)
            "Swift 6.1"
        #else
            "Swift 6.0"
        #endif
    }

    /// Processes that wanted a processor, on average of the last minute.
    static var load: Double { Double(text(of: "/proc/loadavg").prefix { $0 != " " }) ?? 0 }

    static var isOptimized: Bool {
        var isDebug = false
        assert(
            {
                isDebug = true; return true
            }())
        return !isDebug
    }

    /// Anonymous resident memory of a process in bytes, which leaves out mapped input files; nil when there is no such process.
    static func anonymousBytes(of process: pid_t = getpid()) -> Int? {
        kilobytes("RssAnon", of: "/proc/\(process)/status").map { $0 * 1024 }
    }

    private static func kilobytes(_ name: String, of file: String) -> Int? {
        field(name, of: file).flatMap { Int($0.prefix { $0 != " " }) }
    }

    /// The value of a line `name: value`.
    private static func field(_ name: String, of file: String) -> String? {
        for line in text(of: file).split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...]
            return String(value.drop { $0 == " " || $0 == "\t" })
        }
        return nil
    }

    /// Files of the kernel say no size.
    static func text(of file: String) -> String {
        guard let stream = fopen(file, "r") else { return "" }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&part, 1, part.count, stream)
            if count == 0 { return String(decoding: bytes, as: UTF8.self) }
            bytes += part[..<count]
        }
    }
}
