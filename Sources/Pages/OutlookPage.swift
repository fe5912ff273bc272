// Who leaves an audience, and who enters it, if nothing is written: counted when somebody asks, since it takes a copy of the whole state.
import Campaigns

enum OutlookPage {
    /// What the API takes, and its words.
    static let spans: [(name: String, words: String)] = [
        ("PT1H", "an hour"), ("P1D", "24 hours"), ("P2D", "2 days"), ("P7D", "7 days"),
    ]

    /// `outlook`: nil: nothing was asked yet.
    static func page(_ head: AudienceHead, outlook: Answer?, span: String?, source: Address?) -> Page {
        let answer: HTML =
            outlook.map { $0.isThere ? found($0.json, of: head.name, within: words(span)) : Page.refusal($0) }
                ?? """
                <p class="soft">Time alone moves people: a window passes, a wait ends, a campaign begins or ends. Ask, and it is \
                worked out exactly, on a copy of the state; that takes a moment, and the memory of a second state while it lasts.</p>
                """
        return head.page(
            source: source, sequence: outlook?.sequence, clock: outlook?.clock, "\(form(head.id, span))\(answer)", isLive: outlook == nil)
    }

    /// Asks how far to look ahead.
    static func form(_ id: String, _ span: String?) -> HTML {
        let options = spans.map { name, words -> HTML in
            let isChosen: HTML = name == (span ?? "P1D") ? " selected" : ""
            return "<option value=\"\(name)\"\(isChosen)>\(words)</option>"
        }
        return """
            <form method="get" action="\(Address("audiences", id, "outlook"))" class="find">
            <div><label for="for">Who leaves by itself within</label>\
            <select id="for" name="for">\(options)</select></div>
            <button type="submit">Look ahead</button>
            </form>
            """
    }

    private static func words(_ span: String?) -> String { spans.first { $0.0 == span }?.1 ?? "24 hours" }

    private static func found(_ json: JSON, of name: String, within words: String) -> HTML {
        if let unknown = json.text("unknown") {
            return "<p class=\"verdict\">That cannot be told: \(unknown).</p>"
        }
        let (left, entered) = (json.integer("left") ?? 0, json.integer("entered") ?? 0)
        let (now, then) = (json["now"]?.integer("members"), json["then"]?.integer("members"))
        let some: HTML = "<span class=\"leaves\">\(Words.number(left)) of \(Words.number(now))</span>"
        let who: HTML = left == 0 ? "Nobody leaves" : left == 1 ? "\(some) leaves" : "\(some) leave"
        return """
            <section aria-label="The answer">
            <h2>In \(words)</h2>
            <p class="verdict">\(who) \(name) by \(left == 1 ? "itself" : "themselves")\
            \(entered > 0 ? ", and <span class=\"enters\">\(Words.number(entered))</span> enter" as HTML : "").</p>
            <p>Between now and \(HTML.time(json["until"])), if nothing is written. Then \(Words.number(then)) are in. Who comes and goes \
            in between is in neither number.</p>
            <p class="soft">Exact as of commit \(Words.number(json.integer("sequence"))): what will be written until then, nobody knows.</p>
            </section>
            \(PlanView.reasons(json))
            \(PlanView.examples(json))
            """
    }
}
