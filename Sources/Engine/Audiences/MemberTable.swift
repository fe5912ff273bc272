// The members of one audience written out: for a publish, for what a stopped or completed campaign contributes, for a snapshot.

/// Members with what they carry, as they were when it was made.
public final class MemberTable {
    struct Entry: BitwiseCopyable {
        var identityStart: Int
        var identityEnd: Int
        var attributesEnd: Int
        var rows: Int32
    }

    var entries: [Entry] = []
    var bytes: [UInt8] = []

    init() {}

    /// How many there are.
    public var count: Int { entries.count }

    /// The identity's text, the number of rows that stand for it, and its attributes as a JSON object.
    public func withMember<Result>(
        _ place: Int, _ body: (_ identity: UnsafeRawBufferPointer, _ rows: Int, _ attributes: UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let entry = entries[place]
        return bytes.withUnsafeBytes { all in
            body(
                UnsafeRawBufferPointer(rebasing: all[entry.identityStart..<entry.identityEnd]), Int(entry.rows),
                UnsafeRawBufferPointer(rebasing: all[entry.identityEnd..<entry.attributesEnd]))
        }
    }

    /// The place of an identity, once they are sorted; nil: it is not among them.
    func place(of identity: [UInt8]) -> Int? {
        identity.withUnsafeBytes { wanted in
            var (low, high) = (0, count)
            while low < high {
                let middle = (low + high) / 2
                let order = withMember(middle) { found, _, _ in compareBytes(found, wanted) }
                if order == 0 { return middle }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// What somebody carries, as a JSON object, once they are sorted; nil: it is no member.
    public func attributes(of identity: [UInt8]) -> [UInt8]? {
        place(of: identity).map { withMember($0) { _, _, attributes in Array(attributes) } }
    }

    /// The sum of the members' rows.
    public var rows: Int { entries.reduce(0) { $0 + Int($1.rows) } }

    func append(identity: UnsafeRawBufferPointer, rows: Int32, attributes: some Collection<UInt8>) {
        let start = bytes.count
        bytes.append(contentsOf: identity)
        let end = bytes.count
        bytes.append(contentsOf: attributes)
        entries.append(Entry(identityStart: start, identityEnd: end, attributesEnd: bytes.count, rows: rows))
    }

    /// Sorts by identity, by UTF-8 bytes.
    func sort() {
        bytes.withUnsafeBytes { all in
            entries.sort {
                isLess(
                    UnsafeRawBufferPointer(rebasing: all[$0.identityStart..<$0.identityEnd]),
                    UnsafeRawBufferPointer(rebasing: all[$1.identityStart..<$1.identityEnd]))
            }
        }
    }
}
