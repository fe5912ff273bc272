// Goal: a commit says something when a member was touched or something is to be decided. Method: one of each.
import Testing

@testable import Engine

@Suite struct PendingCommitTests {
    @Test func touchesAndMarksAreChanges() {
        var pending = PendingCommit()
        #expect(pending.hasChanges == false)
        pending.marks.mark(Mark(operation: 0, item: 0, cause: .change))
        #expect(pending.hasChanges == true)
        pending.marks.removeAll()
        #expect(pending.hasChanges == false)
        pending.touched.add(TouchedMember(save: 0, identity: 0, rows: 0, attributes: AttributesHash(of: []), cause: .change), 0)
        #expect(pending.hasChanges == true)
    }
}
