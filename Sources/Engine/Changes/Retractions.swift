// Contributions that are taken back while values change, each once, until they are given again.

struct Retractions: ~Copyable {
    /// What a record adds to an accumulator.
    struct Contribution: BitwiseCopyable {
        var accumulator: Number<Accumulator>
        var row: RowNumber
        fileprivate var isGivenBack = false

        init(accumulator: Number<Accumulator>, row: RowNumber) {
            self.accumulator = accumulator
            self.row = row
        }

        fileprivate var key: UInt64 { IntegerMap.key(accumulator, row) }
    }

    private var contributions = Vector<Contribution>()
    private var places = IntegerMap()

    var count: Int { contributions.count }

    /// Notes one that is to be taken back; false when it is already.
    mutating func add(_ contribution: Contribution) -> Bool {
        if places.find(contribution.key) != nil { return false }
        places.insert(contribution.key, Int32(contributions.count))
        contributions.append(contribution)
        return true
    }

    /// Whether a contribution is taken back at the moment.
    @inline(__always)
    func contains(_ accumulator: Number<Accumulator>, _ row: RowNumber) -> Bool {
        if contributions.isEmpty { return false }
        guard let place = places.find(Contribution(accumulator: accumulator, row: row).key) else { return false }
        return !contributions[place].isGivenBack
    }

    /// The one at a place, which is given again from now on.
    mutating func giveBack(_ place: Int) -> Contribution {
        contributions[place].isGivenBack = true
        return contributions[place]
    }

    mutating func removeAll() {
        contributions.removeAll()
        places.removeAll()
    }
}
