// What the state machine's commits add to the metrics (CommitCounts), while somebody counts.
import Engine

extension StateMachine {
    /// What the commits since the last call add, which is counted from the first call on.
    func takeCounts() -> CommitCounts {
        // What was repeated from the journal was due long ago.
        if counts == nil { forgetDue() }
        defer { counts = CommitCounts(behind: counts) }
        return counts ?? CommitCounts()
    }

    /// Time has passed rows, and nobody is told anything of it.
    func forgetDue() { _ = engine.takeEarliestDue() }

    /// Adds what the caller knows of a commit.
    func count(_ body: (inout CommitCounts) -> Void) {
        if counts != nil { body(&counts!) }
    }

    /// A commit says this.
    func count(_ difference: Difference) {
        guard counts != nil else { return }
        let due = engine.takeEarliestDue()
        counts?.take(difference, of: engine, due: due)
    }

    /// A definition's commit, for the log.
    func note(_ kind: DefinitionLine.Kind, _ name: String, _ outcome: DefinitionLine.Outcome) {
        counts?.definitions.append(DefinitionLine(kind: kind, name: name, sequence: sequence, outcome: outcome))
    }
}
