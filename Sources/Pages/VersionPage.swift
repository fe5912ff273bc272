// One version of a campaign: when it went live, and what it says that the one before did not.
import Campaigns

/// The page of a version.
enum VersionPage {
    /// So many lines are shown beside one that differs.
    private static let neighbours = 3

    static func page(_ version: Answer, before: Answer?, source: Address) -> Page {
        let (id, number) = (version.json.text("id") ?? "", version.json.integer("version") ?? 1)
        let lines = PrettyJSON.lines(version.json["definition"] ?? .null)
        let difference: HTML
        if let before, before.isThere {
            let all = LineDifference(PrettyJSON.lines(before.json["definition"] ?? .null), lines).lines
            let isSame = all.allSatisfy { if case .same = $0 { true } else { false } }
            difference = """
                <h2>What is different from version \(grouped(number - 1))</h2>
                \(isSame ? "<p>Nothing: it was published once more.</p>" : "" as HTML)
                <pre tabindex="0"><code>\(drawn(all))</code></pre>
                """
        } else {
            difference = """
                <h2>Definition</h2>
                \(before.map { Page.refusal($0) } ?? "<p class=\"soft\">It is the first version.</p>")
                <pre tabindex="0"><code>\(lines.joined(separator: "\n"))</code></pre>
                """
        }
        return Page(
            section: .campaigns, title: "\(id): version \(grouped(number))",
            trail: [("Campaigns", Page.Section.campaigns.address), (id, Address("campaigns", id))], source: source,
            sequence: version.sequence, clock: version.clock,
            body: "<p class=\"soft\">Live since \(HTML.time(version.json["liveAt"])).</p>\(difference)")
    }

    /// Lines far from all that differs are only counted.
    private static func drawn(_ lines: [LineDifference.Line]) -> [HTML] {
        let changed = lines.indices.filter { if case .same = lines[$0] { false } else { true } }
        var (drawn, passed, next) = ([HTML](), Int64(0), 0)
        for (place, line) in lines.enumerated() {
            while next < changed.count, changed[next] < place { next += 1 }
            let isNear = [next - 1, next].contains { changed.indices.contains($0) && abs(changed[$0] - place) <= neighbours }
            if isNear {
                if passed > 0 { drawn.append(same(passed)) }
                drawn.append(Self.drawn(line))
                passed = 0
            } else {
                passed += 1
            }
        }
        return drawn + (passed > 0 ? [same(passed)] : [])
    }

    private static func same(_ count: Int64) -> HTML {
        "<span class=\"mark\">  … \(Words.counted(count, "line")) the same</span>\n"
    }

    private static func drawn(_ line: LineDifference.Line) -> HTML {
        switch line {
        case .same(let text): "  \(text)\n"
        case .removed(let text): "<del class=\"removed\">− \(text)</del>\n"
        case .added(let text): "<ins class=\"added\">+ \(text)</ins>\n"
        }
    }
}
