// What is wrong with the definitions in some files: each checked as a publish would check it, schemas first, then campaigns in the order
// given, against the schemas and against each other.
import Campaigns
import Wire

/// One problem, and where it was found.
struct FoundProblem {
    /// The file, as it was named.
    var file: String
    /// The line, counted from 1: of the definition, where a file has one on each line; of the fault, where the text is no JSON.
    var line: Int?
    /// Bytes into the line, counted from 1, and into the file, counted from 0, of what is no JSON.
    var fault: (column: Int, byte: Int)?
    /// "campaign" or "schema"; nil for what is neither.
    var kind: String?
    /// The id of the campaign or the name of the schema, as far as it can be read.
    var definition: String?
    var problem: Problem
}

/// The outcome of all files.
struct Validation {
    private(set) var problems: [FoundProblem] = []
    private(set) var schemas = 0
    private(set) var wrongSchemas = 0
    private(set) var campaigns = 0
    private(set) var wrongCampaigns = 0
    /// Definitions that are neither, and are wrong.
    private(set) var wrongOthers = 0

    private var catalog = Catalog()
    private var registry = AudienceRegistry()
    private var published: Set<String> = []
    private let control = ControlDecoder()
    private let zones: (String) -> TimeZoneRules?
    /// Problems by the place of their definition among all.
    private var found: [Int: [FoundProblem]] = [:]

    init(of definitions: [GivenDefinition], zones: @escaping (String) -> TimeZoneRules?) {
        self.zones = zones
        var later: [(place: Int, event: ControlEvent)] = []
        for (place, definition) in definitions.enumerated() {
            switch read(definition, place) {
            case .schemaPublished(let schema)?: check(schema: schema, definition, place)
            case let event?: later.append((place, event))
            case nil: break
            }
        }
        for (place, event) in later { check(event, definitions[place], place) }
        problems = found.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    private mutating func read(_ definition: GivenDefinition, _ place: Int) -> ControlEvent? {
        switch definition.content {
        case .schema(let schema): return .schemaPublished(schema)
        case .campaign(let campaign): return .campaignPublished(campaign)
        case .event(let event): return read(event: event, definition, place)
        case .unknown(let problem): report([problem], definition, place, kind: nil, subject: nil)
        case .malformed(let reason, let fault):
            let message = fault.map { "malformed JSON at byte \($0.byte): \($0.message)" } ?? reason
            wrongOthers += 1
            found[place] = [
                FoundProblem(
                    file: definition.file, line: fault?.line ?? definition.line, fault: fault.map { ($0.column, $0.byte) },
                    problem: Problem(path: "", message: message))
            ]
        }
        return nil
    }

    private mutating func read(event: JSON, _ definition: GivenDefinition, _ place: Int) -> ControlEvent? {
        do throws(ControlRefusal) {
            return try control.read(event)
        } catch {
            switch error {
            case .unreadable(let refusal):
                report([Problem(path: "", message: refusal.reason)], definition, place, kind: nil, subject: nil)
            case .rejected(let isSchema, let subject, let problems):
                if isSchema { schemas += 1 } else { campaigns += 1 }
                report(problems, definition, place, kind: isSchema ? "schema" : "campaign", subject: subject)
            }
            return nil
        }
    }

    private mutating func check(schema: JSON, _ definition: GivenDefinition, _ place: Int) {
        schemas += 1
        report(catalog.publish(schema).problems, definition, place, kind: "schema", subject: schema.text("name"))
    }

    private mutating func check(_ event: ControlEvent, _ definition: GivenDefinition, _ place: Int) {
        switch event {
        case .campaignPublished(let campaign):
            campaigns += 1
            report(problems(of: campaign), definition, place, kind: "campaign", subject: campaign.text("id"))
        case .campaignStopped(let id), .campaignDeleted(let id):
            guard published.contains(id) else {
                let problem = Problem(path: "campaignId", message: "no such campaign", hint: "none of the files publishes it before")
                report([problem], definition, place, kind: nil, subject: id)
                return
            }
            if case .campaignStopped = event {
                registry.stop(campaign: id)
            } else {
                registry.delete(campaign: id)
                published.remove(id)
            }
        case .schemaPublished, .barrierRequested, .clockAdvanced: break
        }
    }

    private mutating func problems(of definition: JSON) -> [Problem] {
        if case .string(let id)? = definition["id"] { published.insert(id) }
        let (campaign, problems) = readCampaign(definition, catalog: catalog, zones: zones)
        guard let campaign else { return problems }
        let conflicts = registry.problems(of: campaign)
        if conflicts.isEmpty { registry.take(campaign) }
        return conflicts
    }

    private mutating func report(_ problems: [Problem], _ definition: GivenDefinition, _ place: Int, kind: String?, subject: String?) {
        if problems.isEmpty { return }
        switch kind {
        case "schema": wrongSchemas += 1
        case "campaign": wrongCampaigns += 1
        default: wrongOthers += 1
        }
        found[place] = problems.map {
            FoundProblem(file: definition.file, line: definition.line, kind: kind, definition: subject, problem: $0)
        }
    }
}
