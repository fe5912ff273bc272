// The workload as files, as `audienced replay` reads them. The rows are written once per skew; each number of campaigns is a folder
// with its own definitions and a link to them.
import Campaigns
import Glibc
import Storage

final class WorkloadFiles {
    /// The rows of one skew, on disk.
    struct Rows {
        var path: String
        var workload: Workload
        /// Members of the reference audience at the end.
        var referenceSize: Int
    }

    let folder: String
    private let rows: Int
    private var written: [Workload.Skew: Rows] = [:]

    init(_ options: Options) throws {
        folder = "\(options.folder)/audienced-benchmark-\(getpid())"
        rows = options.rows
        guard mkdir(folder, 0o700) == 0 else { throw Failure("cannot make \(folder): \(String(cString: strerror(errno)))") }
    }

    /// Removes everything.
    func remove() {
        func remove(_ path: String) {
            for name in (try? Folders.names(in: path)) ?? [] { remove("\(path)/\(name)") }
            _ = Glibc.remove(path)
        }
        remove(folder)
    }

    func rows(_ skew: Workload.Skew) throws -> Rows {
        if let rows = written[skew] { return rows }
        let workload = Workload(rows: rows, skew: skew)
        let path = "\(folder)/rows-\(skew.rawValue).ndjson"
        say("writing \(workload.rows) rows, \(skew.rawValue)")
        var rows = WorkloadRows(workload)
        try writeFile(path) { stream in
            for number in 0..<workload.rows {
                _ = rows.makeNext(number)
                fwrite(rows.text.bytes, 1, rows.text.bytes.count, stream)
                putc_unlocked(10, stream)
            }
        }
        let result = Rows(path: path, workload: workload, referenceSize: rows.referenceSize(at: Workload.end))
        written[skew] = result
        return result
    }

    /// A folder for `replay`: schemas, campaigns, and all rows.
    func input(_ skew: Workload.Skew, campaigns: Int) throws -> String {
        let rows = try rows(skew)
        let input = "\(folder)/\(skew.rawValue)-\(campaigns)"
        guard mkdir(input, 0o700) == 0 else { return input }
        try writeFile("\(input)/00-control.ndjson") { stream in
            for event in Workload.schemaEvents() + rows.workload.campaigns(campaigns).map({ Workload.campaignEvent($0) }) {
                write(event, stream)
            }
        }
        guard link(rows.path, "\(input)/01-changes.ndjson") == 0 else { throw Failure("cannot link into \(input)") }
        try writeFile("\(input)/02-end.ndjson") {
            write(Workload.event("barrier.requested", "id", .string("loaded"), time: Workload.end), $0)
        }
        return input
    }

    /// Rows of customers that are in the reference audience because of one purchase each, all made at the same instant.
    func window(customers: Int) throws -> String {
        let path = "\(folder)/window.ndjson"
        if access(path, F_OK) == 0 { return path }
        try writeFile(path) { stream in
            for number in 0..<2 * customers {
                write(number < customers ? member(number) : purchase(of: number - customers, at: Workload.start), stream)
            }
        }
        return path
    }

    private func member(_ number: Int) -> JSON {
        change(
            "customers",
            [
                ("id", .string("c\(number)")), ("email", .string("c\(number)@example.com")), ("country", .string("FR")),
                ("optin", .boolean(true)),
            ])
    }

    private func purchase(of customer: Int, at instant: Int64) -> JSON {
        change(
            "purchases",
            [
                ("id", .string("p\(customer)")), ("customer_id", .string("c\(customer)")), ("amount", .double(9.5)),
                ("category", .integer(Int64(Workload.referenceCategories[0]))), ("at", .integer(instant)),
            ])
    }

    private func change(_ table: String, _ row: [(String, JSON)]) -> JSON {
        Workload.object([("table", .string(table)), ("op", .string("u")), ("row", Workload.object(row))])
    }

    private func write(_ event: JSON, _ stream: UnsafeMutablePointer<FILE>) {
        var text = JSONText()
        text.append(event)
        text.append(raw: "\n")
        fwrite(text.bytes, 1, text.bytes.count, stream)
    }
}

/// Writes a file with C's streams.
func writeFile(_ path: String, _ body: (UnsafeMutablePointer<FILE>) -> Void) throws {
    guard let stream = fopen(path, "w") else { throw Failure("cannot write \(path)") }
    body(stream)
    let isWhole = ferror(stream) == 0
    guard fclose(stream) == 0, isWhole else { throw Failure("cannot write \(path); is the disk full?") }
}
