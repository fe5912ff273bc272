// split: "Subsets in order. Without overlap a subset sees the rows that no earlier subset took; with overlap each sees all. A subset takes
// the rows for which its filter is true, then `sample` […], then `limit`: the first n (or `floor(p/100 × rows so far)`) by `sort` (nulls
// last, ties by stable order), or by stable order without `sort`. Carried column `segmentCode` = the subset's code. `complement`: rows in
// no subset."

/// split: rows to subsets, in their order.
public struct Split: ActivityDefinition {
    /// The carried column that says which subset a row is in.
    public static let codeColumn = "segmentCode"
    /// The output of rows in no subset.
    public static let complement = "complement"

    /// One output, and what goes there.
    public struct Subset: Equatable, Sendable {
        /// Of the output.
        public var name: String
        /// nil is true.
        public var filter: Expression?
        /// Rows whose draw, of 0 to 9,999, is below this are in; nil: all.
        public var draws: Int?
        /// How many of those; nil: all.
        public var limit: Limit?
        /// Which of them go first; nil: by stable order alone, which decides between equal ones too.
        public var sort: Sort?
        /// What `segmentCode` says of its rows.
        public var code: String

        public init(
            name: String, filter: Expression?, draws: Int? = nil, limit: Limit? = nil, sort: Sort? = nil, code: String? = nil
        ) {
            self.name = name
            self.filter = filter
            self.draws = draws
            self.limit = limit
            self.sort = sort
            self.code = code ?? name
        }
    }

    /// How many rows go to a subset at most.
    public enum Limit: Equatable, Sendable {
        /// So many.
        case count(Int)
        /// So much of the rows that it would take otherwise.
        case share(Percentage)
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// In the order of the definition.
    public var subsets: [Subset]
    /// Whether each subset sees all rows; else those that no earlier one took.
    public var overlaps: Bool
    /// Whether rows in no subset have an output.
    public var hasComplement: Bool
    /// Of the draws: `<seed>/<subset>/<row id>` is hashed.
    public var seed: String

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? {
        subsets.allSatisfy { $0.limit == nil } ? RowDecision(expressions: subsets.compactMap(\.filter)) : nil
    }

    public init(id: String, from: Transition, subsets: [Subset], overlaps: Bool = false, hasComplement: Bool = false, seed: String) {
        self.id = id
        self.from = from
        self.subsets = subsets
        self.overlaps = overlaps
        self.hasComplement = hasComplement
        self.seed = seed
    }
}

extension ActivityReader {
    mutating func readSplit(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let seed = reader.text("seed", isRequired: false)
        let overlaps = reader.boolean("overlap", default: false)
        let hasComplement = reader.boolean("complement", default: false)
        var subsets: [Split.Subset] = []
        var outputs: [String: Shape?] = [:]
        var names: Set<String> = [Transition.main, Split.complement]
        // What an earlier subset takes is part of what a later one takes.
        var rest = shape
        for subset in reader.children("subsets", atLeast: 1) where !problems.isFull {
            let name = subset.identifier("name")
            if let name, !names.insert(name).inserted { subset.problem("name", "output \(quoted(name)) is there twice") }
            let condition = filter(subset.value("filter"), at: subset.path(of: "filter"), about: shape)
            if let shape { rest?.reach(shape.under(condition).levels) }
            if let name {
                outputs[name] = rest
                outputs[name]??.columns[Split.codeColumn] = .string
            }
            let draws = readSample(subset)
            let limit = readLimit(subset)
            let sort = self.sort(subset, about: shape)
            if limit != nil, let shape { rest?.reach((sort?.by.levels(carried: shape.levels) ?? shape.levels) + 2) }
            let code = subset.text("code", isRequired: false)
            subset.close()
            subsets.append(Split.Subset(name: name ?? "", filter: condition, draws: draws, limit: limit, sort: sort, code: code))
        }
        if hasComplement { outputs[Split.complement] = rest }
        count(parts: subsets.count * subsets.count, of: item)
        let split = from.map { from in
            Split(
                id: item.name, from: from, subsets: subsets, overlaps: overlaps, hasComplement: hasComplement,
                seed: seed ?? "\(campaign)/\(item.name)")
        }
        add(item, outputs: outputs, split.map(Activity.split))
    }

    private func readSample(_ subset: DefinitionReader) -> Int? {
        guard let sample = subset.child("sample", isRequired: false) else { return nil }
        let percent = sample.percentage("percent", isRequired: true)
        sample.close()
        return percent?.draws
    }

    private func readLimit(_ subset: DefinitionReader) -> Split.Limit? {
        guard let limit = subset.child("limit", isRequired: false) else { return nil }
        let (count, percent) = (limit.count("count"), limit.percentage("percent"))
        limit.close()
        switch (count, percent) {
        case (let count?, nil): return .count(count)
        case (nil, let percent?): return .share(percent)
        default:
            problems.add(limit.path, "needs either count or percent", hint: "{count: 1000} or {percent: 10}")
            return nil
        }
    }
}
