// An engine made anew from the facts of one, beside decoding and applying the rows again: what a start from an image costs, but for the
// file.
import Campaigns
import Engine
import Storage

/// The facts of an engine as blocks of bytes.
private struct FactsBlocks {
    var facts: EngineFacts
    var texts: [(place: TextPlace, count: Int, bytes: [UInt8])] = []
    var rows: [(table: Int, rows: Range<Int>, bytes: [UInt8])] = []

    init(of engine: inout Engine) {
        facts = engine.facts()
        engine.beginCopying(facts)
        for (place, count) in engine.texts(of: facts) {
            var code = 0
            while code < count {
                var bytes: [UInt8] = []
                let end = engine.append(place, of: facts, from: code, count: count, bytes: 1 << 20, to: &bytes)
                texts.append((place, end - code, bytes))
                code = end
            }
        }
        for (table, held) in facts.tables.enumerated() {
            for first in stride(from: 0, to: held.rows, by: held.rowsOfGroup) {
                let group = first..<min(first + held.rowsOfGroup, held.rows)
                var bytes: [UInt8] = []
                engine.copy(table: table, rows: group, to: &bytes)
                rows.append((table, group, bytes))
            }
        }
        engine.endCopying()
    }

    var byteCount: Int { texts.reduce(0) { $0 + $1.bytes.count } + rows.reduce(0) { $0 + $1.bytes.count } }
}

func measureFacts(_ files: WorkloadFiles, _ skew: Workload.Skew, campaigns: Int, repeats: Int) throws {
    let rows = try files.rows(skew)
    let file = try LineFile(path: rows.path)
    let tables = try LoadedTables(campaigns: rows.workload.campaigns(campaigns))
    try tables.load(file, rows: rows.workload.rows)
    let replayed = Double(tables.decoding.processor + tables.applying.processor)
    var writing = Stopwatch()
    let blocks = writing.measure { tables.withEngine { FactsBlocks(of: &$0) } }
    var (ratios, seconds) = ([Double](), [[Double]](repeating: [], count: 3))
    for _ in 0..<repeats {
        var (texts, rows, following) = (Stopwatch(), Stopwatch(), Stopwatch())
        var loading: EngineLoading? = try EngineLoading(blocks.facts)
        try texts.measure {
            for block in blocks.texts { try block.bytes.withUnsafeBytes { try loading!.add(block.place, count: block.count, from: $0) } }
        }
        try rows.measure {
            try loading!.beginRows()
            for block in blocks.rows {
                try block.bytes.withUnsafeBytes { try loading!.fill(table: block.table, rows: block.rows, from: $0) }
            }
        }
        let zones = tables.withEngine { $0.timeZones }
        var engine = try following.measure { try loading.take()!.finish(zones: zones) }
        for number in 0..<engine.audienceCount {
            try check(engine.audience(number).id, has: engine.members(of: number).count, not: tables.size(of: engine.audience(number).id))
        }
        let watches = [texts, rows, following]
        for place in watches.indices { seconds[place].append(Double(watches[place].processor) / 1e9) }
        ratios.append(Double(watches.reduce(0) { $0 + $1.processor }) / replayed)
    }
    var report = Report("facts", parameters: parameters(rows.workload, campaigns: campaigns))
    report.add(ratios, unit: "of decoding and applying the same rows")
    report.add("writingSeconds", .figure(Double(writing.processor) / 1e9))
    for (name, seconds) in zip(["textsSeconds", "rowsSeconds", "followingSeconds"], seconds) {
        report.add(name, .figure(median(seconds.sorted())))
    }
    report.add(counts: [("bytes", .count(blocks.byteCount)), ("blocks", .count(blocks.texts.count + blocks.rows.count))])
    report.print()
}
