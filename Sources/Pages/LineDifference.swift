// What of one text is not in another, line by line.

/// The longest common part stays; what is only before is removed, what is only after is added.
struct LineDifference {
    enum Line: Equatable {
        case same(String)
        case removed(String)
        case added(String)
    }

    /// More are not compared one by one: all of the middle is then removed, and added.
    private static let mostPairs = 4_000_000

    let lines: [Line]

    init(_ before: [String], _ after: [String]) {
        var start = 0
        while start < min(before.count, after.count), before[start] == after[start] { start += 1 }
        var end = 0
        while end < min(before.count, after.count) - start, before[before.count - 1 - end] == after[after.count - 1 - end] { end += 1 }
        let (old, new) = (Array(before[start..<before.count - end]), Array(after[start..<after.count - end]))
        let middle =
            old.count * new.count <= Self.mostPairs
            ? Self.compared(old, new) : old.map { .removed($0) } + new.map { .added($0) }
        lines = before[..<start].map { .same($0) } + middle + before[(before.count - end)...].map { .same($0) }
    }

    private static func compared(_ old: [String], _ new: [String]) -> [Line] {
        let width = new.count + 1
        // The length of the longest common part of what is left of both.
        var common = Array(repeating: Int32(0), count: (old.count + 1) * width)
        for i in old.indices.reversed() {
            for j in new.indices.reversed() {
                common[i * width + j] =
                    old[i] == new[j]
                    ? common[(i + 1) * width + j + 1] + 1 : max(common[(i + 1) * width + j], common[i * width + j + 1])
            }
        }
        var (i, j, lines) = (0, 0, [Line]())
        while i < old.count || j < new.count {
            if i < old.count, j < new.count, old[i] == new[j] {
                lines.append(.same(old[i]))
                (i, j) = (i + 1, j + 1)
            } else if i < old.count, j == new.count || common[(i + 1) * width + j] >= common[i * width + j + 1] {
                lines.append(.removed(old[i]))
                i += 1
            } else {
                lines.append(.added(new[j]))
                j += 1
            }
        }
        return lines
    }
}
