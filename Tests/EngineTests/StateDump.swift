// What an engine keeps for what is asked of it, by names: which rows meet each condition, where links lead, what accumulators hold, who
// waits since when. Two engines with the same tables, definitions, clock and memories keep the same, whatever came before.
import Campaigns

@testable import Engine

struct StateDump {
    /// What is kept, sorted, by what it is called.
    private(set) var state: [String: [String]] = [:]
    private let names = PlanNames()

    init(_ engine: borrowing Engine) {
        addConditions(engine)
        addLinks(engine)
        addAccumulators(engine)
        addOperators(engine)
        for name in state.keys { state[name]!.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
    }

    private mutating func add(_ name: String, _ item: String) { state[name, default: []].append(item) }

    /// What differs from another, for people.
    func difference(from other: StateDump) -> String {
        Set(state.keys).union(other.state.keys).sorted().filter { state[$0] != other.state[$0] }.map { name in
            "\(name)\n    is \(state[name] ?? [])\n    not \(other.state[name] ?? [])"
        }.joined(separator: "\n")
    }

    // Rows.

    /// What a row is called; nil of a row of a hidden table of keys that nobody leads to.
    private func row(_ row: RowNumber, _ table: TableNumber, _ engine: borrowing Engine) -> String? {
        for number in Numbers<Pairs>(count: Int(engine.plan.pairs.nextNumber.value)) where engine.plan.pairs[number].table == table {
            let ends = [engine.plan.pairs[number].row, engine.plan.pairs[number].linked].map { link in
                engine.tables.follow(link, row).flatMap { self.row($0, engine.tables.target(of: link), engine) } ?? "-"
            }
            return "\(ends[0]) with \(ends[1])"
        }
        let key = Array(engine.tables[table].key(of: row))
        if !engine.tables[table].isLiveOnceNamed { return engine.tables[table].isTextKey ? String(decoding: key, as: UTF8.self) : "\(key)" }
        for source in engine.tables.all {
            for number in engine.tables[source].links.numbers where engine.tables[source].links[number].target == table {
                let link = LinkPlace(table: source, number: number)
                guard engine.tables[link].watchers > 0, let first = engine.tables[link].children.first(under: row) else { continue }
                // One of its own (Combine.swift) is called by who leads there: its bytes hold a row number.
                return key.first == 0 ? "own of \(self.row(first, source, engine) ?? "?") by \(key[2])" : "\(key)"
            }
        }
        return nil
    }

    private mutating func addConditions(_ engine: borrowing Engine) {
        for number in engine.plan.conditions.all
        where engine.plan.conditions[number].references + engine.plan.conditions[number].memberReaders > 0 {
            let (table, name) = (engine.plan.conditions[number].table, names.condition(number, engine))
            for row in engine.tables[table].rows where engine.tables[table].memberships.contains(row, number) {
                if let row = self.row(row, table, engine) { add(name, row) }
            }
        }
    }

    private mutating func addLinks(_ engine: borrowing Engine) {
        for table in engine.tables.all {
            for number in engine.tables[table].links.numbers where engine.tables[table].links[number].watchers > 0 {
                let link = LinkPlace(table: table, number: number)
                // Of the lines of a record that several ways lead to any way will do.
                if let rowId = engine.tables[link].choice.flatMap({ engine.plan.choices[$0].key.rowId }),
                    engine.plan.nodes[rowId].operation == .follow
                {
                    continue
                }
                let (name, target) = ("link \(names.link(link, engine))", engine.tables.target(of: link))
                for row in engine.tables[table].rows where engine.tables[table].isLive(row) {
                    guard let end = engine.tables.follow(link, row) else { continue }
                    if let row = self.row(row, table, engine) { add(name, "\(row) → \(self.row(end, target, engine) ?? "?")") }
                }
            }
        }
    }

    private mutating func addAccumulators(_ engine: borrowing Engine) {
        for table in engine.tables.all {
            for row in engine.tables[table].numberedRows {
                for place in 0..<engine.tables[table].accumulated.count(row) {
                    let entry = engine.tables[table].accumulated.entry(row, at: place)
                    let value = engine.accumulatedNumber(entry.number, entry.value).map { "\($0)" } ?? "values"
                    if let row = self.row(row, table, engine) {
                        add("accumulator \(names.accumulator(entry.number, engine))", "\(row): \(value)")
                    }
                }
            }
        }
    }

    private mutating func addOperators(_ engine: borrowing Engine) {
        for place in 0..<engine.plan.operators.live.count {
            switch engine.plan.operators[engine.plan.operators.live[place]].kind {
            case .gate(let gate): add(names.gate(gate, engine), "\(engine.plan.gates[gate].isOpen)")
            case .waiting(let waiting):
                let name = "since \(names.condition(engine.plan.waits[waiting].decided, engine))"
                for (rowId, since) in engine.plan.waits[waiting].state.memory {
                    add(name, "\(String(decoding: rowId, as: UTF8.self)): \(since)")
                }
            case .ranking(let ranking):
                add(
                    "rows of \(names.condition(engine.plan.rankings[ranking].decided, engine))",
                    "\(engine.plan.rankings[ranking].rows.count)")
            case .link, .choice, .pairs: break
            }
        }
        for (id, campaign) in engine.audiences.campaigns {
            for (activity, save) in campaign.following?.saves ?? [:] {
                add("rejected by \(id) \(activity)", "\(engine.audiences.saves[save].rejected)")
            }
            for (activity, channel) in campaign.following?.channels ?? [:] {
                let memory = engine.memory(of: channel)
                for identity in memory.present { add("present \(id) \(activity)", "\(identity)") }
                for (namespace, last) in memory.last {
                    for (identity, clock) in last { add("last \(id) \(activity)", "\(namespace) \(identity): \(clock)") }
                }
            }
        }
    }
}
