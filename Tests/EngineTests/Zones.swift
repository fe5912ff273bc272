// Time zones of the tests, read from the system once.
import Campaigns
import Glibc

enum Zones {
    static let names = [
        "UTC", "Europe/Paris", "America/New_York", "Pacific/Apia", "America/Sao_Paulo", "America/Havana", "Australia/Lord_Howe",
    ]

    static let rules: [String: TimeZoneRules] = Dictionary(
        uniqueKeysWithValues: names.map { ($0, $0 == "UTC" ? .utc : TimeZoneRules(name: $0, tzif: contents("/usr/share/zoneinfo/\($0)"))!) }
    )

    private static func contents(_ path: String) -> [UInt8] {
        guard let file = fopen(path, "r") else { return [] }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}
