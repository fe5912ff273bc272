// split in random histories.
@testable import Campaigns

extension Split: RandomActivity {
    var activity: Activity { .split(self) }

    static var weight: Int { 9 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let (from, shape) = campaign.inbound(&random)
        var split = Split(
            id: campaign.newId, from: from, subsets: [], overlaps: random.chance(40), hasComplement: random.chance(60),
            seed: campaign.seed(&random))
        for name in ["one", "two", "three"].prefix(random.number(1...3)) {
            split.subsets.append(Subset(name: name, filter: nil, code: random.chance(50) ? nil : "code \(random.number(0...1))"))
            split.changeSubset(split.subsets.count - 1, in: &campaign, shape, &random)
        }
        campaign.add(.split(split))
    }

    mutating func change(in campaign: inout RandomCampaign, _ shape: Shape?, _ random: inout RandomNumbers) {
        switch random.number(0...3) {
        case 0: seed = campaign.seed(&random)
        case 1: overlaps.toggle()
        default: changeSubset(random.number(0...subsets.count - 1), in: &campaign, shape!, &random)
        }
    }

    private mutating func changeSubset(
        _ place: Int, in campaign: inout RandomCampaign, _ shape: Shape, _ random: inout RandomNumbers
    ) {
        let shares: [JSON] = [.integer(0), .double(0.07), .double(33.3), .integer(50), .integer(100)]
        subsets[place].filter = random.chance(50) ? nil : campaign.expressions.filter(shape, depth: random.number(0...2), &random)
        subsets[place].draws = random.chance(50) ? nil : random.pick([0, 7, 2500, 3150, 5000, 5000, 7500, 7500, 10_000, 10_000])
        subsets[place].limit =
            switch random.number(0...9) {
            case 0...3: .count(random.pick([0, 1, 1, 1, 2, 3, 5, 9]))
            case 4...5: .share(Percentage(random.pick(shares))!)
            default: nil
            }
        subsets[place].sort = random.chance(35) ? nil : campaign.sort(shape, &random)
    }

    mutating func take(_ transitions: [Transition]) { from = transitions[0] }

    var expressions: [Expression] { subsets.compactMap(\.filter) + subsets.compactMap(\.sort?.by) }

    mutating func say(_ expressions: [Expression]) {
        var left = expressions[...]
        for place in subsets.indices where subsets[place].filter != nil { subsets[place].filter = left.removeFirst() }
        for place in subsets.indices where subsets[place].sort != nil { subsets[place].sort!.by = left.removeFirst() }
    }

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        var coded = inbounds[0]
        coded.columns[Split.codeColumn] = .string
        let outputs = Dictionary(uniqueKeysWithValues: subsets.map { ($0.name, coded) })
        return hasComplement ? outputs.merging([Split.complement: inbounds[0]]) { $1 } : outputs
    }

    func text(_ readable: Readable) -> String {
        let parts = subsets.map { subset in
            let draws = subset.draws.map { " \($0) draws" } ?? ""
            let limit = subset.limit.map { " at most \($0)" } ?? ""
            let filter = subset.filter.map { " where " + readable.text($0) } ?? ""
            return "\(subset.name) '\(subset.code)'\(draws)\(limit)\(readable.text(subset.sort))\(filter)"
        }
        let options = (overlaps ? " overlapping" : "") + (hasComplement ? " with complement" : "")
        return "split\(options) of \(readable.text(from)) seed \(seed): \(parts.joined(separator: "; "))"
    }

    var fewer: [Split] {
        changed { change in
            change { $0.hasComplement = false }
            for subset in subsets.indices {
                if subsets.count > 1 { change { $0.subsets.remove(at: subset) } }
                change { $0.subsets[subset].filter = nil }
                change { $0.subsets[subset].draws = nil }
                change { $0.subsets[subset].limit = nil }
                change { $0.subsets[subset].sort = nil }
            }
        }
    }

    func meet(_ meeting: Meeting) {
        for subset in subsets {
            meeting.note("split \(overlaps ? "with" : "without") overlap", subset.name)
            if let draws = subset.draws { meeting.note("sample of \(draws)", subset.name) }
            if let limit = subset.limit {
                let order = subset.sort.map { "\($0.by.type) \($0.isDescending ? "down" : "up")" } ?? "stable order"
                meeting.note("limit by \(order)", subset.name)
                meeting.note("limit of \(limit.isOfCount ? "a count" : "a share")", subset.name)
            }
        }
        if hasComplement { meeting.note("complement of a split", Split.complement) }
    }

    static var wanted: [String] {
        let draws = [0, 7, 2500, 3150, 5000, 7500, 10_000]
        let orders = Met.types.flatMap { ["\($0) up", "\($0) down"] } + ["stable order"]
        return Met.someAndNotAll(["split with overlap", "split without overlap", "complement of a split"])
            + Met.someAndNotAll(orders.map { "limit by \($0)" } + ["limit of a count", "limit of a share"])
            + draws.map { "sample of \($0)\($0 > 7 ? ": somebody" : ": not all")" } + ["Split reads carried columns"]
    }
}

extension Split.Limit {
    fileprivate var isOfCount: Bool { if case .count = self { true } else { false } }
}
