// What a stream of events is about, and what of it has changed.
import Campaigns

/// What a stream is about.
enum StreamTopic: Sendable, Equatable {
    case audiences, system
    case audience(String)
    case campaign(String)

    /// `audiences`, `system`, `audience:ID`, `campaign:ID`.
    init?(_ text: String) {
        switch text {
        case "audiences": self = .audiences
        case "system": self = .system
        default:
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[1].isEmpty, ["audience", "campaign"].contains(parts[0]) else { return nil }
            self = parts[0] == "audience" ? .audience(parts[1]) : .campaign(parts[1])
        }
    }

    /// The campaign that it is about.
    var campaign: String? {
        if case .campaign(let id) = self { id } else { nil }
    }

    /// What has changed of it since a commit; nil: nothing. `transitions`: of a campaign, counts that are others than the reader was told.
    func frame(_ state: CommittedState, since sequence: Int64, status: JSON, transitions: [JSON.Member] = []) -> JSON? {
        let head = [
            JSON.Member("sequence", .integer(state.sequence)), JSON.Member("clock", state.clock == .min ? .null : .instant(state.clock)),
        ]
        switch self {
        case .audiences:
            let changed = state.audienceIds.compactMap { state.audiences[$0] }.filter { state.lastChange(of: $0) > sequence }
            if changed.isEmpty && sequence >= 0 { return nil }
            return .object(head + [JSON.Member("audiences", .array(changed.map { Resources.json($0, state) }))])
        case .audience(let id):
            guard let entry = state.audiences[id], state.lastChange(of: entry) > sequence || sequence < 0 else { return nil }
            return .object(head + [JSON.Member("audience", Resources.json(entry, state))])
        case .campaign(let id):
            guard let entry = state.campaigns[id] else { return nil }
            let isChanged = state.lastChange(of: entry) > sequence || sequence < 0
            guard isChanged || !transitions.isEmpty else { return nil }
            let campaign = isChanged ? [JSON.Member("campaign", Resources.json(entry, state))] : []
            return .object(head + campaign + (transitions.isEmpty ? [] : [JSON.Member("transitions", .object(transitions))]))
        case .system: return .object(head + [JSON.Member("status", status)])
        }
    }
}
