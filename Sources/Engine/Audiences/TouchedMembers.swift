// Members that may have changed in the commit at hand, each as it was when the commit began: taken when it is first touched.
import CXxhash

/// A member as it was when the commit began.
struct TouchedMember: BitwiseCopyable {
    /// The one that touched it first; of a merged audience it is about the identity in all contributions.
    var save: Number<Save>
    /// Its row in the table of the namespace.
    var identity: RowNumber
    /// 0: it was no member.
    var rows: Int32
    var attributes: AttributesHash
    var cause: Cause
}

/// What stands for attributes that are compared later: 128 bits of XXH3, so that a commit which everybody leaves holds no texts twice.
struct AttributesHash: BitwiseCopyable, Equatable {
    private let low: UInt64
    private let high: UInt64

    /// Stands for those of nobody.
    static let nothing = AttributesHash(low: 0, high: 0)

    private init(low: UInt64, high: UInt64) { (self.low, self.high) = (low, high) }

    init(of bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { AttributesHash(of: $0) }
    }

    init(of bytes: UnsafeRawBufferPointer) {
        let hash = XXH3_128bits(bytes.baseAddress, bytes.count)
        (low, high) = (hash.low64, hash.high64)
    }
}

struct TouchedMembers: ~Copyable {
    private var members = Vector<TouchedMember>()
    private var places = IntegerMap()

    var count: Int { members.count }

    subscript(place: Int) -> TouchedMember { members[place] }

    /// The place of a member that was touched before, whose cause this is then; nil: it was not.
    @inline(__always)
    mutating func find(_ owner: UInt32, _ identity: RowNumber, _ cause: Cause) -> Int? {
        guard let place = places.find(TouchedMembers.key(owner, identity)) else { return nil }
        members[place].cause = cause
        return Int(place)
    }

    /// The place of a member; nil: it was not touched.
    func place(_ owner: UInt32, _ identity: RowNumber) -> Int? { places.find(TouchedMembers.key(owner, identity)).map(Int.init) }

    /// A member that was not touched before.
    mutating func add(_ member: TouchedMember, _ owner: UInt32) {
        places.insert(TouchedMembers.key(owner, member.identity), Int32(members.count))
        members.append(member)
    }

    /// Nobody is touched any more: who was is looked at.
    mutating func end() { places.removeAll() }

    mutating func removeAll() {
        if members.capacity > TouchedMembers.keptCapacity { members = Vector() } else { members.removeAll() }
        places.removeAll()
    }

    /// Memory for more is given back.
    private static let keptCapacity = 1 << 16

    private static func key(_ owner: UInt32, _ identity: RowNumber) -> UInt64 {
        UInt64(owner) << 32 | UInt64(UInt32(bitPattern: identity.value))
    }
}
