// A shop with campaigns that keep something of every kind, and for each kind a way to spoil what is kept without a word.
import Campaigns

@testable import Engine

extension Shop {
    /// Customers, purchases and cards, and campaigns that keep every kind of state.
    static func audited() throws -> Shop {
        let shop = Shop()
        for number in 1...6 {
            shop.customer(number, email: number < 3 ? "same@x.fr" : nil, seen: start - Int64(number) * day, note: "\(number % 2)")
        }
        shop.customer(9, email: "", seen: start - day)
        for (purchase, customer) in [(1, 1), (2, 1), (3, 2), (4, 5), (5, 1)] {
            shop.purchase(purchase, of: customer, amount: Double(purchase) + 0.5)
        }
        shop.commit()
        try shop.publishAudited()
        shop.remove("c6")
        shop.engine.advance(to: start + day / 2)
        shop.commit()
        return shop
    }

    private func publishAudited() throws {
        let seen = Shop.field("customers", 3, .datetime)
        let filter = try Shop.read(
            "seen > SubDays(NOW(), 30) AND COUNT(purchases) >= 0 AND (SUM(purchases.amount) > 1 OR MIN(purchases.id) = 'p4')")
        publish("filtered", [Shop.build(filter), Shop.save("build", as: "filtered")])
        let best = Deduplication(
            id: "best", from: Transition(activity: "build"), fields: [Shop.field("customers", 4, .string)], method: .highest(seen),
            seed: "seed")
        let note = Attribute(name: "note", source: Shop.field("customers", 4, .string))
        publish("ranked", [Shop.build(Shop.isFrench), .deduplication(best), Shop.save("best", as: "ranked", attributes: [note])])
        let buyers = ChangeDimension(
            id: "buyers", from: Transition(activity: "bought"),
            path: [AggregateStep(link: LinkStep(schema: "purchases", link: 0), isForward: true)], dimension: "customers")
        let union = Combine(
            id: "all", operation: .union, from: [Transition(activity: "buyers"), Transition(activity: "build")])
        publish(
            "joined",
            [
                Shop.build(), Shop.build(of: "purchases", as: "bought"), .changeDimension(buyers), .combine(union),
                Shop.save("all", as: "joined"),
            ])
        let many = ChangeDimension(id: "many", from: Transition(activity: "mail"), path: Shop.bought, dimension: "purchases")
        let mail = Enrichment(id: "mail", from: Transition(activity: "build"), columns: [.init(name: "mail", value: Shop.email)])
        publish(
            "paired",
            [
                Shop.build(), .enrichment(mail), .changeDimension(many),
                Shop.save("many", as: "paired", identity: .carried("mail", type: .string)),
            ])
        let wait = Wait(id: "wait", from: Transition(activity: "build"), period: .duration(CalendarDuration(days: 1), timezone: "UTC"))
        publish("waiting", [Shop.build(Shop.isFrench), .wait(wait), Shop.save("wait", as: "waiting")])
        let test = Test(
            id: "test", from: Transition(activity: "build"), conditions: [.init(name: "some", when: Shop.count(.greaterOrEqual, 6))])
        let alert = Alert(id: "alert", from: Transition(activity: "test", output: "some"), when: Shop.count(.greater, 0))
        let channel = Channel(
            id: "send", from: Transition(activity: "alert"), channel: .email, identity: Shop.email, namespace: "Email",
            address: Shop.email, timezone: "UTC", dimension: "customers")
        publish("tested", [Shop.build(Shop.isFrench), .test(test), .alert(alert), .channel(channel), Shop.save("send", as: "tested")])
        publish("added", [Shop.build(Shop.isFrench), Shop.save("build", as: "added", mode: .append)])
        publish("reader", [Shop.read("ranked", columns: [.init(name: "note", type: .string)], as: "read"), Shop.save("read", as: "read")])
    }

    /// What an audit finds; nil: changes wait for their commit.
    func drift() -> Set<String>? { engine.drift() }

    /// Goes on with an audit.
    func audit(_ walk: inout AuditWalk, _ most: Int) -> Drift? { engine.audit(&walk, visiting: most) }

    /// All audiences with their members.
    var audiences: [String: [String: String]] {
        let names = (0..<engine.audienceCount).map { engine.audience($0).id }
        return Dictionary(uniqueKeysWithValues: names.map { ($0, members($0)) })
    }

    /// The row of `c1`, `p1`…, and its table.
    private func row(_ key: String) -> (table: TableNumber, row: RowNumber) {
        let table = engine.tables.number(of: key.hasPrefix("c") ? "customers" : "purchases")
        return (table, Array(key.utf8).withUnsafeBytes { engine.tables[table].row(ofKey: $0, hash: textHash($0)) })
    }

    private func save(of audience: String) -> Number<Save> {
        engine.audiences.open.all.first { engine.audience(engine.audiences.saves[$0].audience).id == audience }!
    }

    /// Exchanges one thing of a kind.
    func spoil(_ kind: KeptKind) {
        let (customers, first) = row("c1")
        switch kind {
        case .term:
            let term = engine.plan.terms.live.all.last!
            engine.plan.terms[term].value = .instant(0)
        case .order:
            let order = engine.tables[customers].orders.all.first { engine.tables[customers].orders[$0].isRead }!
            engine.tables[customers].orders[order].remove(first, at: Shop.start - Shop.day)
        case .link: engine.tables[engine.audiences.saves[save(of: "filtered")].link].set(first, to: .noValue)
        case .condition: engine.tables[customers].memberships.remove(first, engine.audiences.saves[save(of: "filtered")].condition)
        case .accumulator: spoilAccumulator(.count)
        case .choice:
            // The last of the purchases instead of the first.
            let number = engine.tables[customers].links.numbers.first {
                engine.tables[customers].links[$0].choice != nil && engine.tables[customers].links[$0].watchers > 0
            }!
            engine.tables[LinkPlace(table: customers, number: number)].set(first, to: row("p5").row)
        case .ranking: engine.tables[customers].memberships.set(row("c3").row, engine.plan.rankings[Number(0)].decided, 0)
        case .pairs:
            let table = engine.plan.pairs[Number(0)].table
            engine.tables[table].becomeDeleted(engine.tables[table].rows.first { engine.tables[table].isLive($0) }!)
        case .waiting: engine.tables[customers].memberships.set(first, engine.plan.waits[Number(0)].decided, 0)
        case .counter: engine.plan.gates[Number<Counter>(0)].rows.remove(first)
        case .gate: leave(.markingGates)
        case .members:
            let save = save(of: "added")
            let identity = engine.tables[engine.audiences.saves[save].link].rows[first]
            engine.audiences.saves[save].kept[identity] = KeptMember(rows: 1, attributes: Array("{}".utf8))
        case .rejected: engine.touch(save(of: "added"), row: row("c9").row, flipsTo: true)
        case .channel: leave(.contacting)
        case .alerts: engine.audiences.alerts[engine.audiences.campaigns["tested"]!.following!.alerts["alert"]!].wasTrue.toggle()
        case .size: engine.audiences[0].size += 1
        case .audienceTable:
            let held = engine.audiences.tables["ranked"]!
            let member = engine.tables[held.table].rows.first { engine.tables[held.table].isLive($0) }!
            engine.tables[held.table].setNull(held.columns["note"]!.column, member)
        }
    }

    /// Exchanges what an accumulator of a family holds for the first customer.
    func spoilAccumulator(_ family: Accumulator.Family) {
        let (customers, first) = row("c1")
        let accumulator = engine.plan.accumulators.all.first {
            engine.plan.accumulators[$0].family == family && engine.tables[customers].accumulated.contains(first, $0)
        }!
        let held = engine.tables[customers].accumulated.value(first, accumulator)!
        switch family {
        case .count: engine.tables[customers].accumulated.set(first, accumulator, held + 1)
        case .sum: engine.states.sums[held].add(0x1p-40, sign: 1)
        case .values: engine.states.valueSets[held].entries[0].count += 1
        }
    }

    /// Somebody leaves, and a step is left out.
    private func leave(_ omission: Omission) {
        Omission.$current.withValue(omission) { leave() }
    }

    func leave() {
        customer(4, country: "DE", seen: Shop.start - 4 * Shop.day, note: "0")
        commit()
    }
}
