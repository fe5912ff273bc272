// Goal: the pause between transactions follows what they met (TransactionPace.swift). Method: durations in, the pause out; markers that
// take as long as a test says.
import Testing

@testable import Daemon

@Suite struct TransactionPaceTests {
    private let met = Duration.milliseconds(22)

    @Test func growsByHalfWhenMarkersWereMet() {
        var pace = TransactionPace()
        let before = pace.pause
        pace.note(gap: before, registrationWait: met)
        #expect(pace.pause == before * 3 / 2)
        for _ in 0..<100 { pace.note(gap: pace.pause, registrationWait: met) }
        #expect(pace.pause == TransactionPace.longest)
    }

    @Test func shrinksWhenNoneWereMet() {
        var pace = TransactionPace()
        let before = pace.pause
        pace.note(gap: before, registrationWait: .zero)
        #expect(pace.pause < before && pace.pause > before * 99 / 100)
        // Partitions that are registered later have waited, but for no markers.
        pace.note(gap: pace.pause, registrationWait: .milliseconds(19))
        #expect(pace.pause < before)
        for _ in 0..<10_000 { pace.note(gap: pace.pause, registrationWait: .zero) }
        #expect(pace.pause == TransactionPace.shortest)
    }

    /// One that began late would have met none anyway.
    @Test func aLateTransactionSaysNothingUnlessItMetMarkers() {
        var pace = TransactionPace()
        let before = pace.pause
        pace.note(gap: .seconds(10), registrationWait: .zero)
        #expect(pace.pause == before)
        pace.note(gap: .seconds(10), registrationWait: met)
        #expect(pace.pause > before)
    }

    /// The share of meetings and the mean pause, of many transactions whose markers take so long by turns.
    private func run(_ markers: [Duration]) -> (share: Double, pause: Duration) {
        var pace = TransactionPace()
        var (meetings, sum, count) = (0, Duration.zero, 0)
        for number in 0..<40_000 {
            let isMet = pace.pause < markers[number % markers.count]
            pace.note(gap: pace.pause, registrationWait: isMet ? met : .zero)
            guard number >= 20_000 else { continue }
            (meetings, sum, count) = (meetings + (isMet ? 1 : 0), sum + pace.pause, count + 1)
        }
        return (Double(meetings) / Double(count), sum / count)
    }

    @Test(arguments: [1, 2, 4, 6])
    func standsBehindMarkersThatTakeAlwaysTheSame(milliseconds: Int) {
        let markers = Duration.milliseconds(milliseconds)
        let (share, pause) = run([markers])
        #expect(share < 0.02 && pause > markers && pause < markers * 3 / 2)
    }

    /// Markers that take very long now and then are not worth a long pause for all.
    @Test func fewOutliersAreRisked() {
        let (share, pause) = run(Array(repeating: .milliseconds(1), count: 199) + [.milliseconds(15)])
        #expect(share < 0.02 && pause < .milliseconds(3))
    }
}
