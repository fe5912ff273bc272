// What is wrong with the definitions in some files: each checked as a publish would check it, schemas first, then campaigns in the order
// given, against the schemas and against each other.
import Campaigns
import Wire

/// The outcome of all files.
struct Validation {
    /// Problems and warnings, by definition.
    private(set) var findings: [FoundProblem] = []
    var problems: [FoundProblem] { findings.filter { $0.severity == .error } }
    var warnings: [FoundProblem] { findings.filter { $0.severity == .warning } }
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
    private let zoneNames: [String]
    /// Problems and warnings by the place of their definition among all.
    private var found: [Int: [FoundProblem]] = [:]

    init(of definitions: [GivenDefinition], zoneNames: [String] = [], zones: @escaping (String) -> TimeZoneRules?) {
        self.zones = zones
        self.zoneNames = zoneNames
        var later: [(place: Int, event: ControlEvent)] = []
        for (place, definition) in definitions.enumerated() {
            switch read(definition, place) {
            case .schemaPublished(let schema)?: check(schema: schema, definition, place)
            case let event?: later.append((place, event))
            case nil: break
            }
        }
        for (place, event) in later { check(event, definitions[place], place) }
        findings = found.sorted { $0.key < $1.key }.flatMap(\.value)
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
            let (problems, warnings) = problems(of: campaign)
            report(problems, definition, place, kind: "campaign", subject: campaign.text("id"), warnings: warnings)
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

    private mutating func problems(of definition: JSON) -> (problems: [Problem], warnings: [Problem]) {
        if case .string(let id)? = definition["id"] { published.insert(id) }
        let (campaign, problems, warnings) = readCampaign(
            definition, catalog: catalog, audiences: registry, zoneNames: zoneNames, zones: zones)
        guard let campaign else { return (problems, warnings) }
        let conflicts = registry.problems(of: campaign)
        if conflicts.isEmpty { registry.take(campaign) }
        return (conflicts, warnings)
    }

    private mutating func report(
        _ problems: [Problem], _ definition: GivenDefinition, _ place: Int, kind: String?, subject: String?, warnings: [Problem] = []
    ) {
        if problems.isEmpty, warnings.isEmpty { return }
        switch kind {
        case _ where problems.isEmpty: break
        case "schema": wrongSchemas += 1
        case "campaign": wrongCampaigns += 1
        default: wrongOthers += 1
        }
        func finding(_ severity: FoundProblem.Severity, _ problem: Problem) -> FoundProblem {
            FoundProblem(
                severity: severity, file: definition.file, line: definition.line, kind: kind, definition: subject, problem: problem)
        }
        found[place] = problems.map { finding(.error, $0) } + warnings.map { finding(.warning, $0) }
    }
}
