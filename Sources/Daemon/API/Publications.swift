// What became of control events, by their offsets on the control topic: what `publications/{offset}` answers, and what who has published
// waits for.
import Campaigns
import Wire

/// What one control event has done.
struct Publication: Sendable {
    let offset: Int64
    /// The commit that it was.
    let sequence: Int64
    /// What was asked for; nil: it could not be read.
    var type: ControlEventType?
    /// The schema that it was about, or the campaign, and of that the version since, or that was deleted.
    var schema: String?
    var campaign: String?
    var version: Int?
    /// Why it was refused.
    var problems: [Problem]?
}

/// The last ones.
struct Publications: Sendable {
    /// As many are remembered.
    static let most = 1000

    private var byOffset: [Int64: Publication] = [:]
    private var offsets: [Int64] = []
    /// The highest offset that was heard of.
    private(set) var last: Int64?

    mutating func take(_ publication: Publication) {
        if byOffset.updateValue(publication, forKey: publication.offset) == nil { offsets.append(publication.offset) }
        last = max(last ?? publication.offset, publication.offset)
        if offsets.count > 2 * Self.most {
            for offset in offsets.prefix(Self.most) { byOffset[offset] = nil }
            offsets.removeFirst(Self.most)
        }
    }

    /// What lies before an offset was taken, by this life or another.
    mutating func takeAll(before offset: Int64) {
        if offset > 0 { last = max(last ?? offset - 1, offset - 1) }
    }

    /// The offsets of the last ones, the newest first.
    func newest(_ most: Int) -> [Int64] { offsets.suffix(most).reversed() }

    func find(_ offset: Int64) -> Publication? { byOffset[offset] }
}

extension CommittedState {
    /// As answers have it; nil: nothing was heard of that offset yet.
    func json(ofPublication offset: Int64) -> (state: String, json: JSON)? {
        guard let found = publications.find(offset) else { return nil }
        var members = [JSON.Member("offset", .integer(offset)), JSON.Member("sequence", .integer(found.sequence))]
        if let type = found.type { members.append(JSON.Member("type", .string(type.rawValue))) }
        if let schema = found.schema { members.append(JSON.Member("schema", .string(schema))) }
        if let campaign = found.campaign { members.append(JSON.Member("campaign", .string(campaign))) }
        if let problems = found.problems {
            members.insert(JSON.Member("state", .string("rejected")), at: 0)
            members.append(JSON.Member("problems", .array(problems.map(\.json))))
            return ("rejected", .object(members))
        }
        members.insert(JSON.Member("state", .string("live")), at: 0)
        if let version = found.version { members.append(JSON.Member("version", .integer(Int64(version)))) }
        // Who has the id of a deleted one now is another.
        let saves = found.type == .campaignDeleted ? [] : found.campaign.flatMap { campaigns[$0]?.campaign.saves } ?? []
        members.append(JSON.Member("complete", .boolean(saves.allSatisfy { audiences[$0.audience]?.isComplete ?? true })))
        return ("live", .object(members))
    }
}

extension Problem {
    /// As events have it.
    var json: JSON {
        var members = [JSON.Member("path", .string(path)), JSON.Member("message", .string(message))]
        if let hint { members.append(JSON.Member("hint", .string(hint))) }
        return .object(members)
    }
}
