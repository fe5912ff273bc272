// Goal: tables, facts and progress are laid out as people read them, whatever a server sends. Method: small values in, lines out.
import Campaigns
import Testing

@testable import Daemon

@Suite struct TextForPeopleTests {
    private func table() -> TextTable {
        var table = TextTable([.init(title: "ID"), .init(title: "LABEL"), .init(title: "MEMBERS", isNumber: true)])
        table.add([.init("a"), .init("People who bought something lately"), .init(1_234_567)])
        table.add([.init("a longer id"), .init("x\ny"), .init(nil)])
        return table
    }

    @Test func tablesAreAligned() {
        #expect(
            table().lines(columns: nil).map(\.text) == [
                "ID           LABEL                                 MEMBERS",
                "a            People who bought something lately  1,234,567",
                "a longer id  x\u{fffd}y                                         –",
            ])
        #expect(
            table().lines(columns: 40).map(\.text) == [
                "ID           LABEL               MEMBERS", "a            People who boug…  1,234,567",
                "a longer id  x\u{fffd}y                       –",
            ])
        for columns in 1...80 {
            #expect(table().lines(columns: columns).allSatisfy { $0.width <= columns }, "\(columns)")
        }
    }

    @Test func numbersAreGrouped() {
        let expected: [(Int64, String)] = [
            (0, "0"), (999, "999"), (1000, "1,000"), (-1000, "-1,000"), (-999, "-999"), (1_234_567, "1,234,567"),
            (.min, "-9,223,372,036,854,775,808"),
        ]
        for (number, text) in expected { #expect(grouped(number) == text) }
    }

    @Test func anyObjectIsShown() throws {
        let text =
            #"{"lastChange":4000,"ok":true,"none":null,"list":[],"at":{"topic a":{"0":1}},"who":[{"a":1,"b":"x"},{"a":2}],"share":0.5}"#
        let object = try #require(JSON(text: Array(text.utf8)))
        #expect(
            Facts(object, first: ["share"], leaving: ["none"]).lines.map(\.text) == [
                "share         0.5", "last change   4,000", "ok            yes", "list          none", "at.topic a.0  1",
                "who           1  x",
                "              2",
            ])
        #expect(Facts(.array([])).lines.isEmpty)
    }

    @Test func progressComesInTime() {
        var lively = Progress(title: "export a", noun: "members", total: 2000, console: Console(columns: 30))
        #expect(lively.text(count: 10, after: 0.4) == nil && lively.end == nil)
        #expect(lively.text(count: 500, after: 0.5) == "\rexport a  25 %  500 of 2,000…\u{1b}[K")
        #expect(lively.text(count: 510, after: 0.55) == nil && lively.end == "\r\u{1b}[K")
        #expect(lively.text(count: 600, after: 0.61) != nil)
        var quiet = Progress(title: "export a", noun: "members", total: 981_100, console: Console(columns: nil))
        #expect(quiet.text(count: 10, after: 9) == nil)
        #expect(quiet.text(count: 402_113, after: 10) == "export a  40 %  402,113 of 981,100 members  40 k/s  15 s left\n")
        #expect(quiet.text(count: 402_114, after: 19.9) == nil && quiet.end == nil)
        // More than the size was at the beginning: no share of it.
        #expect(quiet.text(count: 981_101, after: 20) == "export a  981,101 members  49 k/s\n")
    }

    @Test func anExplanationNeedsNothingOfIt() {
        #expect(ExplanationText(.object([])).lines.last?.hasPrefix("By time alone: not known") == true)
        let odd = JSON(
            text: Array(#"{"rows":[{"steps":[{"rank":{}}]}],"contributions":[{}],"toEnter":[{}],"subject":{"key":"\u001b"}}"#.utf8))!
        #expect(ExplanationText(odd).lines.first == "the record \u{fffd} is not a member of it.")
    }
}
