// What is wrong with one definition, and what is hardly meant.

/// The problems of one definition and the warnings about it, in the order they were found, as many as fit in an event. One reader tree
/// shares one list.
public final class ProblemList {
    /// In the order in which they were found.
    public private(set) var problems: [Problem] = []
    /// What is accepted but hardly meant.
    private(set) var warnings: [Problem] = []
    private var room = Limits.problemBytes
    private var warningRoom = Limits.problemBytes
    /// Whether so many problems are told that no more are: there is no use in looking for them.
    public private(set) var isFull = false

    public init() {}

    /// Whether nothing is wrong so far.
    public var isEmpty: Bool { problems.isEmpty }

    /// Notes a problem.
    public func add(_ path: String, _ message: String, hint: String? = nil) {
        if isFull { return }
        isFull = !Self.append(Problem(path: path, message: message, hint: hint), to: &problems, room: &room)
        if isFull { problems.append(Problem(path: "", message: "there are more problems than are told", hint: "fix these first")) }
    }

    func warn(_ path: String, _ message: String, hint: String? = nil) {
        _ = Self.append(Problem(path: path, message: message, hint: hint), to: &warnings, room: &warningRoom)
    }

    /// Whether it fits, its texts cut.
    private static func append(_ problem: Problem, to list: inout [Problem], room: inout Int) -> Bool {
        let most = Limits.problemTextBytes
        let cut = Problem(
            path: problem.path.cut(toBytes: most), message: problem.message.cut(toBytes: most), hint: problem.hint?.cut(toBytes: most))
        room -= cut.path.utf8.count + cut.message.utf8.count + (cut.hint?.utf8.count ?? 0)
        guard room >= 0 else { return false }
        list.append(cut)
        return true
    }

    /// "unknown field 'x'", with the nearest known name as a hint.
    func addUnknown(_ path: String, _ what: String, _ name: String, known: [String]) {
        if isFull { return }
        add(path, "unknown \(what) \(quoted(name))", hint: NearestName.hint(for: name, among: known))
    }
}
