// The widths of the steps in which the history of audiences is kept and told.

/// As contract §8 writes it.
enum HistoryStep: String, CaseIterable, Sendable {
    case minute = "PT1M"
    case fiveMinutes = "PT5M"
    case hour = "PT1H"
    case day = "P1D"

    var milliseconds: Int64 {
        switch self {
        case .minute: 60_000
        case .fiveMinutes: 300_000
        case .hour: 3_600_000
        case .day: 86_400_000
        }
    }

    /// So many of the newest steps are kept: two hours, a day, a week, a month. A day is one of UTC.
    var kept: Int64 {
        switch self {
        case .minute: 120
        case .fiveMinutes: 288
        case .hour: 168
        case .day: 30
        }
    }

    /// The number of the step that an instant (milliseconds since the Unix epoch) is in.
    func number(of instant: Int64) -> Int64 {
        // Rounded down also before 1970.
        instant >= 0 ? instant / milliseconds : (instant + 1) / milliseconds - 1
    }
}
