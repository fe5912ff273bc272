// The way of a change asks for no memory once what it fills has its size: counted, in a release build, and a failure when it is not so. A
// program and no unit test, since the compiler's debug builds allocate by themselves, and since its allocator has a counter in it.
import CAllocationCount
import Engine
import Glibc

let changes = 10_000
/// Far fewer than one per change or event.
let mostAllocations = 100

func allocations(_ body: () throws -> Void) rethrows -> Int {
    let before = allocation_count()
    try body()
    return Int(allocation_count() - before)
}

func isWithin(_ what: String, _ count: Int, of done: Int, _ unit: String) -> Bool {
    // A counter that counts nothing, or work that was not done, would let everything pass.
    let isGood = count < mostAllocations && done >= changes / 10
    let verdict = isGood ? "" : " FAILED: at most \(mostAllocations), for at least \(changes / 10)"
    print("\(what): \(count) allocations for \(done) \(unit)\(verdict)")
    return isGood
}

let shop = try Shop()
for turn in 0..<4 {
    shop.write(changes, turn: turn)
    try shop.decode()
    shop.engine.apply(shop.batch)
    shop.commit()
}
shop.write(changes, turn: 4)

let counted = allocations { withExtendedLifetime([UInt8](repeating: 1, count: changes)) {} }
let decoding = try allocations { try shop.decode() }
let evaluated = shop.engine.statistics.conditionsEvaluated
let applying = allocations { shop.engine.apply(shop.batch) }
let evaluations = shop.engine.statistics.conditionsEvaluated - evaluated
let emitted = shop.engine.statistics.memberEvents
let ending = allocations { shop.end() }
let events = shop.engine.statistics.memberEvents - emitted
let encoding = allocations { shop.encode() }

let verdicts = [
    isWithin("counter", counted == 0 ? mostAllocations : 0, of: changes, "bytes"),
    isWithin("decode", decoding, of: shop.batch.count, "changes"),
    isWithin("apply", applying, of: evaluations, "conditions"),
    isWithin("commit", ending, of: events, "events"),
    isWithin("encode", encoding, of: events, "events"),
]
exit(verdicts.contains(false) ? 1 : 0)
