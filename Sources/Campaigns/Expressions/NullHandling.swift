// Which nulls an expression handles: what a warning about a negation hangs on (contract §2).

/// Which nullable fields one scope (a filter, or a WHERE) reads under a negation, and whose nulls it handles. A field is handled when
/// any IS NULL, IS EMPTY, Coalesce or NoNull of the scope is about it: then its author has thought of records without a value.
struct NullHandling {
    private struct Read {
        var field: FieldPath
        var name: String
    }

    /// Nullable fields read so far, of which the last ones may belong to what is being checked.
    private var reads: [Read] = []
    private var negated: [(read: Read, word: String)] = []
    private var known: Set<FieldPath> = []
    private var handled: Set<FieldPath> = []

    mutating func read(_ field: FieldPath, _ name: String) { reads.append(Read(field: field, name: name)) }

    /// A place between reads.
    var mark: Int { reads.count }

    mutating func forget(since mark: Int) { reads.removeLast(reads.count - mark) }

    mutating func handle(since mark: Int) {
        for read in reads[mark...] { handled.insert(read.field) }
        forget(since: mark)
    }

    mutating func negate(since mark: Int, _ word: String) {
        for read in reads[mark...] where known.insert(read.field).inserted { negated.append((read, word)) }
    }

    /// Takes in what another part of the same filter handles.
    mutating func handle(asIn other: NullHandling) {
        handled.formUnion(other.handled)
    }

    /// What nothing handles, neither here nor in the rest of the filter.
    func unhandled(beside rest: NullHandling = NullHandling()) -> [Mistake] {
        negated.filter { !handled.contains($0.read.field) && !rest.handled.contains($0.read.field) }.map { read, word in
            Mistake(
                "\(word) is not true of records in which \(read.name) has no value",
                hint: "add OR \(read.name) IS NULL to have them, or AND \(read.name) IS NOT NULL to say that they are left out")
        }
    }
}
