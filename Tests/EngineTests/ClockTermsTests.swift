// Goal: terms are found by their node; those that somebody reads are live, in the order in which they came; and while the clock moves each
// is what it is and what it was. Method: a few terms.
import Testing

@testable import Engine

@Suite struct ClockTermsTests {
    @Test func termsAreFoundByTheirNode() {
        var terms = ClockTerms()
        let (first, second) = (terms.add(5), terms.add(3))
        #expect(terms.find(5) == first && terms.find(3) == second && terms.find(4) == nil)
        #expect(terms[first].node == 5 && terms[first].value.isNull && terms[first].aloneReaders == 0)
        #expect(terms.live.count == 0)
    }

    @Test func aTermIsLiveWhileItHasReaders() {
        var terms = ClockTerms()
        let (first, second) = (terms.add(5), terms.add(3))
        #expect(terms.addReader(of: second, 1) && terms.addReader(of: first, 1) && !terms.addReader(of: first, 1))
        #expect(terms.live.all == [first, second])
        #expect(!terms.addReader(of: first, -1) && terms.live.count == 2)
        #expect(terms.addReader(of: first, -1) && terms.live.all == [second])
    }

    @Test func whatATermWasCanTakeThePlaceOfWhatItIs() {
        var term = ClockTerm(node: 0)
        term.value = .instant(7)
        term.keepPrevious()
        #expect(term.value.isNull && term.previous.sortKey == 7)
        term.value = .instant(9)
        term.exchange()
        #expect(term.key == 7 && term.previous.sortKey == 9)
        term.exchange()
        term.dropPrevious()
        #expect(term.key == 9 && term.previous.isNull)
    }

    @Test func nullIsBeforeEveryInstantAndHasNoPlace() {
        var term = ClockTerm(node: 0)
        #expect(term.key == nil && ClockTerm.instant(term.value) == .min)
        term.value = .instant(-5)
        #expect(term.key == -5 && ClockTerm.instant(term.value) == -5)
        "text".utf8CString.withUnsafeBytes { term.value = .text($0) }
        #expect(term.key == nil && ClockTerm.instant(term.value) == .min)
    }
}
