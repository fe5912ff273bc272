// What the demo has seen: folded from the records of audience-members and audience-updated as any reader of these topics could, besides
// what was told and sent. A view is a function of it.
import Campaigns

struct DemoState {
    /// One audience as its events tell it.
    struct Audience {
        var id: String
        /// The campaign's rule.
        var rule: String
        /// Members, as `audience-updated` says; and every size that it had, with the second since when.
        var size = 0
        var sizes: [(second: Double, size: Int)] = []
        /// Members, as `audience-members` says.
        var members: Set<String> = []
        /// The members when the campaign went live: what a batch would still have.
        var copy: Set<String>?
        var enteredCount = 0
        var leftCount = 0

        /// How many people are wrongly in the copy, or missing from it.
        var wrongInCopyCount: Int { copy.map { $0.symmetricDifference(members).count } ?? 0 }
    }

    /// What happened, in order.
    enum Entry {
        case told(Scene)
        case moved(Movement)
        case refused(second: Double, campaign: String, problems: [Problem])
    }

    /// What was told.
    struct Scene {
        var second: Double
        var title: String
        var meaning: String
        /// Each audience's size when it began.
        var sizes: [(audience: String, size: Int)]
    }

    /// People who did the same in one commit for the same reason.
    struct Movement {
        enum Direction {
            case entered, stayed, left
        }

        var second: Double
        var sequence: Int64
        var direction: Direction
        var audience: String
        /// As the events name it.
        var cause: String
        var people: [String]
    }

    /// Where the console is, and what publishes there.
    struct Console {
        var address: String
        var token: String
    }

    let customerCount: Int
    /// nil: there is none.
    var console: Console?
    /// Seconds since the story began.
    var second = 0.0
    private(set) var audiences: [Audience] = []
    private(set) var entries: [Entry] = []
    /// The last commit seen.
    private(set) var sequence: Int64 = 0
    /// From a row sent to its event read, of each person who was moved by one.
    private(set) var latenciesMilliseconds: [Double] = []
    /// From the moment at which somebody's time was over to the event read.
    private(set) var latenessMilliseconds: [Double] = []

    /// When the last row about somebody was sent, on the monotonic clock; and when they last bought something.
    private var sent: [String: UInt64] = [:]
    private var boughtAt: [String: Int64] = [:]

    init(customerCount: Int) { self.customerCount = customerCount }

    /// Members entered, changed or left, so far; and those of them because time passed.
    var memberEventCount: Int { movements.reduce(0) { $0 + $1.people.count } }
    var leftByTimeCount: Int { movements.reduce(0) { $0 + ($1.cause == "time" && $1.direction == .left ? $1.people.count : 0) } }
    var refusedProblemCount: Int { entries.reduce(0) { if case .refused(_, _, let problems) = $1 { $0 + problems.count } else { $0 } } }

    /// Nothing that was told of is still on its way: the mistakes were refused, and the two topics say the same.
    var isSettled: Bool { refusedProblemCount > 0 && audiences.allSatisfy { $0.members.count == $0.size } }

    private var movements: [Movement] { entries.compactMap { if case .moved(let movement) = $0 { movement } else { nil } } }

    // What is told and sent.

    mutating func tell(_ title: String, _ meaning: String = "") {
        entries.append(.told(Scene(second: second, title: title, meaning: meaning, sizes: sizes)))
    }

    var sizes: [(audience: String, size: Int)] { audiences.map { ($0.id, $0.size) } }

    mutating func send(_ row: DemoShop.Row, nanoseconds: UInt64) {
        for email in [row.email, row.otherEmail].compactMap(\.self) { sent[email] = nanoseconds }
        if let instant = row.boughtAt { boughtAt[row.email] = max(instant, boughtAt[row.email] ?? instant) }
    }

    // What is read.

    /// One record of `audience-members` or `audience-updated`, read at these instants of the two clocks.
    mutating func receive(_ event: JSON, nanoseconds: UInt64, wallMilliseconds: Int64) {
        if case .integer(let number)? = event["sequence"] { sequence = max(sequence, number) }
        if event["status"] != nil {
            receive(member: event, nanoseconds, wallMilliseconds)
        } else if event.text("type") == "audience.updated" {
            receive(update: event)
        } else if event.text("type") == "campaign.rejected", case .array(let problems)? = event["problems"] {
            let found = problems.map { Problem(path: $0.text("path") ?? "", message: $0.text("message") ?? "", hint: $0.text("hint")) }
            entries.append(.refused(second: second, campaign: event.text("campaign") ?? "", problems: found))
        }
    }

    private mutating func receive(member event: JSON, _ nanoseconds: UInt64, _ wallMilliseconds: Int64) {
        guard let id = event.text("audience"), let person = event["identity"]?.text("id"), let cause = event.text("cause"),
            case .integer(let sequence)? = event["sequence"]
        else { return }
        let audience = place(of: id)
        let direction: Movement.Direction
        switch event.text("status") {
        case "realized":
            direction = .entered
            audiences[audience].members.insert(person)
            audiences[audience].enteredCount += 1
        case "existing":
            direction = .stayed
        default:
            direction = .left
            audiences[audience].members.remove(person)
            audiences[audience].leftCount += 1
        }
        if cause == "change", let sent = sent[person] { latenciesMilliseconds.append(Double(nanoseconds - sent) / 1e6) }
        if cause == "time", let bought = boughtAt[person], let window = DemoStory.windowMilliseconds[id] {
            latenessMilliseconds.append(Double(wallMilliseconds - bought - window))
        }
        add(Movement(second: second, sequence: sequence, direction: direction, audience: id, cause: cause, people: [person]))
    }

    /// Joins the movement with that of others, in the same commit, that is like it.
    private mutating func add(_ new: Movement) {
        for number in entries.indices.reversed() {
            guard case .moved(var movement) = entries[number] else { continue }
            if movement.sequence < new.sequence { break }
            if movement.audience == new.audience, movement.direction == new.direction, movement.cause == new.cause {
                movement.people += new.people
                entries[number] = .moved(movement)
                return
            }
        }
        entries.append(.moved(new))
    }

    private mutating func receive(update event: JSON) {
        guard let id = event.text("audience"), case .integer(let size)? = event["size"] else { return }
        let audience = place(of: id)
        audiences[audience].size = Int(size)
        audiences[audience].sizes.append((second, Int(size)))
    }

    /// Keeps, of each audience that has just gone live, a copy of its members; to be called when all that came was received.
    mutating func keepCopies() {
        for number in audiences.indices where audiences[number].copy == nil && audiences[number].members.count == audiences[number].size {
            audiences[number].copy = audiences[number].members
        }
    }

    private mutating func place(of id: String) -> Int {
        if let place = audiences.firstIndex(where: { $0.id == id }) { return place }
        audiences.append(Audience(id: id, rule: DemoStory.rules[id] ?? ""))
        return audiences.count - 1
    }
}
