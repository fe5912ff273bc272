// What commits have changed of audiences, campaigns and schemas since it was taken last, and the entries of lists made of it.
import Campaigns
import Engine
import Wire

/// Noted by the state machine.
struct ChangedParts {
    /// The last update of each, by number.
    var audiences: [Int: Difference.Update] = [:]
    /// By number.
    var retired: Set<Int> = []
    /// By id.
    var campaigns: Set<String> = []
    /// By name.
    var schemas: Set<String> = []
    /// What control events have done.
    var publications: [Publication] = []
}

extension StateMachine {
    /// What has changed since the last call, as of the last commit.
    func takeChange() -> CommittedChange {
        var change = CommittedChange(sequence: sequence, clock: engine.clock)
        for (number, update) in changed.audiences { change.audiences[number] = entry(ofAudience: number, update) }
        for number in changed.retired where change.audiences[number] == nil { change.audiences[number] = entry(ofAudience: number, nil) }
        for id in changed.campaigns { change.campaigns[id] = .some(entry(ofCampaign: id)) }
        change.publications = changed.publications
        for name in changed.schemas { change.schemas[name] = definition(ofSchema: name) }
        changed = ChangedParts()
        return change
    }

    /// All there is.
    func summary() -> CommittedChange {
        changed = ChangedParts()
        var change = CommittedChange(sequence: sequence, clock: engine.clock, isWhole: true)
        for number in 0..<engine.audienceCount { change.audiences[number] = entry(ofAudience: number, nil) }
        for id in engine.campaigns { change.campaigns[id] = .some(entry(ofCampaign: id)) }
        for schema in engine.schemas { change.schemas[schema.name] = definition(ofSchema: schema.name) }
        return change
    }

    private func entry(ofAudience number: Int, _ update: Difference.Update?) -> AudienceEntry {
        let state = engine.audience(number)
        return AudienceEntry(
            id: state.id, label: state.label, namespace: state.namespace, campaign: state.campaign,
            campaignVersion: state.campaignVersion, size: state.size - (update?.membersWaiting ?? 0),
            rows: state.rows - (update?.rowsWaiting ?? 0), rejected: state.rejected, isRetired: state.isRetired,
            isComplete: update?.isComplete ?? true, lastSequence: lastChanges[number] ?? 0, lastClock: lastChangeClocks[number],
            attributes: attributes[state.id] ?? [])
    }

    private func entry(ofCampaign id: String) -> CampaignEntry? {
        guard let state = engine.campaign(id) else { return nil }
        let writer = ExpressionWriter { [catalog] in catalog.schema(named: $0) }
        return CampaignEntry(
            campaign: state.campaign, version: state.version, isStopped: state.isStopped, definition: definitions.campaigns[id]?.text ?? [],
            words: writer.words(of: state.campaign), lastSequence: sequence)
    }

    /// The last that was accepted: an extension says all of it again.
    private func definition(ofSchema name: String) -> [UInt8] {
        definitions.schemas.last { JSON(text: $0)?.text("name") == name } ?? []
    }
}

extension JSON {
    /// Reads text that was canonical JSON when it was written; nil when it is none.
    init?(text: [UInt8]) {
        // The parser reads ahead.
        let padded = text + [UInt8](repeating: 0, count: 64)
        let found = padded.withUnsafeBytes { JSONReader().tree(UnsafeRawBufferPointer(rebasing: $0[..<text.count])) }
        guard let found else { return nil }
        self = found
    }
}
