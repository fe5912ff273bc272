// The shop of the demo: its tables, its campaigns, its people, what they bought before it starts and what they buy while it runs.
// Everything is a JSON text as anybody could publish it.
import Campaigns

struct DemoShop {
    /// Somebody; the key is also the primary key.
    struct Person {
        var key: String
        var email: String
        var country: String
        /// Who lives together shares it.
        var household: String
    }

    /// A change of a row, as it is sent.
    struct Row {
        /// The record's key: the rows of one person share it, and so a partition.
        var key: String
        var value: String
        var email: String
        /// Somebody else whom it moves.
        var otherEmail: String?
        /// For a purchase, when it was made: milliseconds since the Unix epoch.
        var boughtAt: Int64?
    }

    static let day: Int64 = 86_400_000

    let ada = Person(key: "ada", email: "ada@example.com", country: "GB", household: "ada")
    let ben = Person(key: "ben", email: "ben@example.com", country: "DE", household: "ben")
    let dan = Person(key: "dan", email: "dan@example.com", country: "US", household: "dan")
    let eve = Person(key: "eve", email: "eve@example.com", country: "FR", household: "eve and fay")
    let fay = Person(key: "fay", email: "fay@example.com", country: "FR", household: "eve and fay")
    let people: [Person]
    /// Ben's purchase falls out of the 30 days this many seconds after the start.
    let benLeavesSecond = 10.0
    /// Purchases of the 90 days before the start.
    private(set) var history: [Row] = []
    /// Purchases while the story runs, with the second of each.
    private(set) var crowd: [(second: Double, row: Row)] = []

    /// `start` is the wall clock when the story begins.
    init(start: Int64) {
        let names = [
            "alice", "amir", "anna", "bao", "carla", "chen", "david", "elena", "emma", "fatima", "felix", "grace", "hugo", "ines", "ivan",
            "jana",
            "jonas", "kenji", "kim", "lars", "lea", "liam", "luca", "maria", "mei", "mia", "nina", "noah", "nora", "olga", "omar", "paul",
            "rosa",
            "sam", "sofia", "tom", "vera", "yuki", "zoe",
        ]
        let countries = ["FR", "DE", "IT", "ES", "GB", "US"]
        var others: [Person] = []
        for domain in ["com", "net", "org"] {
            for (number, name) in names.enumerated() {
                others.append(
                    Person(
                        key: "\(name)-\(domain)", email: "\(name)@example.\(domain)", country: countries[number % countries.count],
                        household: "\(domain)-\(number / 2)"))
            }
        }
        people = [ada, ben, dan, eve, fay] + others

        var dice = Dice()
        history = [
            purchase("ada-0", by: ada, "books", 20, at: start - 50 * Self.day),
            purchase("ben-0", by: ben, "books", 12.5, at: start - 30 * Self.day + Int64(benLeavesSecond * 1000)),
            purchase("dan-1", by: dan, "shoes", 310, at: start - 2 * Self.day),
            purchase("eve-0", by: eve, "shoes", 150, at: start - 40 * Self.day),
            purchase("fay-0", by: fay, "shoes", 120, at: start - 50 * Self.day),
        ]
        for (number, person) in others.enumerated() {
            // Some fall out of the 30 days while the story runs, others long before or after it.
            let age = number % 7 == 3 ? 30 * Self.day - 3500 - Int64(number) * 190 : Int64(dice.roll(80) + 1) * Self.day
            history.append(purchase("\(person.key)-0", by: person, "books", Double(dice.roll(200) + 5), at: start - age))
            let amount = Double(dice.roll(240) + 5)
            history.append(purchase("\(person.key)-1", by: person, "shoes", amount, at: start - Int64(35 + dice.roll(50)) * Self.day))
        }
        // A trickle all the time, and the rush of the sale, in four waves.
        let trickle = (0..<20).map { 3.2 + 1.1 * Double($0) }
        let rush = (0..<28).map { 25.4 + 0.6 * Double($0 / 7) }
        for (number, second) in (trickle + rush).enumerated() {
            let row = purchase(
                "crowd-\(number)", by: others[dice.roll(others.count)], "books", Double(dice.roll(60) + 5), at: start + Int64(second * 1000)
            )
            crowd.append((second, row))
        }
    }

    // Rows.

    var customers: [Row] {
        people.map {
            row(
                of: $0,
                #"{"table":"customers","op":"u","row":{"id":"\#($0.key)","email":"\#($0.email)","country":"\#($0.country)","#
                    + #""household":"\#($0.household)"}}"#)
        }
    }

    func purchase(_ id: String, by person: Person, _ category: String, _ amount: Double, at instant: Int64) -> Row {
        row(
            of: person,
            #"{"table":"purchases","op":"u","row":{"id":"\#(id)","customer_id":"\#(person.key)","category":"\#(category)","#
                + #""amount":\#(amount),"at":"\#(InstantText.text(of: instant))"}}"#,
            boughtAt: instant)
    }

    /// What happens when the story is told, one after the other: somebody buys, and now and then sends back what she bought.
    func later(_ number: Int, at instant: Int64) -> Row {
        func person(_ number: Int) -> Person { people[number * 37 % people.count] }
        if number % 4 == 3 { return returned("later-\(number - 3)", by: person(number - 3)) }
        let category = number % 5 == 0 ? "shoes" : "books"
        return purchase("later-\(number)", by: person(number), category, Double(number * 13 % 90 + 10), at: instant)
    }

    /// Fay has then spent more on shoes than Eve.
    func fayOvertakes(at instant: Int64) -> Row {
        var row = purchase("fay-1", by: fay, "shoes", 60, at: instant)
        row.otherEmail = eve.email
        return row
    }

    func returned(_ id: String, by person: Person) -> Row {
        row(of: person, #"{"table":"purchases","op":"d","row":{"id":"\#(id)"}}"#)
    }

    private func row(of person: Person, _ value: String, boughtAt: Int64? = nil) -> Row {
        Row(key: person.key, value: value, email: person.email, boughtAt: boughtAt)
    }

    // Definitions.

    let schemas = [
        #"""
        {"type": "schema.published", "schema": {"name": "customers", "primaryKey": ["id"],
          "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "country", "type": "string"},
            {"name": "household", "type": "string"}],
          "identities": [{"field": "email", "namespace": "Email"}]}}
        """#,
        #"""
        {"type": "schema.published", "schema": {"name": "purchases", "primaryKey": ["id"],
          "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"}, {"name": "category", "type": "string"},
            {"name": "amount", "type": "double"}, {"name": "at", "type": "datetime"}],
          "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"}]}}
        """#,
    ]

    func campaign(_ id: String, rule: String, identity: String = "email") -> String {
        #"""
        {"type": "campaign.published", "campaign": {"id": "\#(id)", "activities": [
          {"id": "who", "type": "build-audience", "dimension": "customers", "filter": "\#(rule)"},
          {"id": "save", "type": "save-audience", "from": "who", "audience": {"id": "\#(id)"},
           "identity": {"field": "\#(identity)", "namespace": "Email"}, "attributes": [{"source": "country", "name": "country"}]}]}}
        """#
    }

    /// A graph: who bought shoes, one of each household, a fifth held out, what they spent; saved twice.
    let giftCampaign = #"""
        {"type": "campaign.published", "campaign": {"id": "gift", "activities": [
          {"id": "buyers", "type": "build-audience", "dimension": "customers",
           "filter": "SUM(purchases.amount WHERE category = 'shoes') >= 100"},
          {"id": "best", "type": "deduplication", "from": "buyers", "fields": ["household"],
           "method": {"highest": "SUM(purchases.amount WHERE category = 'shoes')"}},
          {"id": "groups", "type": "split", "from": "best", "complement": true,
           "subsets": [{"name": "holdout", "sample": {"percent": 20}}]},
          {"id": "spent", "type": "enrichment", "from": "groups.complement",
           "columns": [{"name": "spent", "value": "SUM(purchases.amount WHERE category = 'shoes')"}]},
          {"id": "save", "type": "save-audience", "from": "spent", "audience": {"id": "gift"},
           "identity": {"field": "email", "namespace": "Email"}, "attributes": [{"source": "spent", "name": "spent"}]},
          {"id": "save-holdout", "type": "save-audience", "from": "groups.holdout", "audience": {"id": "gift-holdout"},
           "identity": {"field": "email", "namespace": "Email"}}]}}
        """#

    /// Reads an audience of another campaign.
    let frenchGiftCampaign = #"""
        {"type": "campaign.published", "campaign": {"id": "gift-france", "activities": [
          {"id": "gift", "type": "read-audience", "audience": "gift", "dimension": "customers", "identityField": "email"},
          {"id": "countries", "type": "split", "from": "gift", "subsets": [{"name": "france", "filter": "country = 'FR'"}]},
          {"id": "save", "type": "save-audience", "from": "countries.france", "audience": {"id": "gift-france"},
           "identity": {"field": "email", "namespace": "Email"}}]}}
        """#

    var mistakenCampaign: String { campaign("sleepers", rule: "NOT EXISTS(purchase WHERE at >= DaysAgo(60))", identity: "emial") }
}

/// The same rolls every time.
private struct Dice {
    private var state: UInt64 = 42

    /// 0 ..< sides.
    mutating func roll(_ sides: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(sides))
    }
}
