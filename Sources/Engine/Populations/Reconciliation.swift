// reconciliation: "Each row that passes `filter` gets the key of the record of the new `dimension` equal on every rule (null matches
// nothing; several: lowest key, counted); others have no key." The way to the new record leads over the values that both must be equal on
// (Tables/DerivedLinks), and of those that are to the one with the lowest key (Tables/Choices).
import Campaigns

extension Reconciliation: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        engine.populations(of: self, inbounds.first)
    }
}

extension Engine {
    fileprivate mutating func populations(of reconciliation: Reconciliation, _ inbound: Population) -> [String: Population] {
        let (frame, table) = (inbound.frame, inbound.frame.table)
        let records = everyone(of: tables.number(of: reconciliation.dimension))
        let target = records.frame.table
        let theirs = tuple(reconciliation.rules.map { build($0.target, in: records.frame) }, target)
        let keys = tables.keys(of: theirs)
        let meeting = Meeting(inbound: records, links: [valueLink(theirs, to: keys)])
        var mine = tuple(reconciliation.rules.map { build($0.source, in: frame) }, table)
        if let filter = reconciliation.filter {
            let nothing = build(.literal(.null), table: table)
            mine = intern(Node(operation: .choose, table: table), operands: [build(filter, in: frame), mine, nothing])
        }
        let link = valueLink(mine, to: keys)
        var reconciled = frame
        reconciled.record = [link, lowestLink(meeting)]
        reconciled.rowId = rowId(rowId(of: frame), followedByRecordOf: reconciled)
        for column in reconciliation.columns { reconciled.columns[column.name] = build(column.value, in: frame) }
        reconciled.ambiguous = [follow(link, atLeast(2, count(of: records.who, leadingOver: meeting.links)))]
        let isReconciled = recordNode(of: reconciled)
        let others = without(inbound.who, [isReconciled], table)
        let main = reconciliation.keepsUnreconciled ? inbound.who : junction(.and, [inbound.who, isReconciled], table)
        var outputs = [Transition.main: Population(frame: reconciled, who: main)]
        if reconciliation.hasComplement { outputs[Reconciliation.complement] = Population(frame: reconciled, who: others) }
        return outputs
    }
}
