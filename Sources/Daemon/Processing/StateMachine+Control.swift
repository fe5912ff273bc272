// Control events in the state machine: definitions that are published, stopped and deleted. Changes and time are committed before, and
// said; each is a commit of its own.
import Campaigns
import Engine
package import Wire

extension StateMachine {
    /// What the caller has to do for an event that is no definition.
    package enum ControlAction {
        case nothing
        case barrier(id: String, after: TopicOffsets)
        case clock(Int64)
    }

    /// Applies a control event, or refuses it, as a commit of its own; barriers and the clock are left to the caller.
    package func apply(_ event: Result<ControlEvent, ControlRefusal>, of record: InputRecord) -> ControlAction {
        precondition(!isEmitting, "what was decided is said before a control event")
        var publication = Publication(offset: record.offset, sequence: sequence + 1)
        defer { if summarizes { changed.publications.append(publication) } }
        do throws(ControlRefusal) {
            let event = try event.get()
            publication.type = event.type
            switch event {
            case .barrierRequested(let id, let after): return .barrier(id: id, after: after)
            case .clockAdvanced(let instant): return .clock(instant)
            case .schemaPublished(let definition):
                try publish(schema: definition)
                publication.schema = definition.text("name")
            case .campaignPublished(let definition):
                let campaign = try publish(campaign: definition)
                (publication.campaign, publication.version) = (campaign.id, campaign.version)
                past?.versions.note(
                    campaign.id,
                    CampaignVersions.Version(
                        number: campaign.version, offset: record.offset, sequence: sequence, clock: engine.clock))
            case .campaignStopped(let id):
                (publication.campaign, publication.version) = (id, engine.campaign(id)?.version)
                try stop(campaign: id)
            case .campaignDeleted(let id):
                (publication.campaign, publication.version) = (id, engine.campaign(id)?.version)
                try delete(campaign: id)
            }
        } catch {
            refuse(error, record)
            publication.problems = error.problems
            // What is refused may name itself at any length; of a publication that is kept in memory a name is one that could be.
            if case .rejected(let isSchema, let subject?, _) = error, subject.utf8.count <= Limits.keyTextBytes {
                if isSchema { publication.schema = subject } else { publication.campaign = subject }
            }
        }
        return .nothing
    }

    private func refuse(_ refusal: ControlRefusal, _ record: InputRecord) {
        switch refusal {
        case .unreadable(let refusal):
            refuse(record, origin: .control, refusal)
        case .rejected(let isSchema, let subject, let problems):
            rejected += 1
            begin()
            note(isSchema ? .schema : .campaign, subject ?? "", .rejected(problems: problems.count))
            encoder.encode(rejected: subject, isSchema: isSchema, problems: problems, into: output)
            refuse(record, origin: .control, Refusal(.rejected, StateMachine.reason(problems)))
        }
    }

    /// All problems in one text; the event has each of them, this the first of many.
    private static func reason(_ problems: [Problem]) -> String {
        let maximum = 50
        var parts = problems.prefix(maximum).map { problem in
            (problem.path.isEmpty ? "" : "\(problem.path): ") + problem.message + (problem.hint.map { " (\($0))" } ?? "")
        }
        if problems.count > maximum { parts.append("and \(problems.count - maximum) more problems") }
        return parts.joined(separator: "; ")
    }

    private func publish(schema definition: JSON) throws(ControlRefusal) {
        let before = definition.text("name").flatMap(catalog.schema)
        let (schema, problems) = catalog.publish(definition)
        guard let schema else {
            throw .rejected(isSchema: true, subject: definition.text("name"), problems: problems)
        }
        if schema != before { definitions.take(schema: definition) }
        changed.schemas.insert(schema.name)
        engine.publish(schema: schema)
        changes.publish(schema, table: catalog.place(of: schema.name))
        begin()
        encoder.encode(liveSchema: schema.name, into: output)
        note(.schema, schema.name, .done("published", version: nil))
    }

    /// Everything that is against publishing a campaign now.
    func problems(ofCampaign definition: JSON) -> [Problem] {
        do throws(ControlRefusal) {
            _ = try publishable(definition)
            return []
        } catch {
            return error.problems
        }
    }

    /// The same of a schema.
    func problems(ofSchema definition: JSON) -> [Problem] {
        var copy = catalog
        return copy.publish(definition).problems
    }

    /// A campaign against which nothing is, with what it is published with.
    struct PublishableCampaign {
        let campaign: Campaign
        let zone: TimeZoneRules
        /// Those that its expressions name.
        let otherZones: [TimeZoneRules]
        let warnings: [Problem]
    }

    /// Reads a campaign that is to be published now; throws everything that is against it.
    func publishable(_ definition: JSON) throws(ControlRefusal) -> PublishableCampaign {
        // Its own zone, and those its expressions name.
        var asked: [TimeZoneRules] = []
        let (read, problems, warnings) = readCampaign(
            definition, catalog: catalog, audiences: engine.registry, zoneNames: zoneNames
        ) { name in
            let rules = zone(name)
            if let rules { asked.append(rules) }
            return rules
        }
        guard let campaign = read, let rules = zone(campaign.timezone) else {
            throw .rejected(isSchema: false, subject: definition.text("id"), problems: problems)
        }
        let conflicts = engine.problems(of: campaign)
        guard conflicts.isEmpty else { throw .rejected(isSchema: false, subject: campaign.id, problems: conflicts) }
        return PublishableCampaign(campaign: campaign, zone: rules, otherZones: asked, warnings: warnings)
    }

    /// Returns the campaign's id and version.
    private func publish(campaign definition: JSON) throws(ControlRefusal) -> (id: String, version: Int) {
        let found = try publishable(definition)
        let campaign = found.campaign
        begin()
        let version = engine.publish(campaign, zone: found.zone, otherZones: found.otherZones, into: difference)
        encodeDifference()
        definitions.take(campaign: campaign.id, definition)
        changed.campaigns.insert(campaign.id)
        for save in campaign.saves { attributes[save.audience] = save.attributes.map(SnapshotColumn.init) }
        encoder.encode(campaign: campaign.id, version: version, type: "campaign.live", warnings: found.warnings, into: output)
        note(.campaign, campaign.id, .done("published", version: version))
        return (campaign.id, version)
    }

    private func stop(campaign id: String) throws(ControlRefusal) {
        let version = try liveVersion(of: id)
        begin()
        engine.stop(campaign: id)
        changed.campaigns.insert(id)
        encoder.encode(campaign: id, version: version, type: "campaign.stopped", into: output)
        note(.campaign, id, .done("stopped", version: version))
    }

    private func delete(campaign id: String) throws(ControlRefusal) {
        let version = try liveVersion(of: id)
        begin()
        engine.delete(campaign: id, into: difference)
        definitions.forget(campaign: id)
        past?.versions.forget(id)
        changed.campaigns.insert(id)
        encodeDifference()
        encoder.encode(campaign: id, version: version, type: "campaign.deleted", into: output)
        note(.campaign, id, .done("deleted", version: version))
    }

    private func liveVersion(of id: String) throws(ControlRefusal) -> Int {
        guard let campaign = engine.campaign(id) else {
            throw .rejected(isSchema: false, subject: id, problems: [Problem(path: "campaignId", message: "no such campaign")])
        }
        return campaign.version
    }
}

extension ControlRefusal {
    /// What people are told.
    var problems: [Problem] {
        switch self {
        case .unreadable(let refusal): [Problem(path: "", message: refusal.reason)]
        case .rejected(_, _, let problems): problems
        }
    }
}
