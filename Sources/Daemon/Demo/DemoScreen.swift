// The demo on the terminal: what goes in on the left, what comes out indented below it, one line each; colours only where they are seen.
import Campaigns
import Glibc
import Wire

struct DemoScreen {
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var start: UInt64 = 0
    private let reader = JSONReader()

    /// The instant that lines count from, on the monotonic clock.
    mutating func startClock() -> UInt64 {
        start = monotonicNanoseconds()
        return start
    }

    func introduce() {
        show("audienced demo: a small shop, a campaign, and who is in its audience at every moment.")
        show("Kafka, the daemon and the shop all run in this process. Lines with  >  go in, lines with  +  ~  -  come out.")
        show("")
    }

    func input(_ caption: String) {
        show("\(clock)  > \(bold(caption))")
    }

    /// One record of `audience-members` or `audience-updated`; 64 bytes after it must be readable.
    func output(_ value: UnsafeRawBufferPointer) {
        guard let event = reader.tree(value) else { return }
        if event["status"] != nil { member(event) } else { update(event) }
    }

    private func member(_ event: JSON) {
        guard let status = event.text("status"), let audience = event.text("audience"), let cause = event.text("cause"),
            let identity = event["identity"]?.text("id")
        else { return }
        let why: String
        switch cause {
        case "change": why = "a row changed"
        case "time": why = "time passed"
        case "publish": why = "the campaign was published"
        case "definition": why = "the campaign has a new version"
        default: why = cause
        }
        var attributes = JSONText()
        if let found = event["attributes"] { attributes.append(found) }
        let shown = String(decoding: attributes.bytes, as: UTF8.self)
        switch status {
        case "realized": show("\(clock)      \(green("+ \(identity)")) enters \(audience), because \(why)  \(shown)")
        case "existing": show("\(clock)      ~ \(identity) stays in \(audience), because \(why)  \(shown)")
        default: show("\(clock)      \(red("- \(identity)")) leaves \(audience), because \(why)")
        }
    }

    private func update(_ event: JSON) {
        switch event.text("type") {
        case "audience.updated":
            guard let audience = event.text("audience"), case .integer(let size)? = event["size"], case .integer(let sequence)? = event["sequence"]
            else { return }
            show("\(clock)        \(audience) has \(size) \(size == 1 ? "member" : "members") as of commit \(sequence)")
        case "campaign.rejected":
            guard case .array(let problems)? = event["problems"] else { return }
            for problem in problems {
                show("\(clock)      \(red("refused")) at \(problem.text("path") ?? ""): \(problem.text("message") ?? "")")
                if let hint = problem.text("hint") { show("\(clock)              hint: \(hint)") }
            }
        default: break
        }
    }

    func end(_ text: String) {
        show("")
        show(text)
    }

    private var clock: String {
        let tenths = (monotonicNanoseconds() - start) / 100_000_000
        let text = "\(tenths / 10).\(tenths % 10) s"
        return String(repeating: " ", count: max(0, 7 - text.count)) + text
    }

    private func show(_ line: String) {
        print(line)
        fflush(nil)
    }

    private func bold(_ text: String) -> String { isTerminal ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
    private func green(_ text: String) -> String { isTerminal ? "\u{1b}[32m\(text)\u{1b}[0m" : text }
    private func red(_ text: String) -> String { isTerminal ? "\u{1b}[31m\(text)\u{1b}[0m" : text }
}
