// The plan of all live campaigns: what they ask, each thing once, whoever asks it.

struct Plan: ~Copyable {
    var nodes = Nodes()
    var constants = Constants()
    var found = Findings()
    var motions = Motions()
    var terms = ClockTerms()
    var windows = Windows()
    var conditions = Conditions()
    var accumulators = Accumulators()
    var operators = Operators()
    var choices = Choices()
    var rankings = Rankings()
    var pairs = PairTables()
    var gates = Gates()
    var waits = Waits()
    /// How many takers of conditions read what lies behind links.
    var linkedTakers = 0

    /// The window of a comparison; nil for other comparisons.
    func window(_ left: NodeNumber, _ right: NodeNumber) -> Number<Window>? {
        guard nodes[right].operation == .term else { return nil }
        return windows.find(WindowKey(table: nodes[left].table, node: left, term: nodes[right].term))
    }
}
