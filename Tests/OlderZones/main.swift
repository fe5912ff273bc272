// A daemon that is right by older rules: time zones of another version of the data, in which Paris keeps the time of Greenwich. What it has
// committed, and its checkpoints, are what the daemon of today finds when it is started after an upgrade.
import Campaigns
import Daemon
import Storage

private let older = TimeZones(version: "1910a", names: TimeZones.system.names) { name in
    guard name == "Europe/Paris" else { return TimeZones.system.rules(name) }
    guard let bytes = try? TimeZoneFiles().data(name: "Africa/Abidjan") else { return nil }
    return TimeZoneRules(name: name, tzif: bytes)
}

exit(status: runDaemon(Array(CommandLine.arguments.dropFirst(2)), timeZones: older))
