// What each activity did with a row: from where the row was looked up back to where it came from, then forward in the order of the
// definition.
import Campaigns

extension Engine {
    /// The activities on the way to the audience, for one row at a transition.
    mutating func steps(of row: RowNumber, at transition: Transition, _ explaining: inout Explaining) -> [Explanation.Step] {
        var rows: [Transition: [RowNumber]] = [transition: [row]]
        for activity in explaining.way.reversed() {
            let outputs = rows.filter { $0.key.activity == activity.id }
            guard !outputs.isEmpty else { continue }
            let taken = Array(Set(outputs.values.joined())).sorted()
            for (inbound, found) in inboundRows(of: activity, taken, outputs.keys.first!, explaining) {
                rows[inbound] = Array(Set((rows[inbound] ?? []) + found)).sorted()
            }
            // The same row is looked at in the other outputs that lead on.
            for output in explaining.wanted where output.activity == activity.id && rows[output] == nil { rows[output] = taken }
        }
        var steps: [Explanation.Step] = []
        for activity in explaining.way { steps.append(step(activity, rows, explaining: &explaining)) }
        steps.append(saveStep(rows, &explaining))
        let way = explaining.mainWay(steps)
        for place in steps.indices { steps[place].isOnWay = way.contains(steps[place].activity.id) }
        return steps
    }

    /// Whether any of the rows that are looked at at a transition is in there.
    private mutating func isIn(_ transition: Transition, _ rows: [Transition: [RowNumber]], _ explaining: Explaining) -> Bool {
        guard let population = explaining.populations[transition], isKnown(population.who) else { return false }
        for row in rows[transition] ?? [] where isTrue(population.who, row) { return true }
        return false
    }

    // Back.

    /// The rows that some rows of an output come from, by inbound.
    private mutating func inboundRows(
        of activity: Activity, _ rows: [RowNumber], _ output: Transition, _ explaining: Explaining
    ) -> [Transition: [RowNumber]] {
        var found: [Transition: [RowNumber]] = [:]
        let frame = explaining.populations[output]!.frame
        if case .combine(let combine) = activity {
            for (inbound, links) in ways(to: frame, of: combine, explaining.populations) {
                for row in rows {
                    guard links.mine.allSatisfy({ isKept($0) }), let place = plainEnd(of: row, over: links.mine) else { continue }
                    found[inbound, default: []] += self.rows(leadingTo: place, over: links.theirs)
                }
            }
            return found
        }
        for inbound in activity.inbounds {
            let table = explaining.populations[inbound]!.frame.table
            found[inbound] = rows.compactMap { rowBehindPairs(frame.table, $0, at: table) }
        }
        return found
    }

    /// The row of a table that pairs, or pairs of pairs, come from.
    private func rowBehindPairs(_ table: TableNumber, _ row: RowNumber, at wanted: TableNumber) -> RowNumber? {
        var (table, row) = (table, row)
        while table != wanted {
            guard let pairs = plan.pairs.find(table: table), let next = tables.follow(plan.pairs[pairs].row, row) else { return nil }
            (table, row) = (tables.target(of: plan.pairs[pairs].row), next)
        }
        return row
    }

    // Forward.

    private mutating func step(
        _ activity: Activity, _ rows: [Transition: [RowNumber]], explaining: inout Explaining
    ) -> Explanation.Step {
        let outputs = explaining.wanted.filter { $0.activity == activity.id }.sorted { $0.output.isBefore($1.output) }
        var isPassed = false
        for output in outputs where isIn(output, rows, explaining) { isPassed = true }
        var isReached = activity.inbounds.isEmpty
        for inbound in activity.inbounds where isIn(inbound, rows, explaining) { isReached = true }
        var step = Explanation.Step(activity: activity, result: isPassed ? .passed : isReached ? activity.refusal : .notReached)
        guard isReached, let row = rowToTell(of: activity, rows, outputs, explaining) else {
            // Without a row there is nothing to look at.
            if activity.inbounds.isEmpty { step.result = .notReached }
            return step
        }
        tell(activity, row, rows, outputs, of: &step, &explaining)
        return step
    }

    /// Of several rows one that goes on, or else one that comes in.
    private mutating func rowToTell(
        of activity: Activity, _ rows: [Transition: [RowNumber]], _ outputs: [Transition], _ explaining: Explaining
    ) -> RowNumber? {
        let inbound = activity.inbounds.first ?? outputs[0]
        let candidates = rows[inbound] ?? []
        let table = explaining.populations[inbound]!.frame.table
        for transition in outputs + [inbound] {
            guard let population = explaining.populations[transition], population.frame.table == table, isKnown(population.who) else {
                continue
            }
            for row in candidates where isTrue(population.who, row) { return row }
        }
        return candidates.first
    }

    private mutating func tell(
        _ activity: Activity, _ row: RowNumber, _ rows: [Transition: [RowNumber]], _ outputs: [Transition],
        of step: inout Explanation.Step, _ explaining: inout Explaining
    ) {
        func inboundFrame() -> Frame { explaining.populations[activity.inbounds[0]]!.frame }
        switch activity {
        case .build(let build):
            let frame = explaining.populations[outputs[0]]!.frame
            if let filter = build.filter { step.conditions.append(("filter", condition(filter, row, in: frame, &explaining))) }
        case .read(let read): step.details.append(.audience(read.audience))
        case .combine(let combine): tell(combine, rows, of: &step, explaining)
        case .split(let split): tell(split, row, outputs, of: &step, &explaining)
        case .deduplication(let deduplication): tell(deduplication, row, outputs, of: &step, explaining)
        case .reconciliation(let reconciliation):
            let frame = inboundFrame()
            if let filter = reconciliation.filter { step.conditions.append(("filter", condition(filter, row, in: frame, &explaining))) }
            tellRecord(row, explaining.populations[outputs[0]]!.frame, of: &step)
        case .changeDimension:
            if let first = outputs.first.flatMap({ rows[$0] })?.first {
                tellRecord(first, explaining.populations[outputs[0]]!.frame, of: &step)
            }
        case .wait(let wait): tell(wait, row, outputs[0], of: &step, explaining)
        case .test(let test): tell(test, outputs, of: &step, &explaining)
        case .andJoin(let join):
            var isOpen = true
            for gate in join.from.compactMap({ explaining.populations[$0]!.isActive }) where isKnown(gate) && !isTrue(gate, .none) {
                isOpen = false
            }
            step.details.append(.gate(isOpen: isOpen, recordCount: recordCount(explaining.populations[join.from[0]]!)))
        case .enrichment, .fork, .channel, .alert, .save: break
        }
    }

    private mutating func tell(
        _ combine: Combine, _ rows: [Transition: [RowNumber]], of step: inout Explanation.Step, _ explaining: Explaining
    ) {
        var inbounds: [(transition: Transition, hasRow: Bool)] = []
        for inbound in combine.from { inbounds.append((inbound, isIn(inbound, rows, explaining))) }
        step.details.append(.inbounds(inbounds))
    }

    private mutating func tell(
        _ split: Split, _ row: RowNumber, _ outputs: [Transition], of step: inout Explanation.Step, _ explaining: inout Explaining
    ) {
        let frame = explaining.populations[split.from]!.frame
        var taking: [String] = []
        for subset in split.subsets {
            let transition = Transition(activity: split.id, output: subset.name)
            let population = explaining.populations[transition]!
            if isKnown(population.who), isTrue(population.who, row) { taking.append(subset.name) }
            guard outputs.contains(transition) else { continue }
            if let filter = subset.filter {
                step.conditions.append(("subsets.\(subset.name).filter", condition(filter, row, in: frame, &explaining)))
            }
            if let draws = subset.draws {
                let draw = drawNode("\(split.seed)/\(subset.name)/", frame)
                scratch.texts.reset()
                step.details.append(.draw(subset: subset.name, draw: Int(value(draw, row).integer), below: draws))
            }
            if subset.limit != nil { tellRank(row, population, frame, of: &step) }
        }
        let rest = split.hasComplement ? explaining.populations[Transition(activity: split.id, output: Split.complement)]!.who : nil
        if let rest, isKnown(rest), isTrue(rest, row) { taking.append(Split.complement) }
        step.details.append(.outputs(taking))
    }

    private mutating func tell(
        _ deduplication: Deduplication, _ row: RowNumber, _ outputs: [Transition], of step: inout Explanation.Step, _ explaining: Explaining
    ) {
        let frame = explaining.populations[deduplication.from]!.frame
        var group: [(expression: Expression, value: Literal)] = []
        for field in deduplication.fields { group.append((field, literal(of: field, row, in: frame))) }
        step.details.append(.group(group))
        guard deduplication.keep != nil else { return }
        tellRank(row, explaining.populations[Transition(activity: deduplication.id)]!, frame, of: &step)
    }

    /// Where a row stands in the ranking that decides who is in a population.
    private mutating func tellRank(_ row: RowNumber, _ population: Population, _ frame: Frame, of step: inout Explanation.Step) {
        let node = plan.nodes[population.who]
        guard node.operation == .member, let number = plan.conditions[node.condition].decidedBy,
            case .ranking(let ranking) = plan.operators[number].kind,
            let standing = plan.rankings[ranking].rows.standing(of: row)
        else { return }
        let boundary = standing.boundary.map { name(of: $0, in: frame) }
        let first = name(of: standing.first, in: frame)
        step.details.append(
            .rank(place: standing.place, of: standing.of, stays: standing.within, boundary: boundary, first: first))
    }

    private mutating func tellRecord(_ row: RowNumber, _ frame: Frame, of step: inout Explanation.Step) {
        var isAmbiguous = false
        for node in frame.ambiguous where isKnown(node) && isTrue(node, row) { isAmbiguous = true }
        step.details.append(.record(name(of: row, in: frame), isAmbiguous: isAmbiguous))
    }

    private mutating func tell(
        _ wait: Wait, _ row: RowNumber, _ output: Transition, of step: inout Explanation.Step, _ explaining: Explaining
    ) {
        switch wait.period {
        case .until(let instant): step.details.append(.waitsUntil(instant))
        case .duration:
            let node = plan.nodes[explaining.populations[output]!.who]
            guard node.operation == .member,
                let held = plan.waits[waiting(deciding: node.condition)].state.held(row, countingUpTo: 0)
            else { return }
            step.details.append(.waitsUntil(held.due == .max ? nil : held.due))
        }
    }

    private mutating func tell(
        _ test: Test, _ outputs: [Transition], of step: inout Explanation.Step, _ explaining: inout Explaining
    ) {
        let inbound = explaining.populations[test.from]!
        let counter = counter(of: inbound)
        let frame = countFrame(counter)
        for condition in test.conditions {
            step.conditions.append(("conditions.\(condition.name).when", self.condition(condition.when, .none, in: frame, &explaining)))
        }
        var isOpen = false
        for output in outputs {
            if let node = explaining.populations[output]!.isActive, isKnown(node), isTrue(node, .none) { isOpen = true }
        }
        step.details.append(.gate(isOpen: isOpen, recordCount: plan.gates[counter].rows.count))
    }

    private mutating func recordCount(_ population: Population) -> Int { plan.gates[counter(of: population)].rows.count }

    private mutating func saveStep(_ rows: [Transition: [RowNumber]], _ explaining: inout Explaining) -> Explanation.Step {
        let save = explaining.save
        guard isIn(save.from, rows, explaining), let row = rows[save.from]?.first else {
            return Explanation.Step(activity: .save(save), result: .notReached)
        }
        let frame = explaining.populations[save.from]!.frame
        let link = identityLink(save.identity, namespace: save.namespace, in: frame)
        let identity = tables[link].rows[row].orNil
        var step = Explanation.Step(activity: .save(save), result: identity == nil ? .rejected : .passed)
        step.details.append(.identity(identity.map { String(decoding: tables[tables.target(of: link)].key(of: $0), as: UTF8.self) }))
        return step
    }
}

extension Explaining {
    /// The activities that a row has to pass: not those of inbounds that an exclusion takes away.
    fileprivate func mainWay(_ steps: [Explanation.Step]) -> Set<String> {
        var way: Set<String> = [save.id]
        for step in steps.reversed() where way.contains(step.activity.id) {
            if case .combine(let combine) = step.activity, combine.operation == .exclusion {
                way.insert(combine.from[0].activity)
            } else if case .andJoin(let join) = step.activity {
                way.insert(join.from[0].activity)
            } else {
                way.formUnion(step.activity.inbounds.map(\.activity))
            }
        }
        return way
    }
}

extension Activity {
    /// What becomes of a row that it takes and does not pass on.
    fileprivate var refusal: Explanation.Result {
        switch self {
        case .build, .read, .reconciliation, .save: .rejected
        case .wait: .waiting
        case .test, .andJoin: .stopped
        case .combine, .split, .deduplication, .enrichment, .changeDimension, .fork, .channel, .alert: .removed
        }
    }
}

extension PairTables {
    /// The pairs whose rows a table has.
    fileprivate func find(table: TableNumber) -> Number<Pairs>? {
        (0..<nextNumber.value).lazy.map { Number<Pairs>($0) }.first { self[$0].table == table }
    }
}
