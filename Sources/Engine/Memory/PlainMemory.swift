// Memory of vectors. What is large is mapped, not taken from the C library: then it grows by moving pages, in the time of no copy, wherever
// it comes to lie; zeros are written by nobody; and it goes back to the system as a whole.
import CMremap
import Glibc

enum PlainMemory {
    /// From so many bytes on memory is mapped (1 MiB): copying less takes a tenth of a millisecond.
    static let mappedBytes = 1 << 20

    /// Whether memory of so many bytes is mapped: then what was never written in it is zero.
    static func isMapped(_ byteCount: Int) -> Bool { byteCount >= mappedBytes }

    static func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        isMapped(byteCount) ? map(byteCount) : checked(malloc(byteCount), byteCount)
    }

    static func allocate(zeros byteCount: Int) -> UnsafeMutableRawPointer {
        isMapped(byteCount) ? map(byteCount) : checked(calloc(byteCount, 1), byteCount)
    }

    /// Memory that has become larger. What it held is there; what comes behind that may be anything.
    static func resize(_ memory: UnsafeMutableRawPointer, from old: Int, to new: Int) -> UnsafeMutableRawPointer {
        precondition(new > old, "memory only grows")
        if !isMapped(new) { return checked(realloc(memory, new), new) }
        if !isMapped(old) {
            let larger = map(new)
            larger.copyMemory(from: memory, byteCount: old)
            Glibc.free(memory)
            return larger
        }
        return checkedMapping(cmremap_grow(memory, old, new), new)
    }

    static func free(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
        if isMapped(byteCount) { munmap(memory, byteCount) } else { Glibc.free(memory) }
    }

    private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer {
        checkedMapping(mmap(nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), byteCount)
    }

    private static func checked(_ memory: UnsafeMutableRawPointer?, _ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let memory else { fatalError("no memory for \(byteCount) bytes") }
        return memory
    }

    private static func checkedMapping(_ memory: UnsafeMutableRawPointer?, _ byteCount: Int) -> UnsafeMutableRawPointer {
        guard let memory, memory != MAP_FAILED else { fatalError("no memory for \(byteCount) bytes") }
        return memory
    }
}
