// Goal: terms are found by their node, inner ones before those they are part of, and their values as they were are no part of them. Method:
// a few terms.
import Testing

@testable import Engine

@Suite struct ClockTermsTests {
    @Test func termsAreFoundByTheirNode() {
        var terms = ClockTerms()
        let (first, second) = (terms.add(5), terms.add(3))
        #expect(terms.find(5) == first && terms.find(3) == second && terms.find(4) == nil)
        #expect(Array(terms.all) == [first, second], "in the order in which they came")
        #expect(terms[first].node == 5 && terms[first].value.isNull && terms[first].aloneReaders == 0)
    }

    @Test func theirValuesAreCopies() {
        var terms = ClockTerms()
        let (first, second) = (terms.add(5), terms.add(3))
        let old = terms.values
        terms[first].value = .instant(7)
        terms[second].value = .date(2)
        #expect(old.map(\.node) == [5, 3] && old.allSatisfy { $0.value.isNull })
        #expect(terms.values.map(\.key) == [7, 2])
    }

    @Test func nullIsBeforeEveryInstantAndHasNoPlace() {
        var terms = ClockTerms()
        let number = terms.add(0)
        #expect(terms[number].key == nil && terms[number].instant == .min)
        terms[number].value = .instant(-5)
        #expect(terms[number].key == -5 && terms[number].instant == -5)
        "text".utf8CString.withUnsafeBytes { terms[number].value = .text($0) }
        #expect(terms[number].key == nil && terms[number].instant == .min)
    }
}
