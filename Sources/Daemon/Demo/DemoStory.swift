// What happens in the demo and why it matters: half a minute of a small shop. Ten scenes that are told, and a crowd that goes on buying
// meanwhile. All of it follows from the instant at which it starts.

struct DemoStory {
    /// One thing that happens. Without a title nobody is told of it: the crowd.
    struct Step {
        /// Seconds from the start.
        var second: Double
        var title = ""
        /// Why it is worth a look.
        var meaning = ""
        var records: [Record]
    }

    /// What is sent to Kafka.
    enum Record {
        case definition(String)
        case row(DemoShop.Row)
    }

    /// The rule of each audience; of campaigns of one rule also that of the campaign, which has the same id.
    static let rules = [
        "recent-buyers": "EXISTS(purchases WHERE at >= DaysAgo(30))",
        "big-spenders": "SUM(purchases.amount WHERE at >= DaysAgo(90)) >= 300",
        "gift": "shoes for 100 and more > best of each household > four fifths",
        "gift-holdout": "… > the other fifth, which gets none, for comparison",
        "gift-france": "members of gift > country = 'FR'",
        "buying-now": "EXISTS(purchases WHERE at >= SubSeconds(NOW(), 4))",
    ]

    /// The span of time that makes somebody leave a campaign's audience, where it has one that the demo waits for.
    static let windowMilliseconds: [String: Int64] = ["recent-buyers": 30 * DemoShop.day, "buying-now": 4000]

    /// When the last scene was seen; on a machine that is slow it may take twice as long.
    static let lastSecond = 34.0

    /// All steps in the order of time; `start` is the wall clock, milliseconds since the Unix epoch.
    static func steps(start: Int64) -> [Step] {
        let shop = DemoShop(start: start)
        func publish(_ campaign: String) -> Record { .definition(shop.campaign(campaign, rule: rules[campaign] ?? "")) }
        func bought(at second: Double) -> Int64 { start + Int64(second * 1000) }
        let steps = [
            Step(
                second: 0,
                title: "A shop: \(shop.people.count) customers and \(shop.history.count) purchases arrive as rows on a Kafka topic.",
                meaning: "audienced keeps the rows that rules can ask about. There is no audience yet.",
                records: shop.schemas.map { .definition($0) } + (shop.customers + shop.history).map { .row($0) }),
            Step(
                second: 2, title: "The campaign recent-buyers goes live: who bought something in the last 30 days?",
                meaning: "Answered once, on the rows already held. From here on only what changes is looked at again.",
                records: [publish("recent-buyers")]),
            Step(
                second: 5, title: "Ada buys shoes: one row is written, nothing else.",
                meaning: "She is in before a second is over. A nightly batch would notice tomorrow at 02:00.",
                records: [.row(shop.purchase("ada-1", by: shop.ada, "shoes", 79.9, at: bought(at: 5)))]),
            Step(
                second: 7.5,
                title:
                    "Ben's purchase turns 30 days old at second \(Int(shop.benLeavesSecond)). Nothing is sent for that: watch the clock.",
                meaning: "Rules that wait for events never notice, a nightly batch tomorrow at 02:00. Here time itself is an input.",
                records: []),
            Step(
                second: 11.5, title: "A second campaign, while the first one runs: big-spenders, over 90 days of purchases.",
                meaning: "It sees the history already held, not only what comes from now on, and disturbs nobody.",
                records: [publish("big-spenders")]),
            Step(
                second: 14.5, title: "Dan sends his shoes back: his purchase is deleted.",
                meaning: "He leaves both audiences in one transaction: readers see both or neither.",
                records: [.row(shop.returned("dan-1", by: shop.dan))]),
            Step(
                second: 17, title: "A campaign that is a graph: a gift to one buyer of shoes per household, the one who spent most.",
                meaning: "Filter, deduplication, a fifth held out, enrichment, two audiences saved: six activities, all of them live.",
                records: [.definition(shop.giftCampaign)]),
            Step(
                second: 19.5, title: "And one that reads its audience: the gifts that go to France.",
                meaning: "An audience is an input like a table. What it says is followed in the same commit.",
                records: [.definition(shop.frenchGiftCampaign)]),
            Step(
                second: 22, title: "Fay buys shoes, and now has spent more than Eve, with whom she lives.",
                meaning: "One row, and the gift changes hands at the end of two campaigns, in one transaction.",
                records: [.row(shop.fayOvertakes(at: bought(at: 22)))]),
            Step(
                second: 24.5, title: "Flash sale! Who bought something in the last 4 seconds?",
                meaning: "A window of seconds is as exact as one of years. Watch it fill, then empty by itself.",
                records: [publish("buying-now")]),
            Step(
                second: 31, title: "Somebody publishes a campaign with two mistakes.",
                meaning: "It is refused as a whole, each mistake with its path and a hint. The live campaigns do not notice.",
                records: [.definition(shop.mistakenCampaign)]),
        ]
        let crowd = shop.crowd.map { Step(second: $0.second, records: [.row($0.row)]) }
        return (steps + crowd).sorted { $0.second < $1.second }
    }
}
