// The members of an audience as the daemon lists them, page by page, each as of a commit of its own.
import Campaigns

struct ListedMembers {
    private var members: [String: ToldMember] = [:]
    /// Of each page the last identity on it, and its commit; in the order of identities.
    private var pages: [(last: String?, sequence: Int64)] = []

    /// Takes the items of a page.
    mutating func add(_ items: [JSON], at sequence: Int64) {
        for item in items {
            guard let identity = item["identity"]?.text("id") else { continue }
            members[identity] = ToldMember(item: item, sequence: sequence)
        }
        pages.append((items.last?["identity"]?.text("id"), sequence))
    }

    var count: Int { members.count }
    var identities: Set<String> { Set(members.keys) }
    /// The last commit that a page shows.
    var sequence: Int64 { pages.map(\.sequence).max() ?? 0 }

    subscript(identity: String) -> ToldMember? { members[identity] }

    /// The commits of the pages on which somebody who is not listed is missing. Where a page ends that is followed by one is not told, so
    /// it may be either.
    func sequences(without identity: String) -> Set<Int64> {
        // The first page that ends at or behind it, and those before it back to one that ends with somebody.
        let end = pages.firstIndex { page in page.last.map { !isBefore($0, identity) } ?? false } ?? pages.count - 1
        guard end >= 0 else { return [] }
        var found: Set<Int64> = [pages[end].sequence]
        for place in stride(from: end - 1, through: 0, by: -1) {
            found.insert(pages[place].sequence)
            if pages[place].last != nil { break }
        }
        return found
    }
}
