// Audiences and campaigns as the engine knows them, and what a commit says about them.
import Campaigns

/// Why a member changed (contract §4).
public enum Cause: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    case change, time, publish, definition, stop
    /// Another audience, that the campaign reads.
    case upstream
    /// What was wrong was put right.
    case repair
}

/// Entered, still in with other attributes or rows, left.
public enum MemberStatus: UInt8, Sendable, BitwiseCopyable {
    case realized, existing, exited
}

/// One audience that campaigns write or wrote.
public struct AudienceState {
    /// What definitions call it.
    public let id: String
    /// Of the contributor published first; of a retired audience, of the last there was.
    public internal(set) var label: String
    /// Of the same contributor.
    public internal(set) var namespace: String
    /// Of the same contributor.
    public internal(set) var campaign: String
    /// Of that campaign.
    public internal(set) var campaignVersion: Int
    /// How many members it has.
    public internal(set) var size = 0
    /// The sum of the members' rows.
    public internal(set) var rows = 0
    /// Rows of the populations that have a record and no identity.
    public internal(set) var rejected = 0
    /// What campaigns give to it, the one published first first.
    var contributions: [Contribution] = []
    /// Nobody writes it any more.
    public var isRetired: Bool { contributions.isEmpty }
}

/// One campaign that was published and not deleted.
public struct CampaignState {
    /// Counts its publishes.
    public internal(set) var version: Int
    /// What it wrote stays as it was.
    public internal(set) var isStopped = false
    var definition: Campaign
    /// What is followed of it; nil before and after its validity, and once it is stopped.
    var following: Following?
    /// What it remembers while it is not followed.
    var memory = CampaignMemory()
}

extension String {
    /// The order of UTF-8 bytes; Swift's own order of strings is another one.
    func isBefore(_ other: String) -> Bool {
        let order = utf8.withContiguousStorageIfAvailable { mine in
            other.utf8.withContiguousStorageIfAvailable { isLess(UnsafeRawBufferPointer(mine), UnsafeRawBufferPointer($0)) }
        }
        return (order ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }
}
