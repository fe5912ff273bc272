// How many observations fell below which bounds.

struct Histogram: Equatable, Sendable {
    /// 1 ms to 10 s.
    static let durations = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10]
    /// 10 ms to a minute: what waits for the clock.
    static let latenesses = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 60]

    /// In seconds, ascending.
    let bounds: [Double]
    /// Those up to each bound and above the one before it; behind the last, those above all.
    private(set) var counts: [Int]
    private(set) var sum = 0.0

    init(_ bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// What lies before its beginning, as another machine's clock may have it, took no time.
    mutating func observe(seconds: Double, times: Int = 1) {
        let seconds = max(0, seconds)
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += times
        sum += seconds * Double(times)
    }
}
