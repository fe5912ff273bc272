// A second state machine beside the first, as of a commit: whatever is done to it, the first knows nothing of it.
import Campaigns
import Engine
import Wire

/// The facts of a state machine, copied piece by piece between two commits; then any thread makes machines of them.
///
/// `@unchecked Sendable`: values, memory that never changes, and functions that read files of time zones alone.
struct MachineCopy: @unchecked Sendable {
    private let facts: MachineFacts
    private let catalog: Catalog
    private let zoneNames: [String]
    private let zone: (String) -> TimeZoneRules?
    private var engine: EngineCopy

    /// Begins to copy a machine, with nothing being applied that is in no commit.
    init(_ machine: StateMachine) {
        facts = machine.facts()
        (catalog, zoneNames, zone) = (machine.catalog, machine.zoneNames, machine.zone)
        engine = EngineCopy(facts.engine, of: &machine.engine)
    }

    /// Copies the next piece. False: all is there. Who gives up before that says `endCopying` to the engine.
    mutating func goOn(_ machine: StateMachine) -> Bool { engine.goOn(&machine.engine) }

    /// A machine with these facts; as many as one likes. nil: it is not wanted any more.
    func machine(whileWanted isWanted: () -> Bool) throws -> StateMachine? {
        guard let engine = try engine.engine(whileWanted: isWanted) else { return nil }
        return StateMachine(group: "plan", limits: .none, zoneNames: zoneNames, zone: zone, catalog: catalog, engine: engine, facts)
    }
}
