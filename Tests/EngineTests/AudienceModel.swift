// A plain model of who writes which audience and who is in it (semantics §4, decisions 1, 6, 50–56): every commit evaluates every campaign
// anew and keeps what each gives to an audience apart. It shares nothing with the engine but the words.
import Campaigns

struct AudienceModel {
    /// A row of either table.
    struct Person {
        var email: String?
        var phone: String?
        var number: Int64
        var seen: Int64
    }

    /// Where an attribute comes from.
    enum Source: Equatable {
        case number, id
        case text(String)
    }

    enum Mode: Equatable {
        case mirror, append
        /// Replaced at publish, and every so many seconds after it.
        case frozen(every: Int64?)
    }

    struct Save {
        var audience: String
        var label: String
        var table: Int
        var least: Int64
        /// Seen within so many seconds.
        var window: Int64?
        var namespace: String
        var ifExists: IfExists
        var attributes: [(name: String, source: Source)]
        var mode = Mode.mirror
    }

    struct Definition {
        var id: String
        var startAt: Int64?
        var endAt: Int64?
        var saves: [Save]
    }

    struct Held: Equatable {
        var rows: Int
        /// As JSON, in the order of the save.
        var values: [String]
        var names: [String]

        var attributes: String { "{\(zip(names, values).map { "\"\($0)\":\($1)" }.joined(separator: ","))}" }
    }

    /// What append and frozen remember.
    struct Remembered {
        var save: Save
        var members: [String: Held]
        var published: Int64
        var seen: Int64
    }

    /// What a campaign gives to an audience.
    struct Given {
        var save: Save
        var version: Int
        var members: [String: Held] = [:]
        var rejected = 0
    }

    var clock: Int64
    var tables: [[String: Person]] = [[:], [:]]
    var definitions: [String: Definition] = [:]
    var versions: [String: Int] = [:]
    var stopped: Set<String> = []
    /// Campaign ids, the one that went live first first.
    var order: [String] = []
    /// By audience and campaign.
    var given: [String: [String: Given]] = [:]
    /// By campaign and audience.
    private(set) var remembered: [String: [String: Remembered]] = [:]
    /// Campaigns whose version was not evaluated yet.
    private(set) var publishing: Set<String> = []

    // Evaluation.

    private func evaluate(_ save: Save) -> (members: [String: Held], rejected: Int) {
        var ids: [String: [String]] = [:]
        var rejected = 0
        for (id, person) in tables[save.table] where person.number >= save.least {
            if let window = save.window, person.seen < clock - window * 1000 { continue }
            let identity = (save.namespace == "Email" ? person.email : person.phone) ?? ""
            if identity.isEmpty { rejected += 1 } else { ids[identity, default: []].append(id) }
        }
        let members = ids.mapValues { ids in
            let lowest = ids.min { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }!
            let values = save.attributes.map { _, source in
                switch source {
                case .number: "\(tables[save.table][lowest]!.number)"
                case .id: "\"\(lowest)\""
                case .text(let text): "\"\(text)\""
                }
            }
            return Held(rows: ids.count, values: values, names: save.attributes.map(\.name))
        }
        return (members, rejected)
    }

    /// A commit: every campaign that is not stopped is evaluated. Nobody before its start; after its end what there was stays.
    mutating func commit() {
        for (campaign, definition) in definitions where !stopped.contains(campaign) {
            if let end = definition.endAt, clock >= end { continue }
            let isScheduled = definition.startAt.map { clock < $0 } ?? false
            for save in definition.saves {
                if isScheduled, save.mode != .mirror { continue }
                let (found, rejected) = isScheduled ? ([:], 0) : evaluate(save)
                let members = isScheduled ? [:] : followed(save, of: campaign, found)
                // One who lost the audience goes on remembering.
                guard given[save.audience]?[campaign] != nil else { continue }
                given[save.audience]![campaign]!.members = members
                given[save.audience]![campaign]!.rejected = rejected
            }
            if !isScheduled { publishing.remove(campaign) }
        }
    }

    /// What a save makes of its population.
    private mutating func followed(_ save: Save, of campaign: String, _ found: [String: Held]) -> [String: Held] {
        let was = remembered[campaign]?[save.audience]
        var now = Remembered(save: save, members: found, published: clock, seen: clock)
        switch save.mode {
        case .mirror: return found
        case .append: now.members = (was?.members ?? [:]).merging(found) { $1 }
        case .frozen(let seconds):
            guard let was, !publishing.contains(campaign) else { break }
            now.published = was.published
            let every = seconds.map { $0 * 1000 }
            let isDue = every.map { was.published + ((was.seen - was.published) / $0 + 1) * $0 <= clock } ?? false
            if !isDue { now.members = was.members }
        }
        remembered[campaign, default: [:]][save.audience] = now
        return now.members
    }

    /// What is remembered goes to a new version: the members of an append, with the attributes that keep name and type.
    private mutating func keep(_ definition: Definition) {
        var kept: [String: Remembered] = [:]
        for save in definition.saves where save.mode == .append {
            guard var was = remembered[definition.id]?[save.audience], was.save.mode == .append, was.save.namespace == save.namespace else {
                continue
            }
            let former = was.save.attributes
            func isNumber(_ source: Source) -> Bool { source == .number }
            was.members = was.members.mapValues { held in
                let values = save.attributes.map { name, source in
                    let place = former.firstIndex { $0.name == name && isNumber($0.source) == isNumber(source) }
                    return place.map { held.values[$0] } ?? "null"
                }
                return Held(rows: held.rows, values: values, names: save.attributes.map(\.name))
            }
            was.save = save
            kept[save.audience] = was
        }
        remembered[definition.id] = kept
    }

    /// The instants at which a commit must be made on the clock's way.
    func stops(until instant: Int64) -> [Int64] {
        var stops: Set<Int64> = []
        for definition in definitions.values where !stopped.contains(definition.id) {
            if let start = definition.startAt, clock < start, start <= instant { stops.insert(start) }
            if let end = definition.endAt, clock < end, end <= instant { stops.insert(end - 1) }
        }
        return stops.sorted()
    }

    // Audiences.

    /// Those who give to an audience, first published first.
    func givers(_ audience: String) -> [(campaign: String, given: Given)] {
        order.compactMap { campaign in given[audience]?[campaign].map { (campaign, $0) } }
    }

    func members(_ audience: String) -> [String: Held] {
        var all: [String: Held] = [:]
        for (_, what) in givers(audience) {
            for (identity, held) in what.members {
                var sum = all[identity] ?? held
                sum.rows = (all[identity]?.rows ?? 0) + held.rows
                all[identity] = sum
            }
        }
        return all
    }

    // Definitions.

    /// The paths at which a publish is refused.
    func refusals(_ definition: Definition) -> Set<String> {
        var paths: Set<String> = []
        func type(_ source: Source) -> String { source == .number ? "integer" : "string" }
        for (place, save) in definition.saves.enumerated() {
            let path = "activities[\(place + 1)]"
            for (campaign, other) in givers(save.audience) where campaign != definition.id {
                let isLive = !stopped.contains(campaign)
                if save.ifExists == .fail && isLive { paths.insert("\(path).audience.id") }
                if save.ifExists != .merge { continue }
                if other.save.ifExists != .merge {
                    if isLive { paths.insert("\(path).audience.id") }
                    continue
                }
                if other.save.namespace != save.namespace { paths.insert("\(path).identity.namespace") }
                for mine in save.attributes {
                    for its in other.save.attributes where its.name == mine.name && type(its.source) != type(mine.source) {
                        paths.insert("\(path).attributes")
                    }
                }
            }
            for (audience, givers) in given where audience != save.audience {
                for (campaign, other) in givers
                where campaign != definition.id && !stopped.contains(campaign) && other.save.label == save.label {
                    paths.insert("\(path).audience.label")
                }
            }
        }
        return paths
    }

    mutating func publish(_ definition: Definition) {
        let id = definition.id
        if !order.contains(id) { order.append(id) }
        versions[id, default: 0] += 1
        stopped.remove(id)
        keep(definition)
        publishing.insert(id)
        definitions[id] = definition
        let wanted = Set(definition.saves.map(\.audience))
        for audience in given.keys where !wanted.contains(audience) { drop(id, from: audience) }
        for save in definition.saves {
            let before = given[save.audience]?[id]
            var others = given[save.audience] ?? [:]
            others[id] = nil
            if save.ifExists != .merge { others = [:] }
            others = others.filter { $0.value.save.ifExists == .merge }
            var own = Given(save: save, version: versions[id]!)
            if let before, before.save.namespace == save.namespace { (own.members, own.rejected) = (before.members, before.rejected) }
            let isCompleted = definition.endAt.map { clock >= $0 } ?? false
            if save.mode == .mirror, !isCompleted { (own.members, own.rejected) = ([:], 0) }
            others[id] = own
            given[save.audience] = others
        }
        commit()
    }

    mutating func delete(_ id: String) {
        for audience in given.keys { drop(id, from: audience) }
        order.removeAll { $0 == id }
        versions[id] = nil
        definitions[id] = nil
        stopped.remove(id)
        remembered[id] = nil
    }

    private mutating func drop(_ id: String, from audience: String) {
        given[audience]![id] = nil
        if given[audience]!.isEmpty { given[audience] = nil }
    }
}
