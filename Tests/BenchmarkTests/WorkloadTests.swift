// The workload is what it says it is: all of it is accepted, the reference audience is as large as the workload counts, and the same
// numbers give the same bytes.
import Campaigns
import Engine
import Testing

@testable import audienced_benchmark

@Suite struct WorkloadTests {
    @Test(arguments: Workload.Skew.allCases) func rowsAreAppliedAndTheReferenceIsAsCounted(_ skew: Workload.Skew) throws {
        let workload = Workload(rows: 40_000, skew: skew)
        let tables = try LoadedTables(campaigns: workload.campaigns(20))
        var rows = WorkloadRows(workload)
        for number in 0..<workload.rows {
            let row = rows.makeNext(number)
            try tables.take(rows.text.bytes, clock: row.time)
        }
        #expect(tables.statistics.rowsApplied == workload.rows)
        _ = tables.advance(to: Workload.end)
        #expect(rows.referenceSize(at: Workload.end) > 0)
        #expect(tables.size(of: "reference") == rows.referenceSize(at: Workload.end))
    }

    /// Work follows the change: a hundred times the campaigns, at most five times the conditions, over the first rows and the changes after
    /// them (60 % customers, 35 % new purchases, 5 % deletes). Where customers differ more, a change of one who has bought everything
    /// concerns most campaigns, and more is looked at.
    @Test func aHundredTimesTheCampaignsLookAtFewMoreConditions() throws {
        let workload = Workload(rows: 12_000, skew: .uniform)
        func conditions(campaigns: Int) throws -> Int {
            let tables = try LoadedTables(campaigns: workload.campaigns(campaigns))
            var rows = WorkloadRows(workload)
            for number in 0..<workload.rows {
                let row = rows.makeNext(number)
                try tables.take(rows.text.bytes, clock: row.time)
            }
            for number in 0..<2_000 {
                let time = Workload.end + Int64(number)
                switch number % 20 {
                case 0..<12: rows.makeCustomer(rows.anyCustomer(), score: 0.5, time: time)
                case 12..<19: _ = rows.makePurchase(at: time, time: time)
                default: _ = rows.makeDelete(time: time)
                }
                try tables.take(rows.text.bytes, clock: time)
            }
            return tables.statistics.conditionsEvaluated
        }
        let few = try conditions(campaigns: 10)
        let many = try conditions(campaigns: 1000)
        #expect(few > 0 && many <= 5 * few, "\(few) conditions with 10 campaigns, \(many) with 1,000")
    }

    @Test func theFirstRowsAreAlwaysTheSame() {
        var rows = WorkloadRows(Workload(rows: 12, skew: .uniform))
        var lines: [String] = []
        for number in 0..<3 {
            _ = rows.makeNext(number)
            lines.append(String(decoding: rows.text.bytes, as: UTF8.self))
        }
        #expect(
            lines == [
                #"{"table":"customers","op":"u","time":1767225600000,"row":{"id":"c0","email":"c0@example.com","country":"C02","age":42,"tier":"bronze","optin":true,"store":868,"score":0.741}}"#,
                #"{"table":"customers","op":"u","time":1767225650000,"row":{"id":"c1","email":"c1@example.com","country":"C35","age":61,"tier":"bronze","optin":true,"store":492,"score":0.218}}"#,
                #"{"table":"purchases","op":"u","time":1767225700000,"row":{"id":"p0","customer_id":"c1","amount":24.32,"category":66,"at":1751035140076}}"#,
            ])
    }

    @Test func skewedNumbersPreferTheFirst() {
        var random = RandomNumbers(seed: 1)
        let numbers = ZipfNumbers(count: 1000, exponent: 1)
        var counts = [Int](repeating: 0, count: 1000)
        for _ in 0..<100_000 { counts[numbers.next(&random)] += 1 }
        // Of 1,000 numbers with weights 1, 1/2, 1/3 … the first has one in 7.485.
        #expect((12_500...14_200).contains(counts[0]))
        #expect(counts[0] > counts[9] * 8 && counts[9] > counts[99] * 7)
    }
}
