// What an engine keeps for what is asked of it, counted: what comes with campaigns and must go with them.
import Campaigns

@testable import Engine

extension Table {
    /// All rows that have a number, those that were only mentioned too.
    var numberedRows: Numbers<TableRow> { Numbers(count: keys.count) }
}

enum Retained {
    /// What is kept, by what it is called; without what there is none of.
    static func counts(_ engine: borrowing Engine) -> [String: Int] {
        var counts: [String: Int] = [:]
        func add(_ name: String, _ count: Int) { if count != 0 { counts[name, default: 0] += count } }
        add("nodes", (0..<engine.plan.nodes.count).count { engine.plan.nodes.isRead(Number($0)) })
        add("operators", engine.plan.operators.live.count)
        add("windows", engine.plan.windows.live.count)
        add("terms", engine.plan.terms.live.count)
        add("linked takers", engine.plan.linkedTakers)
        add("saves", engine.audiences.open.count)
        add("campaigns", engine.audiences.campaigns.count)
        for number in engine.plan.conditions.all {
            add("conditions", engine.plan.conditions[number].references)
            add("readers of memberships", engine.plan.conditions[number].memberReaders)
            add("followers", engine.plan.conditions[number].followers.count)
            add("takers", engine.plan.conditions[number].takers.count)
        }
        for number in engine.audiences.saves.numbers where !engine.audiences.saves[number].crowds.isEmpty { add("crowds of saves", 1) }
        addOperators(engine, add)
        for table in engine.tables.all { addTable(engine, table, add) }
        add("marks", engine.pending.marks.count)
        add("changes", engine.pending.hasChanges ? 1 : 0)
        return counts
    }

    private static func addOperators(_ engine: borrowing Engine, _ add: (String, Int) -> Void) {
        for number in engine.plan.operators.all {
            add("readers of operators", engine.plan.operators[number].readers)
            switch engine.plan.operators[number].kind {
            case .link: break
            case .choice(let choice): if !engine.plan.choices[choice].crowds.isEmpty { add("crowds of choices", 1) }
            case .ranking(let ranking): add("ranked rows", engine.plan.rankings[ranking].rows.count)
            case .pairs(let pairs, let ofRows):
                if ofRows { add("pairs", engine.tables[engine.plan.pairs[pairs].table].liveCount) }
            case .gate(let gate):
                let counter = engine.plan.gates[gate].key.counter
                add("gates of gates", engine.plan.gates[gate].gates.count)
                add("gates of counters", engine.plan.gates[counter].gates.count)
                add("readers of counters", engine.plan.gates[counter].readers)
                add("counted rows", engine.plan.gates[counter].rows.count)
            case .waiting(let waiting): add("waiting row ids", engine.plan.waits[waiting].state.memory.count)
            }
        }
    }

    private static func addTable(_ engine: borrowing Engine, _ table: TableNumber, _ add: (String, Int) -> Void) {
        for row in engine.tables[table].numberedRows {
            add("memberships", engine.tables[table].memberships.count(row))
            add("accumulated", engine.tables[table].accumulated.count(row))
        }
        for order in engine.tables[table].orders.all where engine.tables[table].orders[order].isRead { add("orders", 1) }
        for link in engine.tables[table].links.numbers {
            add("watchers of links", engine.tables[table].links[link].watchers)
        }
        add("derived links", engine.tables[table].derivedLinks.count)
        add("signals that are read", engine.tables[table].reads.bits.nonzeroBitCount)
        add("signals that takers read", engine.tables[table].takerReads.bits.nonzeroBitCount)
    }

    /// What was ever made of definitions, and is found again when one says it again.
    static func made(_ engine: borrowing Engine) -> [String: Int] {
        var counts = ["nodes": engine.plan.nodes.count, "operators": engine.plan.operators.all.reduce(0) { count, _ in count + 1 }]
        counts["conditions"] = engine.plan.conditions.all.reduce(0) { count, _ in count + 1 }
        for table in engine.tables.all {
            counts["tables", default: 0] += 1
            counts["links", default: 0] += engine.tables[table].links.count
            counts["columns", default: 0] += engine.tables[table].columns.count
        }
        return counts
    }
}
