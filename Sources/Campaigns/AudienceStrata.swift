// The order in which campaigns are settled: what reads an audience after what writes it. A campaign that reads no audience is of stratum 0,
// any other one above the highest audience that it reads; an audience is of the highest stratum of the live campaigns that write it. Kept
// from one publish to the next, and found again only of what hangs on what has changed.

/// The strata that are not 0.
struct AudienceStrata: Sendable {
    private(set) var campaigns: [String: Int] = [:]
    private(set) var audiences: [String: Int] = [:]
    /// How many campaigns there are of each stratum from 1 on; the last is not 0.
    private var counts: [Int] = []
    /// Campaigns that read an audience whose stratum the last event has moved.
    fileprivate(set) var restratified: Set<String> = []
    /// How many campaigns and audiences were looked at since the beginning.
    fileprivate(set) var visits = 0

    /// The highest of a campaign.
    var highest: Int { counts.count }

    /// Returns whether it was another one.
    fileprivate mutating func set(_ stratum: Int, ofCampaign campaign: String) -> Bool {
        let old = campaigns[campaign] ?? 0
        if stratum == old { return false }
        campaigns[campaign] = stratum == 0 ? nil : stratum
        if stratum > counts.count { counts += Array(repeating: 0, count: stratum - counts.count) }
        if stratum > 0 { counts[stratum - 1] += 1 }
        if old > 0 { counts[old - 1] -= 1 }
        while counts.last == 0 { counts.removeLast() }
        return true
    }

    /// Returns whether it was another one.
    fileprivate mutating func set(_ stratum: Int, ofAudience audience: String) -> Bool {
        let old = audiences[audience] ?? 0
        audiences[audience] = stratum == 0 ? nil : stratum
        return stratum != old
    }
}

extension AudienceRegistry {
    /// The highest stratum of a campaign.
    public var highestStratum: Int { strata.highest }

    /// 0 of a campaign that reads no audience, else one more than the highest of the audiences that it reads.
    public func stratum(of campaign: String) -> Int { strata.campaigns[campaign] ?? 0 }

    /// The highest of the live campaigns that write it.
    public func stratum(ofAudience audience: String) -> Int { strata.audiences[audience] ?? 0 }

    /// Campaigns that read an audience whose stratum the last publish, stop or delete has moved.
    public var restratified: Set<String> { strata.restratified }

    /// The live campaigns that read audiences, those they read from first; of one stratum by UTF-8 bytes.
    public var readersInOrder: [String] {
        readers.readings.keys.sorted { a, b in
            let (first, second) = (stratum(of: a), stratum(of: b))
            return first != second ? first < second : a.utf8.lexicographicallyPrecedes(b.utf8)
        }
    }

    /// Finds the strata again of a campaign, of the audiences that it writes and of more whose writers have changed, and of all that read
    /// from them where they have moved.
    mutating func findStrata(of campaign: String, audiences: [String] = []) {
        strata.restratified = []
        findStratum(of: campaign)
        var open = audiences + self.audiences(of: campaign)
        var next = 0
        while next < open.count {
            let audience = open[next]
            next += 1
            strata.visits += 1
            let stratum = writers(of: audience).reduce(0) { max($0, $1.isStopped ? 0 : self.stratum(of: $1.campaign)) }
            guard strata.set(stratum, ofAudience: audience) else { continue }
            for reader in readers.campaigns[audience, default: []] {
                strata.restratified.insert(reader)
                if findStratum(of: reader) { open += self.audiences(of: reader) }
            }
        }
    }

    /// Returns whether it was another one.
    @discardableResult
    private mutating func findStratum(of campaign: String) -> Bool {
        strata.visits += 1
        let readings = readers.readings[campaign, default: [:]].keys
        let stratum = readings.isEmpty ? 0 : 1 + readings.reduce(0) { max($0, self.stratum(ofAudience: $1)) }
        return strata.set(stratum, ofCampaign: campaign)
    }
}
