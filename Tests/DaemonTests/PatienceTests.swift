// Goal: time limits fit each other, the contract, and what the service manager is told; Kafka's largest record is the contract's.
// Method: compared as they are, with the unit as text.
import Campaigns
import Testing

@testable import Daemon
@testable import Kafka
@testable import Storage

@Suite struct PatienceTests {
    @Test func oneWithinTheOther() {
        #expect(Patience.tick < .milliseconds(500), "contract §7")
        #expect(Patience.positions < Patience.heartbeat && Patience.snapshotSlice < Patience.tick)
        #expect(Patience.quickAnswer < Patience.answer && Patience.answer < Patience.transaction && Patience.step < Patience.transaction)
        #expect(TransactionalProducer.defaultTransactionTimeout < Patience.coordinator && Patience.coordinator < Patience.transaction)
        #expect(Patience.transaction < Patience.firstStart, "a start that waits for a predecessor's transaction is tried once more")
        #expect(Patience.close < Patience.stop && Patience.closeProducer < Patience.stop)
    }

    /// No wait without a sign of progress is as long as the watchdog's, and the daemon ends itself before it is killed.
    @Test func withinTheUnit() throws {
        let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let unit = String(decoding: try OpenFile.reading("\(root)/systemd/audienced.service").read(maximumBytes: 1 << 20), as: UTF8.self)
        func seconds(_ key: String) -> Int? {
            guard let line = unit.split(separator: "\n").first(where: { $0.hasPrefix("\(key)=") }) else { return nil }
            let value = line.drop { $0 != "=" }.dropFirst()
            return value.hasSuffix("min") ? Int(value.dropLast(3)).map { $0 * 60 } : Int(value)
        }
        #expect(Patience.stop < .seconds(try #require(seconds("TimeoutStopSec"))))
        #expect(Patience.transaction < .seconds(try #require(seconds("WatchdogSec"))))
        #expect(Patience.firstStart < .seconds(try #require(seconds("TimeoutStartSec"))))
    }

    /// What is read from Kafka is what Wire reads.
    @Test func theLargestRecord() { #expect(ClientConfiguration.maximumRecordBytes == Limits.inputRecordBytes) }
}
