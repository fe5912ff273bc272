// Single steps that are left out on purpose, one at a time, to see that tests would see it (MutationTests). In a release build none is.

enum Omission: CaseIterable, Sendable {
    /// Members that read what is about to change are not noted as they are.
    case announcingToSaves
    /// Operators that read what is about to change are not asked to decide again.
    case announcingToOperators
    /// Whoever reads something through links is not told before it changes.
    case announcingBehindLinks
    /// A row that comes or goes is not announced to those who read whether it is there.
    case announcingMemberships
    /// A row that leads to another record is not marked for that one.
    case markingNewRecords
    /// Links by value do not move.
    case markingLinks
    /// Gates are not asked again when a count moves.
    case markingGates
    /// Waits that are over are not found.
    case markingWaits
    /// Whoever reads an audience does not settle after those who write it.
    case findingStrata
    /// Conditions that another guards are not found by it.
    case guardsOfMemberships
    /// Conditions that an aggregate guards are not found by it.
    case guardsOfAccumulators
    /// A channel does not look at the identity of a row that comes or goes.
    case contacting
    /// A member of an append that leaves is not kept.
    case keepingMembers
    /// A row is not kept for the image being taken before it changes.
    case keepingRows

    #if DEBUG
        @TaskLocal static var current: Omission?

        var isOn: Bool { Omission.current == self }
    #else
        @inline(__always)
        var isOn: Bool { false }
    #endif
}
