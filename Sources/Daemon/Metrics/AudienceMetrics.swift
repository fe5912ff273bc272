// The numbers of single audiences. All are kept, so that an audience that goes makes room for the next; only so many are listed.

struct AudienceMetrics: Sendable {
    struct Audience: Sendable {
        var id: String
        var size = 0
        var rejected = 0
        /// The clock of the last commit that changed it, milliseconds since the Unix epoch; nil: none has since the start.
        var lastChange: Int64?
        var entered = 0
        var updated = 0
        var exited = 0
        /// Nobody writes it now.
        var isRetired = false
    }

    private let most: Int
    private var audiences: [Audience] = []
    private var places: [String: Int] = [:]
    /// The place of each audience by the engine's number; -1 where there is none.
    private var placesOfNumbers: [Int] = []

    init(most: Int) {
        self.most = most
    }

    /// Another engine has these; what was counted of them before goes on.
    mutating func begin(_ states: [CommitCounts.AudienceChange]) {
        placesOfNumbers = []
        for place in audiences.indices { audiences[place].isRetired = true }
        for state in states {
            let place = place(of: state.number, state.id)
            audiences[place].size = state.size
            audiences[place].rejected = state.rejected
            audiences[place].isRetired = state.isRetired
        }
    }

    mutating func take(_ change: CommitCounts.AudienceChange) {
        let place = place(of: change.number, change.id)
        audiences[place].size = change.size
        audiences[place].rejected = change.rejected
        audiences[place].isRetired = change.isRetired
        audiences[place].lastChange = change.clock
        audiences[place].entered += change.entered
        audiences[place].updated += change.updated
        audiences[place].exited += change.exited
    }

    mutating func note(rejected: Int, of number: Int) {
        if number < placesOfNumbers.count, placesOfNumbers[number] >= 0 { audiences[placesOfNumbers[number]].rejected = rejected }
    }

    private mutating func place(of number: Int, _ id: String) -> Int {
        if number >= placesOfNumbers.count {
            placesOfNumbers += Array(repeating: -1, count: number + 1 - placesOfNumbers.count)
        }
        if placesOfNumbers[number] < 0 {
            if places[id] == nil {
                places[id] = audiences.count
                audiences.append(Audience(id: id))
            }
            placesOfNumbers[number] = places[id]!
        }
        return placesOfNumbers[number]
    }

    /// Those that have series of their own: the first that are written, in the order in which they came.
    var listed: [Audience] { Array(audiences.lazy.filter { !$0.isRetired }.prefix(most)) }

    /// How many others there are.
    var unlistedCount: Int { max(0, audiences.count { !$0.isRetired } - most) }
}
