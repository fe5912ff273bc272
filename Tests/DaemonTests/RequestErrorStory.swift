// What the table of RequestErrorTests is played with: lives of one deployment, each of which first shows that what went wrong before has
// lost and repeated nobody.

import CRdkafka
import Testing

@testable import Daemon
@testable import Kafka
@testable import Wire

/// `@unchecked Sendable`: one thread plays it, and the test looks at it afterwards.
final class RequestErrorStory: @unchecked Sendable {
    typealias Row = RequestErrorTests.Row

    private var rows: ArraySlice<Row>
    /// The row whose error was given to the broker.
    private var current: Row?
    private var people = 0
    private var lives = 0
    private var members: [String: String] = [:]
    private var sequence: Int64 = 0
    private var journal: [JournalRecord] = []
    /// Transactions that began, and were committed, before the error.
    private var begins = 0
    private var commits = 0

    /// How many rows came to their outcome.
    private(set) var played = 0
    private(set) var problems: [String] = []

    init(_ rows: [Row]) { self.rows = rows[...] }

    func play() {
        do {
            let deployment = try Deployment()
            try deployment.control(Sample.publish(), time: 1000)
            try deployment.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")), time: 1000)
            repeat { try live(deployment) } while !rows.isEmpty || current != nil
            deployment.close()
        } catch {
            problems.append("\(current?.name ?? "no error"): \(error)")
        }
    }

    /// One life: rows are played until one ends it.
    private func live(_ deployment: Deployment) throws {
        lives += 1
        try deployment.moveOn(to: "g\(lives)", journal)
        try addOne(deployment)
        current = nil
        (begins, commits) = (0, 0)
        if rows.first?.request.isOfStart == true { give(rows.removeFirst(), to: deployment) }
        var sink: KeepingSink?
        do {
            let kept = try deployment.run({
                let made = KeepingSink($0)
                sink = made
                return made
            }) { sink in try self.isOver(sink, deployment) }
            if !kept.hasReached("\(people)") { throw Missing(what: "barrier \(people)") }
        } catch let missing as Missing {
            throw missing
        } catch {
            guard let row = current else { throw error }
            note(Self.outcome(of: error))
            current = row
        }
        var seen = sink?.transactions ?? []
        if let row = current, row.isThere, let open = sink?.open, !open.journal.isEmpty { seen.append(open) }
        fold(seen, into: &members, from: &sequence)
        journal += seen.flatMap(\.journal)
    }

    /// A barrier that was not reached in time.
    private struct Missing: Error { let what: String }

    /// Asked at every round of the loop, on its thread: so what is sent and given here comes together.
    private func isOver(_ sink: KeepingSink, _ deployment: Deployment) throws -> Bool {
        guard sink.hasReached("\(people)") else { return false }
        if current != nil { note(sink.begins - begins == sink.transactions.count - commits ? .goesOn : .sentAgain) }
        let told = Set(self.members(after: sink.transactions))
        if told != Set((1...people).map { "\($0)@x" }) { problems.append("\(told.sorted()) are members, not all \(people)") }
        guard let row = rows.first, !row.request.isOfStart else { return true }
        rows.removeFirst()
        (begins, commits) = (sink.begins, sink.transactions.count)
        if row.request == .fetch {
            give(row, to: deployment)
            // Until it was fetched, several times.
            pause(milliseconds: 300)
            try addOne(deployment)
        } else {
            try addOne(deployment)
            give(row, to: deployment)
        }
        return false
    }

    private func members(after transactions: [Transaction]) -> [String] {
        var (members, sequence) = (members, sequence)
        fold(transactions, into: &members, from: &sequence)
        return Array(members.keys)
    }

    private func give(_ row: Row, to deployment: Deployment) {
        current = row
        deployment.broker.failNextRequests(ofKind: row.request.rawValue, with: [row.code])
    }

    private func note(_ outcome: RequestErrorTests.Outcome) {
        if let row = current, row.outcome != outcome, row.other != outcome {
            problems.append("\(row.name) \(outcome), not: \(row.outcome)")
        }
        played += 1
        current = nil
    }

    /// Somebody else becomes a member, and a barrier says when.
    private func addOne(_ deployment: Deployment) throws {
        people += 1
        try deployment.send("p.a", Sample.row("\(people)", n: 1), time: 2000)
        try deployment.control(#"{"type":"barrier.requested","id":"\#(people)","after":{"p.a":{"0":\#(people)}}}"#, time: 2000)
        try deployment.flush()
    }

    private static func outcome(of error: any Error) -> RequestErrorTests.Outcome {
        switch error {
        case let failure as DaemonFailure: .ends(ExitCode(failure.kind))
        case SinkFailure.fenced: .isFenced
        case SinkFailure.unknown: .isUnknown
        case SinkFailure.refused: .isRefused
        case let error as KafkaError where error.errorClass == .fenced: .isFenced
        case let error as KafkaError where error.isForbidden: .isRefused
        default: .startsAgain
        }
    }
}
