// Who reads which audience (semantics §4, read-audience; decision 54): what may be read, what a publish must leave as it is for those who
// read, and that nobody reads what hangs on itself.

/// What live campaigns read. Campaigns that are stopped read nothing.
struct AudienceReaders: Sendable {
    /// By campaign and audience.
    private(set) var readings: [String: [String: AudienceRegistry.Readable]] = [:]
    /// By audience, the campaigns that read it.
    private(set) var campaigns: [String: Set<String>] = [:]

    mutating func take(_ campaign: Campaign) {
        remove(campaign: campaign.id)
        let readings = campaign.readings
        if readings.isEmpty { return }
        self.readings[campaign.id] = readings
        for audience in readings.keys { campaigns[audience, default: []].insert(campaign.id) }
    }

    mutating func remove(campaign: String) {
        guard let readings = readings.removeValue(forKey: campaign) else { return }
        for audience in readings.keys {
            campaigns[audience]!.remove(campaign)
            if campaigns[audience]!.isEmpty { campaigns[audience] = nil }
        }
    }
}

extension AudienceRegistry {
    /// What is known of an audience that may be read.
    public struct Readable: Equatable, Sendable {
        /// Of the members' identities.
        public var namespace: String
        /// The types of the attributes by name.
        public var columns: [String: ValueType]

        public init(namespace: String, columns: [String: ValueType]) {
            self.namespace = namespace
            self.columns = columns
        }
    }

    /// An audience as a campaign may read it: it "must exist at publish, apart from what the campaign itself writes or wrote alone".
    public func readable(_ audience: String, by campaign: String) -> Readable? {
        let writers = writers(of: audience)
        guard let first = writers.first, writers.contains(where: { $0.campaign != campaign }) else { return nil }
        let columns = writers.reduce(into: [:]) { $0.merge($1.columns, uniquingKeysWith: { first, _ in first }) }
        return Readable(namespace: first.namespace, columns: columns)
    }

    /// All audiences that a campaign may read.
    public func readable(by campaign: String) -> [String] {
        audiences.filter { readable($0, by: campaign) != nil }
    }

    /// "What a live campaign reads keeps its namespace, and the types of the columns it carries."
    func problems(ofReadersOf save: SaveAudience, by campaign: String) -> [Problem] {
        let path = "activities[\(save.position)]"
        var problems: [Problem] = []
        let columns = save.columns
        for reader in readers.campaigns[save.audience, default: []].sorted() where reader != campaign {
            guard let reading = readers.readings[reader]?[save.audience] else { continue }
            let reads = "campaign \(reader) reads audience \(save.audience)"
            if reading.namespace != save.namespace {
                problems.append(
                    Problem(
                        path: "\(path).identity.namespace", message: "\(reads) by namespace \(reading.namespace)",
                        hint: "keep the namespace, or choose another id"))
            }
            for (name, type) in reading.columns.sorted(by: { $0.key < $1.key }) {
                guard let now = columns[name], now != type else { continue }
                problems.append(
                    Problem(
                        path: "\(path).attributes", message: "\(reads) with \(quoted(name)) as \(type), not \(now)",
                        hint: "give it another name"))
            }
        }
        return problems
    }

    /// "Cycles between campaigns are refused." Those that are live have none, so that one would go through this campaign.
    func cycleProblem(of campaign: Campaign) -> Problem? {
        guard let position = campaign.reads.map(\.position).min() else { return nil }
        let written = Set(campaign.saves.map(\.audience))
        var open = Array(campaign.readings.keys)
        // It goes through an audience that the campaign writes and somebody reads.
        guard written.contains(where: { isRead($0) || open.contains($0) }) else { return nil }
        var seen = Set(open)
        while let audience = open.popLast() {
            if written.contains(audience) {
                return Problem(
                    path: "activities[\(position)].audience", message: "campaigns would read each other's audiences in a cycle",
                    hint: "audience \(quoted(audience)) would hang on itself")
            }
            for writer in writers(of: audience) where writer.campaign != campaign.id {
                for next in readers.readings[writer.campaign, default: [:]].keys where seen.insert(next).inserted { open.append(next) }
            }
        }
        return nil
    }

    /// The audiences that hang on others through live campaigns which read them, however far.
    public func audiences(hangingOn others: some Sequence<String>) -> Set<String> {
        var found: Set<String> = []
        var open = Array(others)
        while let audience = open.popLast() {
            for reader in readers.campaigns[audience, default: []] {
                open += audiences(of: reader).filter { found.insert($0).inserted }
            }
        }
        return found
    }

    /// Whether a live campaign reads an audience.
    public func isRead(_ audience: String) -> Bool { readers.campaigns[audience] != nil }
}

extension Campaign {
    /// Its read-audience activities.
    public var reads: [ReadAudience] {
        activities.compactMap { if case .read(let read) = $0 { read } else { nil } }
    }

    /// What it reads, by audience.
    public var readings: [String: AudienceRegistry.Readable] {
        reads.reduce(into: [:]) { readings, read in
            let columns = Dictionary(uniqueKeysWithValues: read.columns.map { ($0.name, $0.type) })
            readings[read.audience, default: .init(namespace: read.namespace, columns: [:])].columns
                .merge(columns, uniquingKeysWith: { first, _ in first })
        }
    }
}
