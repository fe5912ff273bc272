// What holds when a commit has settled, looked at in debug builds, so that whatever the tests do checks it too.
//
//   I2  whatever changed was told: each row that was told of meets exactly the conditions whose nodes are true of it
//   I3  a ranking holds exactly the rows that compete
//   I4  what was decided stays decided: asked again, no choice and no gate says anything else
//   I6  no mark is left
//   I7  an operator is of the stratum of what it reads, whoever has published what since it was found
//
// That nothing changes unannounced (I1), and that decisions do not hang on batches (I5), is what the random histories are for: an event too
// few or too many is seen there.

#if DEBUG
    /// A row that somebody was told of.
    struct ToldRow: Hashable {
        var table: TableNumber
        var row: RowNumber
    }

    extension Engine {
        /// More rows and conditions than these are not looked at: what is wrong of many is wrong of few.
        private static let most = 200

        mutating func checkInvariants() {
            precondition(pending.marks.count == 0 || Omission.current != nil, "I6: what was marked is decided")
            let (told, counted) = (pending.told, statistics)
            pending.told = []
            // With a step left out nothing needs to hold.
            guard Omission.current == nil, told.count <= Self.most, plan.conditions.all.underestimatedCount <= Self.most else { return }
            for one in told where tables[one.table].isLive(one.row) { checkConditions(of: one) }
            for number in plan.operators.live.all {
                precondition(plan.operators[number].stratum == stratum(of: number), "I7: strata are those of what is read")
                switch plan.operators[number].kind {
                case .ranking(let ranking): checkRows(of: ranking, told)
                case .choice(let choice): checkChosen(choice, told)
                case .gate(let gate):
                    precondition(
                        plan.gates[gate].isOpen == (truth(plan.gates[gate].key.when, .none) == .yes), "I4: a gate is as it was decided")
                case .link, .pairs, .waiting: break
                }
            }
            statistics = counted
            // The last row that was looked at is another each time: nobody goes on with what it was found to be.
            plan.found.noteWrite()
        }

        private mutating func checkConditions(of one: ToldRow) {
            for number in plan.conditions.all where plan.conditions[number].table == one.table {
                guard plan.conditions[number].references > 0, plan.conditions[number].decidedBy == nil else { continue }
                scratch.texts.reset()
                let isTrue = truth(plan.conditions[number].node, one.row) == .yes
                precondition(tables[one.table].memberships.contains(one.row, number) == isTrue, "I2: whatever changed is told")
            }
        }

        private mutating func checkChosen(_ choice: Number<Choice>, _ told: Set<ToldRow>) {
            let link = plan.choices[choice].link
            for one in told where one.table == link.table && tables[one.table].isLive(one.row) {
                let (chosen, asked) = (tables.follow(link, one.row), chosenRow(choice, one.row))
                if chosen == asked { continue }
                // Rows of one row id, which say the same: a record that several ways lead to.
                guard let chosen, let asked else { preconditionFailure("I4: a record leads to the row that is first") }
                let isTied = !isBefore(chosen, asked, plan.choices[choice].key) && !isBefore(asked, chosen, plan.choices[choice].key)
                precondition(isTied, "I4: a record leads to the row that is first")
            }
        }

        private func checkRows(of ranking: Number<Ranking>, _ told: Set<ToldRow>) {
            let key = plan.rankings[ranking].key
            let table = plan.conditions[key.condition].table
            for one in told where one.table == table {
                let competes = tables[table].isLive(one.row) && tables[table].memberships.contains(one.row, key.condition)
                let isHeld = plan.rankings[ranking].rows.contains(one.row)
                precondition(key.group == nil ? competes == isHeld : competes || !isHeld, "I3: a ranking holds the rows that compete")
            }
        }
    }
#endif
