// What the activities of campaigns that are followed remember, as a commit left it: taken in no time, since the parts are shared until they
// change (SharedColumn.swift), and made into entries between later commits, since the engine has the texts.
import Campaigns

/// A list among the facts whose entries are made piece by piece.
///
/// `@unchecked Sendable`: another thread may have it; only the engine's asks for its texts.
public struct LiveList: @unchecked Sendable {
    enum Content {
        /// Since when row ids wait.
        case waiting(SharedColumn<Int64>, RowIdTexts)
        /// Who of a channel is there, by identities of a table.
        case present(SharedColumn<Contacted>, TableNumber)
        /// When something was sent to whom.
        case sent(SharedColumn<Contacted>, TableNumber)
        /// Members of an append that are not in its population any more.
        case kept(KeptMembers, TableNumber)
    }

    /// Tells the lists of some facts apart.
    package let number: Int
    fileprivate let content: Content

    init(_ content: Content, number: Int) {
        self.content = content
        self.number = number
    }
}

/// The texts of the row ids of a wait. There are ever more, and those that are there stay as they are, also for who still has them when the
/// wait has ended.
final class RowIdTexts {
    var dictionary = TextDictionary()
}

extension Engine {
    /// Appends the entries of a list from a number on, of about so many bytes. Returns the number to go on from; nil at the end.
    package func append(_ list: LiveList, from first: Int32, bytes most: Int, to entries: inout FactsEntries) -> Int32? {
        let end: Int32
        switch list.content {
        case .waiting(let since, _): end = since.end
        case .present(let contacted, _), .sent(let contacted, _): end = contacted.end
        case .kept(let members, _): end = members.end
        }
        var next = first
        // What has nothing in it is passed in steps, too.
        let last = min(Int(end), Int(first) + LiveList.mostNumbers)
        while next < last && entries.byteCount < most {
            let part = next..<min(next + LiveList.step, end)
            append(list, part, to: &entries)
            next = part.upperBound
        }
        return next < end ? next : nil
    }

    private func append(_ list: LiveList, _ numbers: Range<Int32>, to entries: inout FactsEntries) {
        switch list.content {
        case .waiting(let since, let texts):
            since.forEach(in: numbers) { entries.append(texts.dictionary.text($0), number: $1) }
        case .present(let contacted, let table):
            contacted.forEach(in: numbers) { number, contacted in
                if contacted.isPresent { entries.append(tables[table].key(of: RowNumber(number)), number: 0) }
            }
        case .sent(let contacted, let table):
            contacted.forEach(in: numbers) { number, contacted in
                if let last = contacted.last { entries.append(tables[table].key(of: RowNumber(number)), number: last) }
            }
        case .kept(let members, let table):
            members.forEach(in: numbers) { identity, member in
                entries.append(tables[table].key(of: identity), number: Int64(member.rows), more: member.attributes)
            }
        }
    }
}

extension LiveList {
    /// So many numbers are looked at together, and in a piece at most.
    fileprivate static let step = SharedColumn<Int64>.partCount
    fileprivate static let mostNumbers = 64 * Int(SharedColumn<Int64>.partCount)
}
