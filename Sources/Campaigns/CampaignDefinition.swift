// Reading the `campaign` of `campaign.published` (contract §2.2): the campaign as a whole. What each activity says of itself is read
// in ActivityReader.swift.

/// Reads a campaign. It is nil exactly when there are problems, all of which are reported; what hangs on a broken activity is not
/// blamed for it.
///
/// Warnings tell what is accepted but hardly meant.
///
/// - Parameters:
///   - audiences: who writes the audiences that it may read.
///   - zoneNames: all time zones, for hints.
///   - zones: the rules of a time zone by its IANA name; nil when there is none of that name.
public func readCampaign(
    _ definition: JSON, catalog: Catalog, audiences: AudienceRegistry = AudienceRegistry(), zoneNames: [String] = [],
    zones: (String) -> TimeZoneRules?
) -> (campaign: Campaign?, problems: [Problem], warnings: [Problem]) {
    withoutActuallyEscaping(zones) { zones in
        readCampaign(
            definition, catalog: catalog, audiences: audiences,
            timeZones: TimeZoneNames(names: zoneNames, isKnown: { zones($0) != nil }))
    }
}

private func readCampaign(
    _ definition: JSON, catalog: Catalog, audiences: AudienceRegistry, timeZones: TimeZoneNames
) -> (campaign: Campaign?, problems: [Problem], warnings: [Problem]) {
    let problems = ProblemList()
    let reader = DefinitionReader(definition, path: "", problems: problems)
    reader.ignoreSchemaReference()
    let id = reader.identifier("id")
    let name = reader.text("name", isRequired: false)
    let timezone = readTimezone(reader, timeZones)
    let startAt = reader.instant("startAt")
    let endAt = reader.instant("endAt")
    if let startAt, let endAt, startAt >= endAt { reader.problem("endAt", "must be after startAt") }
    let items = reader.children("activities", atLeast: 1)
    reader.close()

    let channels = items.count { $0.peek("type") == .string(ActivityType.channel.rawValue) }
    if items.count > Limits.activities || channels > Limits.channelActivities {
        problems.add(
            "activities", "at most \(Limits.activities) activities and \(Limits.channelActivities) channel activities are allowed")
    }
    // What is beyond the bound is not read, so that a hostile definition costs no more than its size.
    guard items.count <= Limits.activities else { return (nil, problems.problems, []) }

    var activities = ActivityReader(
        items, catalog: catalog, campaign: id ?? "", timezone: timezone, timeZones: timeZones, audiences: audiences,
        problems: problems)
    activities.read()
    guard problems.isEmpty, let id else { return (nil, problems.problems, problems.warnings) }
    let campaign = Campaign(
        id: id, name: name ?? id, timezone: timezone, startAt: startAt, endAt: endAt, activities: activities.activities,
        definitions: activities.definitions)
    return (campaign, [], problems.warnings)
}

/// The IANA name, UTC when there is none.
private func readTimezone(_ reader: DefinitionReader, _ timeZones: TimeZoneNames) -> String {
    let absent = TimeZoneRules.utc.name
    guard let name = reader.text("timezone", isRequired: false) else { return absent }
    guard let mistake = timeZones.mistake(in: name) else { return name }
    reader.problem("timezone", mistake.message, hint: mistake.hint)
    return absent
}
