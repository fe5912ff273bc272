// What the log says of definitions: a line for each that was published, stopped, deleted or rejected, once that is committed.

struct DefinitionLine: Sendable {
    enum Kind: String { case campaign, schema }

    enum Outcome: Sendable {
        /// `version` is nil where there are none.
        case done(String, version: Int?)
        case rejected(problems: Int)
    }

    var kind: Kind
    /// "" where it could not be read.
    var name: String
    var sequence: Int64
    var outcome: Outcome

    func log() {
        switch outcome {
        case .rejected(let problems):
            Log.warning(
                .rejected, "a definition is rejected; audience-updated says why",
                [kind.rawValue: name, "problems": String(problems), "sequence": String(sequence)])
        case .done(let action, let version?):
            Log.information(
                .published, "a definition is \(action)",
                [kind.rawValue: name, "version": String(version), "sequence": String(sequence)])
        case .done(let action, nil):
            Log.information(.published, "a definition is \(action)", [kind.rawValue: name, "sequence": String(sequence)])
        }
    }
}
