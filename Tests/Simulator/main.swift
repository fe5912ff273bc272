// The daemon's own loop over a broker, a disk and a clock that are simulated: kills, power cuts, successors, aborts and lost answers where
// no real broker shows them, as often as one wants, and the same again for the same seed.
import Daemon
import Glibc
import Kafka

let usage = """
    usage: audienced-simulator --seeds A..B | --seed N [--trace] [--split-journal]
      --seeds A..B       runs those seeds; says which failed, and ends with 1 if one did
      --seed N           runs one
      --trace            prints its steps
      --split-journal    with a sink that is wrong on purpose: ends with 1 unless a seed fails

    """

func fail(_ message: String) -> Never {
    print(message + "\n" + usage)
    exit(64)
}

var arguments = CommandLine.arguments.dropFirst()
var seeds: ClosedRange<UInt64>?
var isTraced = false
var isSplit = false
while let argument = arguments.popFirst() {
    switch argument {
    case "--trace": isTraced = true
    case "--split-journal": isSplit = true
    case "--seed", "--seeds":
        let parts = (arguments.popFirst() ?? "").split(separator: ".", omittingEmptySubsequences: true).compactMap { UInt64($0) }
        guard let first = parts.first, let last = parts.last, first <= last, parts.count <= 2 else { fail("no seeds: \(argument)") }
        seeds = first...last
    default: fail("unknown: \(argument)")
    }
}
guard let seeds else { fail("which seeds?") }

let time = SimulatedClocks()
clocks = time
Log.show(from: isTraced ? .debug : nil)

var (failed, steps, lives, events, answers) = (0, 0, 0, 0, 0)
for seed in seeds {
    let run = Run(seed: seed, time: time, isTraced: isTraced, isSplit: isSplit)
    do {
        let result = try run.go()
        steps += result.steps
        lives += result.lives
        events += result.memberEvents
        answers += result.answers
        if isTraced { print("seed \(seed): \(result)") }
    } catch {
        failed += 1
        print("seed \(seed), step \(run.steps): \(error)")
        if isSplit { break }
    }
}
print("\(seeds.count) seeds, \(failed) failed; \(lives) lives, \(steps) calls of seams, \(events) member events, \(answers) answers")
exit(isSplit == (failed > 0) ? 0 : 1)
