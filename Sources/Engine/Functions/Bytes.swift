// Where bytes are found in bytes, in linear time.
import Glibc

/// Bytes in bytes. Of valid UTF-8 a text is found only where a character begins.
enum Bytes {
    /// The first place of the part at or after the start.
    static func find(_ part: UnsafeRawBufferPointer, in whole: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
        guard let first = part.first else { return start <= whole.count ? start : nil }
        let last = whole.count - part.count
        guard start <= last, let base = whole.baseAddress, let needle = part.baseAddress else { return nil }
        if part.count > mostCompared { return findLong(part, in: whole, from: start) }
        var position = start
        while position <= last, let found = memchr(base + position, Int32(first), last - position + 1) {
            position = UnsafeRawPointer(found) - base
            if memcmp(base + position, needle, part.count) == 0 { return position }
            position += 1
        }
        return nil
    }

    /// Longer parts are not compared anew at every place: time stays linear.
    private static let mostCompared = 16

    /// Knuth, Morris and Pratt: `borders` says, for each length that fits, the longest shorter one that then fits too.
    private static func findLong(_ part: UnsafeRawBufferPointer, in whole: UnsafeRawBufferPointer, from start: Int) -> Int? {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: part.count + 1) { borders in
            borders.initialize(repeating: 0)
            var length = 0
            for place in 1..<part.count {
                while length > 0, part[place] != part[length] { length = borders[length] }
                if part[place] == part[length] { length += 1 }
                borders[place + 1] = length
            }
            length = 0
            for place in start..<whole.count {
                while length > 0, whole[place] != part[length] { length = borders[length] }
                if whole[place] == part[length] { length += 1 }
                if length == part.count { return place + 1 - length }
            }
            return nil
        }
    }

    static func starts(_ whole: UnsafeRawBufferPointer, with part: UnsafeRawBufferPointer) -> Bool {
        guard let a = whole.baseAddress, let b = part.baseAddress, part.count <= whole.count else { return part.isEmpty }
        return memcmp(a, b, part.count) == 0
    }
}
