// Time zones as values: those of the system, of which a commit names the version (contract §7).
package import Campaigns
import Storage

/// Which time zones there are, what their rules are, and of which version of the data.
package struct TimeZones: Sendable {
    /// Empty when the data does not say.
    let version: String
    /// All zones.
    package let names: [String]
    /// The rules of a zone by its IANA name; nil if there is none.
    package let rules: @Sendable (String) -> TimeZoneRules?

    package init(version: String, names: [String], rules: @escaping @Sendable (String) -> TimeZoneRules?) {
        self.version = version
        self.names = names
        self.rules = rules
    }

    /// The system's.
    package static let system = TimeZones(version: TimeZoneFiles().version ?? "", names: TimeZoneFiles().names) { name in
        if name == "UTC" { return .utc }
        guard let bytes = try? TimeZoneFiles().data(name: name) else { return nil }
        return TimeZoneRules(name: name, tzif: bytes)
    }
}
