// save-audience, from scratch (semantics §4): who the members of an audience are, in each mode.
public import Campaigns

/// One member of an audience, as it is told.
public struct Member: Equatable, Sendable {
    /// Rows of the population that stand for it.
    public var rows: Int
    /// Of the row with the lowest row id, as one JSON object.
    public var attributes: [UInt8]

    public init(rows: Int, attributes: [UInt8]) {
        self.rows = rows
        self.attributes = attributes
    }

    /// A member of an audience as a save-audience tells it.
    public init(_ member: KeptMember, of save: SaveAudience) {
        self.init(rows: member.rows, attributes: Attribute.json(save.attributes, member.values))
    }
}

extension SaveAudience: EvaluatedActivity {
    func populations(
        from inbounds: [Population], in campaign: String, _ evaluator: Evaluator, _ evaluation: inout Evaluation
    ) -> [String: Population] {
        evaluator.evaluate(self, from: inbounds[0], &evaluation)
        return [:]
    }
}

extension Evaluator {
    fileprivate func evaluate(_ save: SaveAudience, from population: Population, _ evaluation: inout Evaluation) {
        var saved = self.saved(save, from: population)
        switch save.mode {
        case .mirror: break
        case .append:
            // "*append* only ever adds (members keep their last attributes)."
            saved.members = evaluation.was.appended[save.id, default: [:]].merging(saved.members) { $1 }
            evaluation.memory.appended[save.id] = saved.members
        case .frozen(let schedule):
            let frozen = frozen(saved.members, schedule, evaluation.isPublishing ? nil : evaluation.was.frozen[save.id])
            evaluation.memory.frozen[save.id] = frozen
            saved.members = frozen.members
        }
        evaluation.saved[save.id] = saved
    }

    /// "*frozen* is replaced as a whole at the times of `schedule` […] and at publish"; several times passed at once are one.
    private func frozen(_ found: KeptMembers, _ schedule: Schedule?, _ was: CampaignMemory.Frozen?) -> CampaignMemory.Frozen {
        guard var frozen = was else { return CampaignMemory.Frozen(members: found, published: clock, seen: clock) }
        if let schedule, calendar(schedule.timezone).isDue(schedule, published: frozen.published, after: frozen.seen, until: clock) {
            frozen.members = found
        }
        frozen.seen = clock
        return frozen
    }

    /// "Members = the distinct non-empty values of `identity.field` […] over rows with a key. `rows` = rows per member; attributes come
    /// from the row with the lowest row id. Rows without an identity are counted as rejected." So are those whose identity or key text is
    /// longer than one may be (contract §10).
    func saved(_ save: SaveAudience, from population: Population) -> Evaluation.Saved {
        var found = Evaluation.Saved(members: [:], rejected: 0)
        var groups: [[UInt8]: [PopulationRow]] = [:]
        for row in population.rows {
            guard let key = row.key else { continue }
            if let identity = identity(save.identity, of: row, in: population), PopulationRow.text(key).count <= Limits.keyTextBytes {
                groups[identity, default: []].append(row)
            } else {
                found.rejected += 1
            }
        }
        for (identity, rows) in groups {
            let lowest = rows.min(by: PopulationRow.isLower)!
            let values = save.attributes.map { ($0.name, value($0.source, of: lowest, in: population)) }
            found.members[identity] = KeptMember(rows: rows.count, values: Dictionary(uniqueKeysWithValues: values))
        }
        return found
    }

    /// Who a row is about: a text that is not empty, and no longer than an identity may be.
    func identity(_ source: Expression, of row: PopulationRow, in population: Population) -> [UInt8]? {
        guard case .text(let identity) = value(source, of: row, in: population), !identity.isEmpty, identity.count <= Limits.identityBytes
        else { return nil }
        return identity
    }
}

extension Attribute {
    /// Attributes in the order of the definition, as one JSON object.
    static func json(_ attributes: [Attribute], _ values: Columns) -> [UInt8] {
        let members = attributes.map { PlainText.quoted($0.name) + ":" + PlainText.json(values[$0.name] ?? nil) }
        return Array("{\(members.joined(separator: ","))}".utf8)
    }
}
