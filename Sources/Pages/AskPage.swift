// "Is she in?": a question in a form, and its answer in words.
import Campaigns

/// Asks about somebody.
enum AskPage {
    static func page(_ head: AudienceHead, kind: String, who: String?, explanation: Answer?, source: Address?) -> Page {
        let isKey = kind == "key"
        let answer: HTML =
            explanation.map { $0.isThere ? ExplanationView($0.json, audience: head.name).html : Page.refusal($0) }
            ?? "<p class=\"soft\">The answer goes through the activities in order, and says what would change it.</p>"
        let options: HTML = """
            <option value="identity"\(isKey ? "" : " selected" as HTML)>\(head.namespace)</option>\
            <option value="key"\(isKey ? " selected" : "" as HTML)>key of her record</option>
            """
        return head.page(
            source: source, sequence: explanation?.sequence, clock: explanation?.clock,
            """
            <form method="get" action="\(AudienceHead.Tab.ask.address(head.id))" class="find">
            <div><label for="kind">Known by</label><select id="kind" name="kind">\(options)</select></div>
            <div><label for="who">Who</label><input id="who" name="who" type="text" value="\(who ?? "")" required autocomplete="off"></div>
            <button type="submit" class="main">Ask</button>
            </form>
            \(answer)
            """)
    }
}
