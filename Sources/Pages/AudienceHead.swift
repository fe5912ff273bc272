// What the pages of one audience have in common: its name, its figures, and the ways between them.
import Campaigns

/// The head of the pages of an audience.
struct AudienceHead {
    enum Tab: String, CaseIterable {
        case members = "Members"
        case ask = "Ask about somebody"
        case history = "History"
        case outlook = "Who leaves by itself"
        case follow = "Follow it"

        func address(_ id: String) -> Address {
            switch self {
            case .members: Address("audiences", id)
            case .ask: Address("audiences", id, "ask")
            case .history: Address("audiences", id, "history")
            case .outlook: Address("audiences", id, "outlook")
            case .follow: Address("audiences", id, "follow")
            }
        }
    }

    let answer: Answer
    let tab: Tab

    init(_ answer: Answer, _ tab: Tab) {
        self.answer = answer
        self.tab = tab
    }

    var id: String { answer.json.text("id") ?? "" }
    var namespace: String { answer.json.text("namespace") ?? "" }

    /// What people call it.
    var name: String {
        let label = answer.json.text("label") ?? ""
        return label.isEmpty ? id : label
    }

    /// The whole page. `isLive`: false where it shows what was asked for, of one commit.
    func page(source: Address?, sequence: Int64? = nil, clock: String? = nil, _ body: HTML, isLive: Bool = true) -> Page {
        let isFirst = tab == .members
        return Page(
            section: .audiences, title: isFirst ? name : "\(name): \(tab.rawValue)",
            trail: [("Audiences", Page.Section.audiences.address)] + (isFirst ? [] : [(name, Tab.members.address(id))]),
            events: isLive ? "audience:\(id)" : nil, refreshSeconds: 30, source: source, sequence: sequence ?? answer.sequence,
            clock: clock ?? answer.clock, body: "\(facts)\(tabs)\(body)")
    }

    private var facts: HTML {
        let json = answer.json
        let campaign = json.text("campaign") ?? ""
        let rejected = json.integer("rejected") ?? 0
        let lost: HTML =
            rejected > 0
            ? """
            <p class="needs"><span aria-hidden="true">▲</span> \(HTML.live("audience.rejected", rejected)) rows have no identity, \
            so nobody stands for them: the field of the identity is empty there.</p>
            """ : ""
        return """
            <p class="soft"><code>\(id)</code> · identities \(namespace) · written by <a href="\(Address("campaigns", campaign))">\
            \(campaign)</a>, version \(Words.number(json.integer("campaignVersion"))) · \
            \(StateMark.html(json.text("state") ?? "?", isComplete: json.boolean("complete") ?? true))</p>
            <dl class="facts">
            <div><dt>Members</dt><dd>\(HTML.live("audience.size", json.integer("size")))</dd></div>
            <div><dt>Rows</dt><dd>\(HTML.live("audience.rows", json.integer("rows")))</dd></div>
            <div><dt>Last change</dt><dd>\(AudiencesPage.lastChange("audience", json))</dd></div>
            </dl>
            \(lost)
            """
    }

    private var tabs: HTML {
        let links = Tab.allCases.map { tab -> HTML in
            let current: HTML = tab == self.tab ? " aria-current=\"page\"" : ""
            return "<a href=\"\(tab.address(id))\"\(current)>\(tab.rawValue)</a>"
        }
        return "<nav class=\"tabs\" aria-label=\"About this audience\">\(links)</nav>"
    }
}
