// Where the definitions of versions of campaigns stand on the control topic, which stays the only one that has them.

struct CampaignVersions: Equatable, Sendable {
    struct Version: Equatable, Sendable {
        let number: Int
        /// Of its control event.
        let offset: Int64
        /// The commit that made it live, and its clock, milliseconds since the Unix epoch.
        let sequence: Int64
        let clock: Int64
    }

    /// Of each campaign the last so many are remembered.
    static let most = 100

    /// By the campaign's id, in their order.
    private(set) var versions: [String: [Version]] = [:]

    /// Nothing was published yet.
    init() {}

    /// As an image has it.
    init(versions: [String: [Version]]) { self.versions = versions }

    mutating func note(_ campaign: String, _ version: Version) {
        versions[campaign, default: []].append(version)
        let excess = versions[campaign, default: []].count - Self.most
        if excess > 0 { versions[campaign]?.removeFirst(excess) }
    }

    /// A campaign was deleted: one of the same id begins anew.
    mutating func forget(_ campaign: String) { versions[campaign] = nil }

    func version(_ number: Int, of campaign: String) -> Version? { versions[campaign]?.last { $0.number == number } }
}
