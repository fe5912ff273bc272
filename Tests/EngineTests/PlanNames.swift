// What things of an engine's plan are called by what they say, not by the numbers that they got on the way: two engines that were asked the
// same call it the same.
import Campaigns

@testable import Engine

final class PlanNames {
    private var names: [NodeNumber: String] = [:]

    /// Long names end in a hash of themselves.
    private func short(_ name: String) -> String {
        guard name.utf8.count > 200 else { return name }
        return "\(name.prefix(80))…#\(Array(name.utf8).withUnsafeBytes { textHash($0) })"
    }

    private func list(_ parts: [String]) -> String { "(\(parts.joined(separator: ", ")))" }

    // Nodes.

    func node(_ number: NodeNumber, _ engine: borrowing Engine) -> String {
        if let found = names[number] { return found }
        let name = short(newName(engine.plan.nodes[number], engine))
        names[number] = name
        return name
    }

    private func newName(_ node: Node, _ engine: borrowing Engine) -> String {
        func named(_ number: NodeNumber) -> String { self.node(number, engine) }
        let what = "\(node.operation)\(node.detail == 0 ? "" : "\(node.detail)")"
        switch node.operation {
        case .constant: return text(engine.plan.constants[node.constant])
        case .column: return column(node.column, of: node.table, engine)
        case .codeIs: return what + list([column(node.column, of: node.table, engine), code(node.b, node, engine)])
        case .codeIn:
            let codes = engine.plan.nodes.codes(node).map { code($0, node, engine) }.sorted()
            return what + list([column(node.column, of: node.table, engine)] + codes)
        case .follow: return "\(link(node.link, engine)).\(named(node.behind))"
        case .keyText, .rowNumber: return "\(table(node.table, engine)).\(what)"
        case .draw: return what + list([named(node.left), text(engine.plan.constants[node.seed])])
        case .member: return what + list([condition(node.condition, engine)])
        case .isPair: return what + list([pairs(node.pairs, engine)])
        case .isOpen: return what + list([gate(node.gate, engine)])
        case .recordCount: return what + list([condition(engine.plan.gates[node.counter].condition, engine)])
        case .term: return what + list([named(engine.plan.terms[node.term].node)])
        case .clock: return what + list([text(engine.plan.constants[node.constant]), engine.zones[Int(node.b)].name])
        case .ageThreshold:
            let words = node.operandPlaces.map { "\(engine.plan.nodes.word($0))" }
            return what + list([named(node.left), engine.zones[Int(node.b)].name] + words)
        case .midnight: return what + list([named(node.left), engine.zones[Int(node.b)].name])
        case .compare: return "\(node.comparison)" + list([named(node.left), named(node.right)])
        case .call: return what + list([engine.zones[Int(node.b)].name] + engine.plan.nodes.list(node).map(named))
        case .count, .sum, .average, .minimum, .maximum, .countDistinct: return what + list([accumulator(node.accumulator, engine)])
        case .and, .or: return what + list(engine.plan.nodes.list(node).map(named).sorted())
        case .except, .isOneOf:
            let parts = engine.plan.nodes.parts(of: node).map(named)
            return what + list(parts.prefix(1) + parts.dropFirst().sorted())
        default: return what + list(engine.plan.nodes.parts(of: node).map(named))
        }
    }

    private func text(_ value: Value) -> String {
        value.kind == .text ? "'\(String(decoding: value.text, as: UTF8.self))'" : "\(value.kind) \(value.bits)"
    }

    private func column(_ number: ColumnNumber, of table: TableNumber, _ engine: borrowing Engine) -> String {
        if let field = engine.tables[table].schema.fields.dropFirst(Int(number.value)).first {
            return "\(self.table(table, engine)).\(field.name)"
        }
        let held = engine.audiences.tables.values.first { $0.table == table }
        return "\(self.table(table, engine)).\(held?.columns.first { $0.value.column == number }?.key ?? "?")"
    }

    /// The text of a code of a column.
    private func code(_ code: Int32, _ node: Node, _ engine: borrowing Engine) -> String {
        switch engine.tables[node.table].columns[node.column].kind {
        case .text: String(decoding: engine.tables[node.table].columns[node.column].texts.text(code), as: UTF8.self)
        case .ownKey: String(decoding: engine.tables[node.table].key(of: RowNumber(code)), as: UTF8.self)
        case .foreignKey:
            String(
                decoding: engine.tables[engine.tables[node.table].columns[node.column].target!].key(of: RowNumber(code)), as: UTF8.self)
        default: "\(code)"
        }
    }

    // What nodes are about.

    func table(_ number: TableNumber, _ engine: borrowing Engine) -> String { engine.tables[number].schema.name }

    func link(_ place: LinkPlace, _ engine: borrowing Engine) -> String {
        let source = table(place.table, engine)
        if let number = engine.tables[place.table].schemaLinks.firstIndex(of: place.number) {
            return "\(source).\(engine.tables[place.table].schema.links[number].name)"
        }
        if let choice = engine.tables[place].choice { return self.choice(engine.plan.choices[choice].key, engine) }
        let target = engine.tables[place].target.map { table($0, engine) } ?? "-"
        if let derived = engine.tables[place].node {
            let record = (engine.tables[place].record ?? []).map { link($0, engine) }
            return short("\(node(derived, engine))→\(target) of \(engine.tables[place].record != nil) \(list(record))")
        }
        for number in Numbers<Pairs>(count: Int(engine.plan.pairs.nextNumber.value)) where engine.plan.pairs[number].table == place.table {
            return "\(pairs(number, engine)).\(engine.plan.pairs[number].row == place ? "row" : "linked")"
        }
        return "\(source).link \(place.number.value)"
    }

    private func choice(_ key: ChoiceKey, _ engine: borrowing Engine) -> String {
        let order = [key.value, key.rowId, key.place].map { $0.map { node($0, engine) } ?? "-" }
        return short(
            "choice"
                + list(
                    [condition(key.condition, engine)] + key.record.map { link($0, engine) } + order + [
                        "\(key.isDescending)", "\(key.line)",
                    ])
        )
    }

    func condition(_ number: Number<Condition>, _ engine: borrowing Engine) -> String {
        guard let decided = engine.plan.conditions[number].decidedBy else {
            return "\(table(engine.plan.conditions[number].table, engine)) where \(node(engine.plan.conditions[number].node, engine))"
        }
        switch engine.plan.operators[decided].kind {
        case .ranking(let ranking):
            let key = engine.plan.rankings[ranking].key
            let nodes = [key.group, key.value, key.rowId, key.place].map { $0.map { node($0, engine) } ?? "-" }
            let options = ["\(key.cut) \(key.keepsUngrouped) \(key.isDescending)", text(engine.plan.constants[key.seed])]
            return short("ranking" + list([condition(key.condition, engine)] + nodes + options))
        case .waiting(let waiting):
            let key = engine.plan.waits[waiting].key
            let nodes = [condition(key.condition, engine), node(key.rowId, engine)]
            return short("wait" + list(nodes + [key.campaign, key.activity, "\(key.duration)", engine.zones[Int(key.zone)].name]))
        case .link, .choice, .pairs, .gate: preconditionFailure("they decide no condition")
        }
    }

    private func pairs(_ number: Number<Pairs>, _ engine: borrowing Engine) -> String {
        let key = engine.plan.pairs[number].key
        return short(
            "pairs" + list([condition(key.condition, engine)] + (key.record + [key.back]).map { link($0, engine) }))
    }

    func gate(_ number: Number<Gate>, _ engine: borrowing Engine) -> String {
        let key = engine.plan.gates[number].key
        return short("gate" + list([condition(engine.plan.gates[key.counter].condition, engine), node(key.when, engine)]))
    }

    func accumulator(_ number: Number<Accumulator>, _ engine: borrowing Engine) -> String {
        let links = (0..<engine.plan.accumulators[number].links.count).map { engine.plan.accumulators[number].links[$0] }
        let tail = engine.plan.accumulators[number].tail.map { link($0, engine) }
        let value = engine.plan.accumulators[number].value.map { node($0, engine) } ?? "-"
        let inner = engine.plan.accumulators[number].inner.map { accumulator($0, engine) } ?? "-"
        return short(
            "\(engine.plan.accumulators[number].family)"
                + list(
                    links.map { link($0, engine) }
                        + [condition(engine.plan.accumulators[number].condition, engine), value, inner, list(tail)]))
    }
}
