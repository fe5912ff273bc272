// Goal: `replay` is a function of its lines alone (contract §6): the same bytes every time and whatever the order within the files. Method:
// temporary folders in, the four output files out, compared whole or event by event.

import Campaigns
import Testing

@testable import Daemon
@testable import Storage

@Suite struct ReplayTests {
    /// What a replay wrote, by file name.
    private struct Output: Equatable {
        var files: [String: String] = [:]

        var members: String { files["audience-members.ndjson"]! }
        var updated: String { files["audience-updated.ndjson"]! }
        var deadLetters: String { files["dlq.ndjson"]! }

        func lines(_ text: String) -> [JSON] { text.split(separator: "\n").map { json(String($0)) } }

        /// Member events in short: `1 vip 1@x realized {"n":1}`.
        var story: [String] {
            lines(members).map { line in
                let value = line["value"]!
                return
                    "\(written(value["sequence"]!)) \(value.text("audience")!) \(value.text("identity", "id")!) \(value.text("status")!) "
                    + written(value["attributes"] ?? .null)
            }
        }

        /// Other events in short: `1 schema.live`.
        var news: [String] { lines(updated).map { "\(written($0["value"]!["sequence"]!)) \($0["value"]!.text("type")!)" } }
    }

    /// Replays as the command does: a second time, with runs, when a file is out of order.
    private func replay(_ input: [String: String], until: Int64? = nil, snapshots: Bool = false) throws -> Output {
        let (from, to) = (TemporaryFolder(), TemporaryFolder())
        for (name, text) in input { try from.write(name, text) }
        var options = Replay.Options(input: from.path, output: to.path)
        options.until = until
        options.writesSnapshots = snapshots
        do {
            var replay = try Replay(options, zone: zones)
            _ = try replay.run(findingRuns: false)
        } catch is ReplayInput.Disorder {
            var replay = try Replay(options, zone: zones)
            _ = try replay.run(findingRuns: true)
        }
        var output = Output()
        for name in try Folders.names(in: to.path) where name.hasSuffix(".ndjson") { output.files[name] = try to.read(name) }
        if snapshots {
            for audience in try Folders.names(in: "\(to.path)/snapshots") {
                for sequence in try Folders.names(in: "\(to.path)/snapshots/\(audience)") {
                    let folder = "snapshots/\(audience)/\(sequence)"
                    for name in try Folders.names(in: "\(to.path)/\(folder)") {
                        output.files["\(folder)/\(name)"] = try to.read("\(folder)/\(name)")
                    }
                }
            }
        }
        return output
    }

    private func text(_ lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }

    private let definitions = [Sample.publish(time: 0), Sample.publish(campaign: Sample.campaign("c", audience: "vip"), time: 0)]

    /// Decision 31: the clock of a change is that of its line, however many lines are one commit.
    @Test func versionsAreHeldByTheClockOfTheLine() throws {
        let month = 30 * 86_400_000
        func row(_ op: String, _ id: String, v: Int, time: Int) -> String {
            #"{"table":"t","op":"\#(op)","row":{"id":"\#(id)","v":\#(v)},"time":\#(time)}"#
        }
        let schema = """
            {"type":"schema.published","time":0,"schema":{"name":"t","primaryKey":["id"],"version":"v",\
            "identities":[{"field":"id","namespace":"Id"}],\
            "fields":[{"name":"id","type":"string"},{"name":"v","type":"integer"}]}}
            """
        let campaign = """
            {"type":"campaign.published","time":0,"campaign":{"id":"c","activities":[{"id":"b","type":"build-audience","dimension":"t"},\
            {"id":"s","type":"save-audience","from":"b","audience":{"id":"a"},"identity":{"field":"id","namespace":"Id"}}]}}
            """
        let lines = [
            schema, campaign, row("d", "early", v: 9, time: 1000), row("d", "late", v: 9, time: 1001),
            row("u", "early", v: 1, time: 999 + month),
            row("u", "late", v: 1, time: 1000 + month), row("d", "again", v: 9, time: 1000 + month),
            row("u", "early", v: 1, time: 1000 + month),
            row("u", "again", v: 1, time: 999 + 2 * month), row("u", "much later", v: 1, time: 3 * month),
        ]
        let output = try replay(["lines.ndjson": text(lines)])
        #expect(output.story.map { $0.split(separator: " ")[2] } == ["early", "much"])
    }

    @Test func aSmallStory() throws {
        let lines =
            definitions + [
                Sample.row("1", n: 1, time: 10), Sample.row("2", n: 0, time: 11), Sample.barrier("one", time: 12),
                Sample.row("1", n: 5, time: 13),
                Sample.row("2", n: 2, time: 13), Sample.barrier("two", time: 14), Sample.row("1", n: 0, op: "d", time: 15),
            ]
        let output = try replay(["a.ndjson": text(lines)])
        #expect(Set(output.files.keys) == ["audience-members.ndjson", "audience-updated.ndjson", "channel-requests.ndjson", "dlq.ndjson"])
        #expect(
            output.story == [
                #"3 vip 1@x realized {"n":1}"#, #"5 vip 1@x existing {"n":5}"#, #"5 vip 2@x realized {"n":2}"#, "7 vip 1@x exited null",
            ])
        #expect(
            output.news == [
                "1 schema.live", "2 audience.updated", "2 campaign.live", "3 audience.updated", "4 barrier.reached", "5 audience.updated",
                "6 barrier.reached", "7 audience.updated",
            ])
        #expect(
            output.lines(output.members).map { $0.text("headers", "ce_time") }
                == ["012", "014", "014", "015"].map { "1970-01-01T00:00:00.\($0)Z" })
        #expect(output.deadLetters == "" && output.files["channel-requests.ndjson"] == "")
    }

    @Test func noInputIsAFailure() throws {
        for files in [[:], ["a.json": "{}", "ndjson": ""]] {
            do {
                _ = try replay(files)
                Issue.record("it replayed")
            } catch let failure as DaemonFailure {
                #expect(failure.kind == .data)
            }
        }
        #expect(try replay(["a.ndjson": ""]).files.values.allSatisfy { $0 == "" })
    }

    /// Lines of one random world; each file is in order by itself.
    private func world(_ random: inout SeededGenerator) -> [[String]] {
        var files: [[String]] = [definitions]
        for _ in 0..<Int.random(in: 1...3, using: &random) {
            var time: Int64 = 1
            var lines: [String] = []
            for number in 0..<Int.random(in: 1...40, using: &random) {
                time += Int64.random(in: 0...3, using: &random)
                let id = String(Int.random(in: 0...4, using: &random))
                switch Int.random(in: 0...11, using: &random) {
                case 0: lines.append(Sample.barrier("b\(number)", time: time))
                case 1: lines.append("{broken")
                case 2: lines.append("")
                case 3: lines.append(Sample.row(id, n: 1, table: "none", time: time))
                case 4: lines.append(Sample.row(id, n: 0, op: "d", time: time))
                case 5: lines.append(#"{"type":"clock.advanced","to":\#(time + Int64.random(in: 0...20, using: &random)),"time":\#(time)}"#)
                case 6:
                    let campaign = Sample.campaign("c", audience: "vip", filter: "n > \(Int.random(in: 0...3, using: &random))")
                    lines.append(Sample.publish(campaign: campaign, time: time))
                case 7: lines.append(Sample.row(id, n: Int.random(in: 0...5, using: &random)))
                default:
                    let version = Bool.random(using: &random) ? Int.random(in: 0...9, using: &random) : nil
                    lines.append(Sample.row(id, n: Int.random(in: 0...5, using: &random), v: version, time: time))
                }
            }
            files.append(lines)
        }
        return files
    }

    @Test(arguments: 1...25) func theSameInputGivesTheSameBytes(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        let files = world(&random)
        let input = Dictionary(uniqueKeysWithValues: files.enumerated().map { ("\($0).ndjson", text($1)) })
        let first = try replay(input, snapshots: true)
        #expect(first.updated != "")
        #expect(try replay(input, snapshots: true) == first)
    }

    /// Statuses alternate, sequences grow, and sizes are those of the members, whatever came.
    @Test(arguments: 1...25) func whatReadersRelyOn(seed: UInt64) throws {
        var random = SeededGenerator(seed &+ 1000)
        let files = world(&random)
        let output = try replay(Dictionary(uniqueKeysWithValues: files.enumerated().map { ("\($0).ndjson", text($1)) }))
        var present: Set<String> = []
        var last: [String: Int64] = [:]
        for line in output.lines(output.members) {
            let key = line.text("key")!
            let status = line["value"]!.text("status")!
            #expect((status == "realized") == !present.contains(key), "\(key) \(status)")
            if status == "exited" { present.remove(key) } else { present.insert(key) }
            guard case .integer(let sequence)? = line["value"]?["sequence"] else { continue }
            #expect(sequence > last[key, default: 0])
            last[key] = sequence
        }
        let sizes = output.lines(output.updated).filter { $0["value"]!.text("type") == "audience.updated" }.map { $0["value"]!["size"]! }
        #expect(sizes.last == .integer(Int64(present.count)))
        let identifiers = output.lines(output.members + output.updated).map { $0.text("headers", "ce_id")! }
        #expect(Set(identifiers).count == identifiers.count)
    }

    /// Lines shuffled within a file, each with its time, say what the sorted ones say. Ties would be told apart by line, so there are none.
    @Test(arguments: 1...25) func anUnsortedFileSaysTheSame(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        var lines = [Sample.publish(time: 0), Sample.publish(campaign: Sample.campaign("c", audience: "vip"), time: 1)]
        for time in 2...Int64.random(in: 3...60, using: &random) {
            let id = String(Int.random(in: 0...3, using: &random))
            switch Int.random(in: 0...7, using: &random) {
            case 0: lines.append(Sample.barrier("b", time: time))
            case 1: lines.append(Sample.row(id, n: 0, op: "d", time: time))
            default: lines.append(Sample.row(id, n: Int.random(in: 0...3, using: &random), time: time))
            }
        }
        let sorted = try replay(["a.ndjson": text(lines)])
        #expect(try replay(["a.ndjson": text(lines.shuffled(using: &random))]) == sorted)
        #expect(try replay(["a.ndjson": text(lines.reversed())]) == sorted)
        // And dealt out to several files, in order or not.
        var dealt: [String: [String]] = ["a": [], "b": [], "c": []]
        for line in lines.shuffled(using: &random) { dealt[["a", "b", "c"].randomElement(using: &random)!]!.append(line) }
        #expect(try replay(Dictionary(uniqueKeysWithValues: dealt.map { ("\($0).ndjson", text($1)) })) == sorted)
    }

    @Test func tiesGoToControlThenFileThenLine() throws {
        let rows = [
            "a.ndjson": text([Sample.row("1", n: 1, time: 5), Sample.row("1", n: 2)]), "b.ndjson": text([Sample.row("1", n: 3, time: 5)]),
        ]
        let control = text([Sample.publish(time: 5), Sample.publish(campaign: Sample.campaign("c", audience: "vip"), time: 5)])
        var output = try replay(rows.merging(["z.ndjson": control]) { $1 })
        #expect(output.story == [#"3 vip 1@x realized {"n":3}"#] && output.deadLetters == "")
        output = try replay(["b.ndjson": rows["a.ndjson"]!, "a.ndjson": rows["b.ndjson"]!, "z.ndjson": control])
        #expect(output.story == [#"3 vip 1@x realized {"n":2}"#])
    }

    @Test func linesWithoutTimeInherit() throws {
        let other = text([Sample.barrier("now", time: 20)])
        let inherited = text(definitions + [Sample.row("1", n: 1, time: 30), Sample.row("2", n: 1)])
        #expect(try replay(["a.ndjson": inherited, "b.ndjson": other]).news.prefix(5).last == "4 audience.updated")
        let first = text(definitions + [Sample.row("1", n: 1)])
        #expect(try replay(["a.ndjson": first, "b.ndjson": other]).story == [#"3 vip 1@x realized {"n":1}"#])
    }

    @Test func until() throws {
        let lines = definitions + [Sample.row("1", n: 1, time: 10), Sample.row("2", n: 1, time: 11), Sample.row("3", n: 1, time: 12)]
        let input = ["a.ndjson": text(lines)]
        #expect(try replay(input, until: 11).story == [#"3 vip 1@x realized {"n":1}"#, #"3 vip 2@x realized {"n":1}"#])
        #expect(try replay(input, until: 9).story == [])
        #expect(try replay(input, until: -1).news == [])
        #expect(try replay(input, until: 12) == replay(input))
        #expect(try replay(input, until: 11) == replay(["a.ndjson": text(Array(lines.dropLast()))]))
    }

    /// The end is an instant, not a place in a file: what stands behind a later line but belongs before is read.
    @Test func untilInAnUnsortedFile() throws {
        let lines = definitions + [Sample.row("1", n: 1, time: 12), Sample.row("2", n: 1, time: 10)]
        #expect(try replay(["a.ndjson": text(lines)], until: 11).story == [#"3 vip 2@x realized {"n":1}"#])
    }

    @Test func blankLinesAreNothing() throws {
        let lines = definitions + [Sample.row("1", n: 1, time: 10), Sample.row("2", n: 1, time: 11)]
        let plain = try replay(["a.ndjson": text(lines)])
        #expect(try replay(["a.ndjson": "\n \r\n" + lines.joined(separator: "\r\n\t\r\n\n") + "\n\n  "]) == plain)
        #expect(try replay(["a.ndjson": lines.joined(separator: "\n")]) == plain)
    }

    @Test func deadLettersKeepTheLine() throws {
        let wrapped = #"{"topic":"people","key":"k","value":{"op":"u","row":{"n":"x","id":"1"}},"time":7}"#
        let lines =
            definitions + ["{broken \"é\\", "", wrapped, #"{"type":"nothing","time":8}"#, Sample.row("1", n: 1, table: "none", time: 9)]
        let output = try replay(["in.ndjson": text(lines)])
        let letters = output.lines(output.deadLetters)
        #expect(letters.map { $0["value"]! } == [.string("{broken \"é\\"), json(wrapped), json(lines[5]), json(lines[6])])
        #expect(letters.allSatisfy { $0["key"] == .null && $0.text("headers", "__connect.errors.topic") == "in.ndjson" })
        #expect(letters.map { $0.text("headers", "__connect.errors.offset") } == ["2", "4", "5", "6"])
        #expect(letters.map { $0.text("headers", "__connect.errors.stage") } == ["CHANGE", "CHANGE", "CONTROL", "CHANGE"])
        let reasons = letters.map { $0.text("headers", "__connect.errors.exception.message")! }
        #expect(
            reasons[0].hasPrefix("malformed JSON") && reasons[1] == "people.n: a whole number of 64 bits is expected, not a text"
                && reasons[2].hasPrefix("unknown event type"))
        #expect(reasons[3] == #"unknown table "none"; publish its schema first"#)
        #expect(output.news.count == 3 && output.story.isEmpty)
    }

    @Test func wrappedLines() throws {
        func wrap(_ topic: String, _ value: String, _ time: Int64) -> String {
            #"{"topic":"\#(topic)","key":null,"value":\#(value),"time":\#(time)}"#
        }
        let lines = [
            wrap("campaign-publish", Sample.publish(), 1),
            wrap("campaign-publish", Sample.publish(campaign: Sample.campaign("c", audience: "vip")), 2),
            wrap("people", #"{"op":"u","row":{"id":"1","email":"a","n":1}}"#, 3), wrap("other", Sample.row("2", n: 2), 4),
            wrap("other", "null", 5),
            wrap("other", #"{"op":"u","row":{"id":"3","email":"a","n":1}}"#, 6),
        ]
        let output = try replay(["in.ndjson": text(lines)])
        #expect(output.story == [#"3 vip 2@x realized {"n":2}"#, #"3 vip a realized {"n":1}"#])
        #expect(output.lines(output.deadLetters).map { $0.text("headers", "__connect.errors.offset") } == ["5"])
    }

    @Test func theClockMovesForwardOnly() throws {
        let lines = [
            #"{"type":"clock.advanced","to":50,"time":10}"#, Sample.publish(time: 20), #"{"type":"clock.advanced","to":5,"time":30}"#,
            Sample.barrier("b", time: 60),
        ]
        let output = try replay(["a.ndjson": text(lines)])
        #expect(
            output.lines(output.updated).map { $0["value"]!.text("time")! } == ["1970-01-01T00:00:00.050Z", "1970-01-01T00:00:00.060Z"])
    }

    @Test func aSnapshotOfEveryAudience() throws {
        let lines =
            definitions + [Sample.publish(campaign: Sample.campaign("d", audience: "gone"), time: 1), Sample.row("1", n: 1, time: 10)]
        let output = try replay(["a.ndjson": text(lines + [#"{"type":"campaign.deleted","campaignId":"d","time":11}"#])], snapshots: true)
        let snapshots = output.files.keys.filter { $0.hasPrefix("snapshots/") }.sorted()
        #expect(snapshots == ["snapshots/vip/5/manifest.json", "snapshots/vip/5/members.ndjson.zst"])
        let manifest = json(output.files["snapshots/vip/5/manifest.json"]!)
        #expect(manifest["size"] == .integer(1) && manifest["rows"] == .integer(1) && manifest["sequence"] == .integer(5))
        #expect(
            manifest.text("audience") == "vip" && manifest.text("namespace") == "Email"
                && manifest.text("time") == "1970-01-01T00:00:00.011Z")
    }

    @Test func manyChangesAreSeveralCommits() throws {
        let rows = (0..<9000).map { Sample.row(String($0), n: 1, time: 10) }
        let output = try replay(["a.ndjson": text(definitions + rows)])
        #expect(output.news.dropFirst(3) == ["3 audience.updated", "4 audience.updated", "5 audience.updated"])
        let sizes = output.lines(output.updated).suffix(3).map { written($0["value"]!["size"]!) }
        #expect(sizes == ["4096", "8192", "9000"])
    }
}
