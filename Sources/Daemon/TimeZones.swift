// The system's time zones as values.
package import Campaigns
import Storage

package enum TimeZones {
    /// The version of the system's data; empty when it does not say.
    static var systemVersion: String { TimeZoneFiles().version ?? "" }

    /// All zones of the system.
    package static let names = TimeZoneFiles().names

    /// The rules of a zone by its IANA name; nil if there is none.
    @Sendable
    package static func system(_ name: String) -> TimeZoneRules? {
        if name == "UTC" { return .utc }
        guard let bytes = try? TimeZoneFiles().data(name: name) else { return nil }
        return TimeZoneRules(name: name, tzif: bytes)
    }
}
