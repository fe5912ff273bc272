// Goal: an operator hears once of each member that is ignored. Method: lists of ignored members as the decoder has them.

import Testing

@testable import Daemon
@testable import Wire

@Suite struct IgnoredInputTests {
    private func new(_ members: [(String, String?)], of ignored: inout IgnoredInput) -> [String] {
        ignored.newMembers(members.map { IgnoredMember(table: $0.0, name: $0.1, count: 1) }).map { "\($0.table): \($0.names)" }
    }

    @Test func eachMemberOnce() {
        var ignored = IgnoredInput()
        #expect(new([("t", "x"), ("t", "y"), ("u", "x")], of: &ignored) == ["t: x, y", "u: x"])
        #expect(new([("t", "x"), ("t", "y"), ("t", nil), ("u", "x"), ("u", "z")], of: &ignored) == ["t: and others", "u: z"])
        #expect(new([("t", "x"), ("t", nil), ("u", "z")], of: &ignored) == [])
    }

    @Test func manyInOneLine() {
        var ignored = IgnoredInput()
        let members = (0..<12).map { ("t", Optional("m\($0)")) }
        #expect(new(members, of: &ignored) == ["t: m0, m1, m2, m3, m4, m5, m6, m7, m8, m9 and 2 more"])
    }
}
