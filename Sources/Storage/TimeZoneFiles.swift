// Time zones of the system as bytes: TZif files of /usr/share/zoneinfo by IANA name, and the version of that data. What the bytes mean
// is for Campaigns to say.

import Glibc

/// The folder of time zone data. Reading it twice may give different data: an update of the package tzdata takes effect at once, so the
/// daemon reads each zone once and records `version` with its commits (contract §7).
public struct TimeZoneFiles: Sendable {
    /// Where the data lies.
    public let folder: String

    /// The largest file that is read, in bytes; the largest zone has about 4 KB.
    static let maximumBytes = 1 << 20

    public init(folder: String = "/usr/share/zoneinfo") {
        self.folder = folder
    }

    /// The TZif data of a zone by its IANA name, such as `Europe/Paris`.
    ///
    /// Nil when there is no such zone: the name is malformed or unknown, or what it names is no regular file that begins with "TZif".
    /// Throws when the zone is there but cannot be read.
    public func data(name: String) throws(StorageError) -> [UInt8]? {
        guard Self.isZoneName(name) else { return nil }
        let path = folder + "/" + name
        guard Folders.exists(path) else { return nil }
        let file = try OpenFile.reading(path)
        guard let size = try file.regularSize(), size <= Self.maximumBytes else { return nil }
        let bytes = try file.read(maximumBytes: Self.maximumBytes)
        return bytes.starts(with: Array("TZif".utf8)) ? bytes : nil
    }

    /// The names of all zones, sorted by bytes; none when the folder cannot be read.
    public var names: [String] {
        var found: [String] = []
        // Zones of countries with several lie two folders deep.
        func list(_ prefix: String, depth: Int) {
            guard let entries = try? Folders.names(in: folder + "/" + prefix) else { return }
            for entry in entries where Self.isZoneName(prefix + entry) {
                let name = prefix + entry
                if !Folders.isFolder(folder + "/" + name) { found.append(name) } else if depth < 4 { list(name + "/", depth: depth + 1) }
            }
        }
        list("", depth: 0)
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The version of the data, such as `2025b`; nil when the system does not say.
    public var version: String? {
        // tzdata.zi begins with "# version 2025b"; other systems have a file +VERSION with nothing else in it.
        if let line = firstLine(of: "tzdata.zi"), line.hasPrefix("# version ") { return Self.version(line.dropFirst(10)) }
        return firstLine(of: "+VERSION").flatMap { Self.version($0[...]) }
    }

    /// Whether the text can name a zone: parts of letters, digits, `_`, `+` and `-` between slashes, each beginning with a capital.
    /// That leaves out "..", absolute paths, and what else lies in the folder: `localtime`, `right/…` (which counts leap seconds). And
    /// `Factory`, the zone of a machine that nobody has set up.
    static func isZoneName(_ name: String) -> Bool {
        name.utf8.count <= 128 && name != "Factory"
            && name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.first, (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(first) else { return false }
                return part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
                    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
                    default: false
                    }
                }
            }
    }

    private func firstLine(of name: String) -> String? {
        guard let file = try? OpenFile.reading(folder + "/" + name), let bytes = try? file.read(maximumBytes: 256) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }

    private static func version(_ text: Substring) -> String? {
        let isPlain = text.utf8.allSatisfy { $0 > UInt8(ascii: " ") && $0 < 127 }
        return !text.isEmpty && isPlain && text.utf8.count <= 32 ? String(text) : nil
    }
}
