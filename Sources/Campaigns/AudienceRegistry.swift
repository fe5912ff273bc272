// Who writes which audience, in which order, and what is against a campaign that wants to (contract §2.2, semantics §4, decisions 1, 52,
// 53, 55). Several campaigns write one audience only if all of them merge. Who reads them is in AudienceReaders.swift, in which order that
// settles in AudienceStrata.swift. A publish looks at what it names, and at who writes or reads that: never at all there is.

/// The writers and readers of all audiences. A value: a publish can be tried on a copy.
public struct AudienceRegistry: Sendable {
    /// A campaign that writes an audience.
    public struct Writer: Equatable, Sendable {
        /// The id of the campaign that writes.
        public var campaign: String
        /// The audience's label, unique among live campaigns.
        public var label: String
        /// Of the members' identities.
        public var namespace: String
        /// The types of the attributes by name.
        public var columns: [String: ValueType]
        /// What it does with an audience that is there already.
        public var ifExists: IfExists
        /// What a stopped campaign wrote stays as it was, frozen, but is free for others to take; so is its label.
        public var isStopped: Bool

        public init(
            campaign: String, label: String, namespace: String, columns: [String: ValueType], ifExists: IfExists, isStopped: Bool
        ) {
            self.campaign = campaign
            self.label = label
            self.namespace = namespace
            self.columns = columns
            self.ifExists = ifExists
            self.isStopped = isStopped
        }
    }

    /// By audience id; of one audience the campaign that went live first comes first.
    private var writers: [String: [Writer]] = [:]
    /// The audiences that each campaign writes.
    private var written: [String: Set<String>] = [:]
    /// The audiences that live campaigns write, by label.
    private var labelled: [String: Set<String>] = [:]
    /// Who reads them.
    var readers = AudienceReaders()
    /// In which order they settle.
    var strata = AudienceStrata()
    /// When each campaign first went live, as a count. Versions and stops keep it, a delete forgets it.
    private var firstPublishes: [String: Int] = [:]
    private var publishes = 0

    public init() {}

    /// The campaigns that write the audience, live or stopped; the one that went live first comes first.
    public func writers(of audience: String) -> [Writer] {
        writers[audience] ?? []
    }

    /// All audiences that somebody writes, by UTF-8 bytes.
    public var audiences: [String] {
        writers.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// The audiences that a campaign writes, by UTF-8 bytes.
    public func audiences(of campaign: String) -> [String] {
        written[campaign, default: []].sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    // What is against a publish.

    /// Why the campaign must not go live; empty when nothing is against it.
    public func problems(of campaign: Campaign) -> [Problem] {
        var problems: [Problem] = []
        for save in campaign.saves {
            problems += self.problems(ofReadersOf: save, by: campaign.id)
            for writer in writers(of: save.audience) where writer.campaign != campaign.id {
                problems += AudienceRegistry.problems(of: save, beside: writer)
            }
            let namesakes = labelled[save.label, default: []].filter { audience in
                audience != save.audience && isWritten(audience, as: save.label) { $0 != campaign.id }
            }
            if let other = namesakes.min() {
                let message = "label \(quoted(save.label)) is that of audience \(other)"
                problems.append(Problem(path: "activities[\(save.position)].audience.label", message: message, hint: "labels are unique"))
            }
        }
        if let cycle = cycleProblem(of: campaign) { problems.append(cycle) }
        return problems
    }

    /// Whether a live campaign, of those meant, writes an audience by a label.
    private func isWritten(_ audience: String, as label: String, by isMeant: (String) -> Bool = { _ in true }) -> Bool {
        writers(of: audience).contains { !$0.isStopped && $0.label == label && isMeant($0.campaign) }
    }

    /// What is against a save of an audience that another campaign writes. Who replaces takes over from everybody; who merges must agree
    /// with everybody who does, stopped ones too, since what those gave stays.
    private static func problems(of save: SaveAudience, beside writer: Writer) -> [Problem] {
        let path = "activities[\(save.position)]"
        let already = "campaign \(writer.campaign) writes audience \(save.audience)"
        switch save.ifExists {
        case .replace: return []
        case .fail:
            if writer.isStopped { return [] }
            return [Problem(path: "\(path).audience.id", message: already, hint: "say replace, or choose another id")]
        case .merge where writer.ifExists != .merge:
            if writer.isStopped { return [] }
            return [Problem(path: "\(path).audience.id", message: "\(already) and does not merge", hint: "both must say merge")]
        case .merge:
            var problems: [Problem] = []
            if writer.namespace != save.namespace {
                let message = "\(already) by namespace \(writer.namespace)"
                problems.append(Problem(path: "\(path).identity.namespace", message: message, hint: "merged audiences have one namespace"))
            }
            let columns = save.columns
            for name in columns.keys.sorted() {
                guard let type = writer.columns[name], type != columns[name] else { continue }
                let message = "\(quoted(name)) is \(type) in campaign \(writer.campaign), not \(columns[name]!)"
                problems.append(Problem(path: "\(path).attributes", message: message, hint: "an attribute has one type in all campaigns"))
            }
            return problems
        }
    }

    // What it is.

    /// What follows from nothing else: who writes what, and who came first. Who reads follows from the campaigns that are live.
    public struct Facts: Equatable, Sendable {
        /// By audience, in the order of UTF-8 bytes; of one audience the campaign that went live first comes first.
        public var writers: [(audience: String, writers: [Writer])]
        /// The campaigns that were published and not deleted, in the order in which they first went live.
        public var campaigns: [String]

        /// Both, each in its order.
        public init(writers: [(audience: String, writers: [Writer])], campaigns: [String]) {
            self.writers = writers
            self.campaigns = campaigns
        }

        /// Whether both say the same.
        public static func == (a: Facts, b: Facts) -> Bool {
            a.campaigns == b.campaigns && a.writers.elementsEqual(b.writers) { $0.audience == $1.audience && $0.writers == $1.writers }
        }
    }

    /// The registry but for what follows.
    public var facts: Facts {
        Facts(
            writers: audiences.map { ($0, writers(of: $0)) },
            campaigns: firstPublishes.sorted { $0.value < $1.value }.map(\.key))
    }

    /// A registry as it was. `live`: the campaigns that are not stopped.
    public init(_ facts: Facts, live: [Campaign]) {
        for campaign in facts.campaigns {
            firstPublishes[campaign] = publishes
            publishes += 1
        }
        for (audience, writers) in facts.writers {
            self.writers[audience] = writers
            for writer in writers {
                written[writer.campaign, default: []].insert(audience)
                if !writer.isStopped { labelled[writer.label, default: []].insert(audience) }
            }
        }
        for campaign in live { readers.take(campaign) }
        for campaign in live { findStrata(of: campaign.id) }
    }

    /// A registry in which others write audiences that may be read so: a campaign is read again as it was read when it was published.
    public init(readable: [String: Readable]) {
        for (audience, readable) in readable {
            writers[audience] = [
                Writer(
                    campaign: "", label: audience, namespace: readable.namespace, columns: readable.columns, ifExists: .replace,
                    isStopped: false)
            ]
        }
    }

    // What happens.

    /// Makes the campaign, which has no problems, a writer of its audiences: beside the others where both sides merge, else instead of
    /// them, stopped ones too. Returns the audiences that it wrote before and that nobody writes now, by UTF-8 bytes.
    @discardableResult
    public mutating func take(_ campaign: Campaign) -> [String] {
        if firstPublishes[campaign.id] == nil {
            firstPublishes[campaign.id] = publishes
            publishes += 1
        }
        let held = audiences(of: campaign.id)
        for audience in held { remove(campaign.id, from: audience) }
        for save in campaign.saves {
            for writer in writers(of: save.audience) where save.ifExists != .merge || writer.ifExists != .merge {
                remove(writer.campaign, from: save.audience)
            }
            written[campaign.id, default: []].insert(save.audience)
            let others = writers(of: save.audience)
            let writer = Writer(
                campaign: campaign.id, label: save.label, namespace: save.namespace, columns: save.columns, ifExists: save.ifExists,
                isStopped: false)
            writers[save.audience] = (others + [writer]).sorted { firstPublishes[$0.campaign]! < firstPublishes[$1.campaign]! }
            labelled[save.label, default: []].insert(save.audience)
        }
        readers.take(campaign)
        findStrata(of: campaign.id, audiences: held)
        return forgetUnwritten(held)
    }

    /// What the campaign gave to audiences stays as it is, frozen.
    public mutating func stop(campaign: String) {
        for audience in audiences(of: campaign) {
            for place in writers[audience]!.indices where writers[audience]![place].campaign == campaign {
                writers[audience]![place].isStopped = true
                forget(label: writers[audience]![place].label, of: audience)
            }
        }
        readers.remove(campaign: campaign)
        findStrata(of: campaign)
    }

    /// Takes away what the campaign gave to audiences. Returns those that nobody writes now, by UTF-8 bytes.
    @discardableResult
    public mutating func delete(campaign: String) -> [String] {
        firstPublishes[campaign] = nil
        let held = audiences(of: campaign)
        for audience in held { remove(campaign, from: audience) }
        readers.remove(campaign: campaign)
        findStrata(of: campaign, audiences: held)
        return forgetUnwritten(held)
    }

    private mutating func remove(_ campaign: String, from audience: String) {
        let gone = writers[audience]!.filter { $0.campaign == campaign }
        writers[audience]!.removeAll { $0.campaign == campaign }
        for writer in gone { forget(label: writer.label, of: audience) }
        written[campaign]!.remove(audience)
        if written[campaign]!.isEmpty { written[campaign] = nil }
    }

    /// A campaign writes an audience by a label no longer.
    private mutating func forget(label: String, of audience: String) {
        if isWritten(audience, as: label) { return }
        labelled[label]?.remove(audience)
        if labelled[label]?.isEmpty ?? false { labelled[label] = nil }
    }

    private mutating func forgetUnwritten(_ audiences: [String]) -> [String] {
        let unwritten = audiences.filter { writers(of: $0).isEmpty }
        for audience in unwritten { writers[audience] = nil }
        return unwritten
    }
}
