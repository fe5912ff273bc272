// What commits have left behind that decides nothing any more, and is only told: the history of audiences, the versions of campaigns. The
// daemon keeps it, in its images too; `replay` does not.
//
// In an image, pieces of JSON (ImageContents):
//
//   first  {"begin": clock or null, "causesBegin": clock or null, "daysBegin": clock or null, "steps": ["PT1M", …],
//           "versions": {campaign: [[number, offset, sequence, clock], …]}}
//   then   of each audience {"id", "points": [of each of these steps [step, size, entered, left, step, …]],
//           "causes": [hour, how many entered for each cause, how many left for each, hour, …], "days": points of days}, by id
// Older images have no causes, and do not say since when they are known; and no days, which stand beside the points, since who wrote those
// images reads no other steps. Steps that a later program keeps besides are passed over.
import Campaigns
import Engine
import Wire

struct Past: Equatable, Sendable {
    var audiences = AudienceHistory()
    var versions = CampaignVersions()

    /// Nothing yet.
    init() {}

    /// Hands over the pieces, in their order.
    func forEachPiece(_ body: ([UInt8]) throws -> Void) rethrows {
        var text = JSONText()
        text.append(general)
        try body(text.bytes)
        for (id, points) in audiences.points.sorted(by: { isBefore($0.key, $1.key) }) {
            let all = points.map { points in
                JSON.array(points.flatMap { [$0.step, $0.size, $0.entered, $0.left].map { .integer(Int64($0)) } })
            }
            let places = audiences.steps.indices.filter { audiences.steps[$0] != .day }
            let days = audiences.steps.firstIndex(of: .day).map { all[$0] }
            var text = JSONText()
            let causes = (audiences.causes[id] ?? []).flatMap { $0.numbers.map { JSON.integer(Int64($0)) } }
            text.append(
                .object(
                    [
                        JSON.Member("id", .string(id)), JSON.Member("points", .array(places.map { all[$0] })),
                        JSON.Member("causes", .array(causes)),
                    ] + (days.map { [JSON.Member("days", $0)] } ?? [])))
            try body(text.bytes)
        }
    }

    private var general: JSON {
        let versions = versions.versions.sorted { isBefore($0.key, $1.key) }.map { campaign, versions in
            JSON.Member(
                campaign,
                .array(
                    versions.map { version in
                        .array([Int64(version.number), version.offset, version.sequence, version.clock].map { .integer($0) })
                    }))
        }
        return .object([
            JSON.Member("begin", audiences.begin.map { .integer($0) } ?? .null),
            JSON.Member("causesBegin", audiences.causesBegin.map { .integer($0) } ?? .null),
            JSON.Member("daysBegin", audiences.daysBegin.map { .integer($0) } ?? .null),
            JSON.Member("steps", .array(audiences.steps.filter { $0 != .day }.map { .string($0.rawValue) })),
            JSON.Member("versions", .object(versions)),
        ])
    }

    /// Reads the pieces; there is at least one.
    init(pieces: [JSON]) throws(FactsError) {
        let general = pieces[0]
        var widths: [HistoryStep?] = []
        for name in try general.items(of: "steps") {
            guard case .string(let name) = name else { throw FactsError("the width of a step is no text") }
            widths.append(HistoryStep(rawValue: name))
        }
        let hasDays = general["daysBegin"] != nil
        let versions = try general.members(of: "versions") { versions throws(FactsError) in
            try Self.rows(of: 4, in: versions).map { row in
                CampaignVersions.Version(number: Int(row[0]), offset: row[1], sequence: row[2], clock: row[3])
            }
        }
        var points: [String: [[HistoryPoint]]] = [:]
        var causes: [String: [HistoryCauses]] = [:]
        for piece in pieces.dropFirst() {
            var all: [[HistoryPoint]] = []
            for list in try piece.items(of: "points") { all.append(try Self.points(list)) }
            guard all.count == widths.count else { throw FactsError("points are of \(all.count) steps") }
            let id = try piece.text(of: "id")
            points[id] = zip(widths, all).filter { $0.0 != nil }.map(\.1)
            if hasDays { points[id]!.append(try piece["days"].map { list throws(FactsError) in try Self.points(list) } ?? []) }
            let hours = try piece["causes"].map { list throws(FactsError) in try Self.causes(list) } ?? []
            if !hours.isEmpty { causes[id] = hours }
        }
        func clock(_ name: String) -> Int64? { if case .integer(let clock)? = general[name] { clock } else { nil } }
        audiences = AudienceHistory(
            points: points, causes: causes, begin: clock("begin"), causesBegin: clock("causesBegin"), daysBegin: clock("daysBegin"),
            steps: widths.compactMap(\.self) + (hasDays ? [.day] : []))
        self.versions = CampaignVersions(versions: versions)
    }

    private static func points(_ list: JSON) throws(FactsError) -> [HistoryPoint] {
        let numbers = try integers(list)
        guard numbers.count % 4 == 0 else { throw FactsError("a point is four numbers") }
        return stride(from: 0, to: numbers.count, by: 4).map { place in
            let parts = numbers[place..<place + 4].map { UInt32(clamping: $0) }
            return HistoryPoint(step: parts[0], size: parts[1], entered: parts[2], left: parts[3])
        }
    }

    private static func causes(_ list: JSON) throws(FactsError) -> [HistoryCauses] {
        let numbers = try integers(list)
        let count = HistoryCauses.numberCount
        guard numbers.count % count == 0 else { throw FactsError("the causes of an hour are \(count) numbers") }
        return stride(from: 0, to: numbers.count, by: count).map { HistoryCauses(numbers: numbers[$0..<$0 + count]) }
    }

    private static func rows(of count: Int, in list: JSON) throws(FactsError) -> [[Int64]] {
        guard case .array(let items) = list else { throw FactsError("no array") }
        var rows: [[Int64]] = []
        for item in items {
            let row = try integers(item)
            guard row.count == count else { throw FactsError("a row has \(row.count) numbers") }
            rows.append(row)
        }
        return rows
    }

    private static func integers(_ list: JSON) throws(FactsError) -> [Int64] {
        guard case .array(let items) = list else { throw FactsError("no array") }
        var numbers: [Int64] = []
        for item in items {
            guard case .integer(let number) = item else { throw FactsError("no number") }
            numbers.append(number)
        }
        return numbers
    }
}
