// Why members of an audience entered and left within an hour: 96 bytes.
import Engine

struct HistoryCauses: Equatable, Sendable {
    /// Kept of so many of the newest hours.
    static let keptHours: Int64 = 24

    /// The number of its hour since 1970.
    let hour: UInt32
    /// How many entered, and how many left, by cause.
    private(set) var entered = SIMD8<UInt32>.zero
    private(set) var left = SIMD8<UInt32>.zero

    init(hour: UInt32) { self.hour = hour }

    mutating func note(_ members: ArraySlice<Difference.Member>) {
        for member in members {
            switch member.status {
            case .realized: entered[Int(member.cause.rawValue)] &+= 1
            case .exited: left[Int(member.cause.rawValue)] &+= 1
            case .existing: break
            }
        }
    }

    // As an image has it: the hour, and of each cause how many entered, and then of each how many left.

    static let numberCount = 1 + 2 * Cause.allCases.count

    var numbers: [UInt32] {
        [hour] + Cause.allCases.map { entered[Int($0.rawValue)] } + Cause.allCases.map { left[Int($0.rawValue)] }
    }

    init(numbers: ArraySlice<Int64>) {
        precondition(numbers.count == Self.numberCount, "of each cause a number, twice")
        let all = numbers.map { UInt32(clamping: $0) }
        hour = all[0]
        for cause in 0..<Cause.allCases.count {
            entered[cause] = all[1 + cause]
            left[cause] = all[1 + Cause.allCases.count + cause]
        }
    }
}
