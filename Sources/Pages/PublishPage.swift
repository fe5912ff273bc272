// Publishing: a definition is pasted or chosen, its problems are shown at their lines, then what it would do, and only then a button.
import Campaigns

/// The page where campaigns are published.
enum PublishPage {
    /// What is pasted into. It needs the script: a browser's form cannot send what a change is sent as, and so no foreign page can either.
    static var form: Page {
        Page(
            section: .publish, title: "Publish a campaign",
            body: """
                <p>Paste a definition, or choose its file. It is checked and planned first: you see who would enter and leave. Nothing is \
                published before you say so.</p>
                <noscript><div class="notice"><p>Publishing here needs the script of this page: without one a browser sends forms as a \
                type that no change is taken as, so that no foreign page can publish in your name. The command line does the same: \
                <code>audienced plan campaign.json</code>, then <code>audienced publish campaign.json</code>. All other pages work without \
                it.</p></div></noscript>
                <form id="publish" hidden>
                <p><label for="file">File</label><input id="file" type="file" accept=".json,application/json"></p>
                <p><label for="definition">Definition, JSON</label>\
                <textarea id="definition" spellcheck="false" autocomplete="off" required></textarea></p>
                <p><button type="submit" class="main">Check and plan</button></p>
                </form>
                <p id="told" role="status"></p>
                <div id="result"></div>
                """)
    }

    /// What is shown of a definition: its problems, or its plan.
    static func result(_ text: String, validation: Answer, plan: Answer?) -> Page {
        let (told, body): (String, HTML)
        let problems = validation.json.elements("problems")
        if let plan, plan.isThere {
            (told, body) = ("The plan is there.", PlanView(plan.json).html)
        } else if let plan {
            (told, body) = ("There is no plan.", Page.refusal(plan))
        } else if problems.isEmpty {
            (told, body) = ("That is no definition.", malformed(text, validation))
        } else {
            told = Words.counted(Int64(problems.count), "problem")
            body = "<h2>\(told)</h2>\(at(problems, text))"
        }
        return Page(
            section: .publish, title: "Publish a campaign", sequence: plan?.sequence, clock: plan?.clock,
            body: "<div id=\"result\" data-told=\"\(told)\">\(body)</div>")
    }

    private static func malformed(_ text: String, _ answer: Answer) -> HTML {
        guard let line = answer.json.integer("line") else { return Page.refusal(answer) }
        return "\(Page.refusal(answer))\(excerpt(text.split(separator: "\n", omittingEmptySubsequences: false), Int(line)))"
    }

    private static func at(_ problems: [JSON], _ text: String) -> HTML {
        let (places, lines) = (DefinitionLines(text), text.split(separator: "\n", omittingEmptySubsequences: false))
        let shown = problems.map { problem -> HTML in
            let line = places.line(of: problem.text("path") ?? "")
            let hint: HTML = problem.text("hint").map { "<p class=\"soft\">→ \($0)</p>" } ?? ""
            return """
                <div class="notice"><p>Line \(line): <b>\(problem.text("message") ?? "")</b> \
                <code class="soft">\(problem.text("path") ?? "")</code></p>\(hint)\(excerpt(lines, line))</div>
                """
        }
        return "\(shown)"
    }

    /// A line among its neighbours.
    private static func excerpt(_ lines: [Substring], _ line: Int) -> HTML {
        guard !lines.isEmpty else { return "" }
        let first = max(1, min(line, lines.count) - 1)
        let last = min(lines.count, line + 1)
        guard first <= last else { return "" }
        let shown = (first...last).map { number -> HTML in
            let text = String(lines[number - 1]).cut(toBytes: 400)
            let mark: HTML = "<span class=\"mark\">\(number)  </span>"
            return number == line ? "<b class=\"wrong\">\(mark)\(text)</b>\n" : "\(mark)\(text)\n"
        }
        return "<pre tabindex=\"0\"><code>\(shown)</code></pre>"
    }
}
