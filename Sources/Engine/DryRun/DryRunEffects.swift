// What a dry run finds: the difference that publishing makes, with the figures of before and after.
public import Campaigns

/// The effects of publishing some campaigns, all of them together.
public struct DryRunEffects {
    /// How much an audience holds.
    public struct Figures: Equatable, Sendable {
        /// How many members it has.
        public let members: Int
        /// The sum of their rows.
        public let rows: Int
        /// Rows without an identity.
        public let rejected: Int
        /// Nobody writes it any more.
        public let isRetired: Bool

        /// Of an audience as it is.
        public init(_ state: AudienceState) {
            (members, rows, rejected, isRetired) = (state.size, state.rows, state.rejected, state.isRetired)
        }
    }

    /// One campaign that was published.
    public struct Published {
        /// Its id.
        public let campaign: String
        /// The version that it replaces; nil: it is new.
        public let versionBefore: Int?
        /// The version that it gets.
        public internal(set) var version = 0
        /// What its transitions carried; none where it was not followed.
        public let transitionsBefore: [Transition: TransitionCounts]
        /// What they carry; none outside its validity.
        public internal(set) var transitionsAfter: [Transition: TransitionCounts] = [:]

        init(campaign: String, versionBefore: Int?, transitionsBefore: [Transition: TransitionCounts]) {
            (self.campaign, self.versionBefore, self.transitionsBefore) = (campaign, versionBefore, transitionsBefore)
        }
    }

    /// One member that enters, leaves, or changes.
    public struct Example: Equatable, Sendable {
        /// What becomes of it.
        public let status: MemberStatus
        /// Of its identity.
        public let namespace: String
        /// Its text.
        public let identity: [UInt8]
        /// How many rows stand for it after; 0 for one that leaves.
        public let rows: Int
        /// What it carries after, as a JSON object; nothing for one that leaves.
        public let attributes: [UInt8]
    }

    /// One audience that a published campaign writes or wrote, or that follows from such a one.
    public struct Audience {
        /// Of the engine on which it was published.
        public let number: Int
        /// Its id.
        public let id: String
        /// Its label.
        public let label: String
        /// Whether a published campaign writes it or wrote it; else it follows from one of those.
        public let isWritten: Bool
        /// nil: it was not there.
        public let before: Figures?
        /// What it holds after.
        public let after: Figures
        /// Members that enter.
        public private(set) var entered = 0
        /// Members that stay, with other attributes or rows.
        public private(set) var updated = 0
        /// Members that leave.
        public private(set) var exited = 0
        /// Some of those that leave, then of those that enter, then of those that change.
        public private(set) var examples: [Example] = []
        /// Some more of each status, spread evenly over all of it.
        public private(set) var sample: [Example] = []

        init(number: Int, isWritten: Bool, before: Figures?, after: Figures, state: AudienceState) {
            (self.number, id, label, self.isWritten) = (number, state.id, state.label, isWritten)
            (self.before, self.after) = (before, after)
        }

        /// Counts a member of the difference.
        /// - Parameter all: how many of the difference have its status.
        mutating func note(
            _ member: Difference.Member, of all: Int, in difference: Difference, examples most: Int, sample mostOfSample: Int
        ) {
            let order: [MemberStatus] = [.exited, .realized, .existing]
            let count: Int
            switch member.status {
            case .realized: (entered, count) = (entered + 1, entered)
            case .existing: (updated, count) = (updated + 1, updated)
            case .exited: (exited, count) = (exited + 1, exited)
            }
            let share = min(mostOfSample, all)
            // One each time that so much of all is passed as makes one of the sample.
            let isInSample = (count + 1) * share / all > count * share / all
            guard count < most || isInSample else { return }
            let example = difference.withTexts(of: member) { identity, attributes in
                Example(
                    status: member.status, namespace: difference.namespaces[member.namespace], identity: Array(identity),
                    rows: member.rows, attributes: Array(attributes))
            }
            if isInSample { sample.append(example) }
            if count >= most { return }
            let rank = order.firstIndex(of: member.status)!
            let place = examples.firstIndex { order.firstIndex(of: $0.status)! > rank } ?? examples.count
            examples.insert(example, at: place)
        }
    }

    /// What a channel sends at once.
    public struct Requests {
        /// The channel.
        public let sender: Difference.Sender
        /// How many requests.
        public internal(set) var count = 0

        init(sender: Difference.Sender) { self.sender = sender }
    }

    /// How much a change of a row of a table is looked at: by how many parts of the plan.
    public struct Table {
        /// Its schema.
        public let schema: String
        /// How many read its rows before.
        public let readersBefore: Int
        /// How many do after.
        public let readersAfter: Int
    }

    /// Those that were published, by their ids.
    public let campaigns: [Published]
    /// Those that are written, then those that follow, by their ids.
    public let audiences: [Audience]
    /// By campaign and activity.
    public let requests: [Requests]
    /// Alerts that are raised at once.
    public let alerts: [Difference.Alert]
    /// Rows looked at by publishing, about: how long it takes follows from them. In which order parts of a condition are asked hangs on
    /// when each was first heard of, which the copy does not know.
    public let rowsVisited: Int
    /// Memory that what is followed takes more than before, in bytes; negative: less.
    public let addedBytes: Int
    /// Each table, in the order of its first publication.
    public let tables: [Table]
}
