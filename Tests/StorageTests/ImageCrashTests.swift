// Goal: wherever the power is cut, a start finds the newest image that was published or the one before, never anything else, and both of
// the newest two that were there are. Method: the disk as it is before every call, and in the middle of every write, with every subset
// (where there are few; else the extremes, each alone, and random ones) of the names and pages that were not synchronised lost.

import Testing

@testable import Storage

@Suite struct ImageCrashTests {
    private static let (home, second) = ("/data", "/also")
    /// Above that many things that a cut may lose, subsets are drawn.
    private static let mostChoicesOfAll = 7
    private static let drawn = 40

    private static func subsets(of count: Int, _ numbers: inout RandomNumbers) -> [[Bool]] {
        if count <= mostChoicesOfAll { return (0..<(1 << count)).map { set in (0..<count).map { set >> $0 & 1 == 1 } } }
        let extremes = [false, true].map { [Bool](repeating: $0, count: count) }
        let alone = (0..<min(count, drawn)).map { _ in
            var set = extremes[Bool.random(using: &numbers) ? 0 : 1]
            set[Int.random(in: 0..<count, using: &numbers)].toggle()
            return set
        }
        return extremes + alone + (0..<drawn).map { _ in (0..<count).map { _ in Bool.random(using: &numbers) } }
    }

    private func store(on disk: SimulatedDisk, also: String?) -> ImageStore {
        // Every block is a write, and the disk is waited for after each.
        ImageStore(folder: Self.home, also: also, instance: 7, files: disk, synchronizedBytes: 1)
    }

    /// The images that are there and whole.
    private func whole(in folder: String, on disk: SimulatedDisk, samples: [Int64: ImageSample]) throws -> [Int64] {
        var home = ImageHome(folder: folder, files: disk, instance: 8)
        return try home.sequences().filter { sequence in
            let image = try home.open(sequence, knowing: ImageSample.kinds)
            return try ImageSample(reading: image) == samples[sequence]
        }
    }

    /// Publishes one image after the other, and returns the disk's states with the number of the image that was last published by then.
    private func history(of samples: [ImageSample], also: String?) throws -> [(state: DiskState, published: Int64)] {
        let disk = SimulatedDisk()
        var store = store(on: disk, also: also)
        disk.keepsHistory = true
        var states: [(state: DiskState, published: Int64)] = []
        for sample in samples {
            _ = try sample.publish(to: &store)
            for state in disk.history.dropFirst(states.count) {
                // Published is what has its name, durably, in the first home.
                let last = state.durableNames.keys.filter { $0.hasPrefix(Self.home) && $0.hasSuffix(".image") }.max()
                states.append((state, last.flatMap { Int64($0.dropFirst(Self.home.count + 1).prefix(20)) } ?? 0))
            }
        }
        return states
    }

    private func check(_ samples: [ImageSample], also: String?, pageBytes: Int, seed: UInt64) throws {
        var numbers = RandomNumbers(seed: seed)
        let expected = Dictionary(uniqueKeysWithValues: samples.map { ($0.header.sequence, $0.ordered) })
        var cuts = 0
        for (state, published) in try history(of: samples, also: also) {
            for kept in Self.subsets(of: state.choices(pageBytes: pageBytes), &numbers) {
                let disk = SimulatedDisk(state.cut(keeping: kept, pageBytes: pageBytes))
                var store = store(on: disk, also: nil)
                #expect(store.removeLeftovers() == [])
                let choice = try store.newest(knowing: ImageSample.kinds)
                let found = choice.image?.header.sequence ?? 0
                let wholeOnes = try whole(in: Self.home, on: disk, samples: expected)
                let isRight =
                    choice.refused == [] && [published, published + 1].contains(found) && wholeOnes.first ?? 0 == found
                    && Set(wholeOnes).isSuperset(of: [published - 1, published].filter { $0 > 0 })
                    && disk.paths.allSatisfy { !$0.hasPrefix(Self.home) || $0.hasSuffix(".image") }
                guard isRight else {
                    Issue.record("cut \(cuts), published \(published): found \(found) of \(wholeOnes), \(choice.refused)")
                    return
                }
                if let also {
                    var other = ImageStore(folder: "/elsewhere", also: also, instance: 9, files: disk)
                    let copy = try other.newest(knowing: ImageSample.kinds)
                    let copied = copy.image?.header.sequence ?? 0
                    #expect(copy.refused == [] && [published - 1, published].contains(copied), "cut \(cuts): copied \(copied)")
                    #expect(try whole(in: also, on: disk, samples: expected).first ?? 0 == copied)
                }
                cuts += 1
            }
        }
        #expect(cuts > 400, "a disk that is never cut proves nothing")
    }

    @Test(arguments: [4096, 512], [nil, ImageCrashTests.second])
    func aCutAnywhere(pageBytes: Int, also: String?) throws {
        try check((1...4).map { ImageSample.small(sequence: $0) }, also: also, pageBytes: pageBytes, seed: 1)
    }

    /// The test must be able to fail: without waiting for the disk before the rename, garbage is found.
    @Test func aWriterThatDoesNotWaitIsFound() throws {
        let sample = ImageSample.small(sequence: 1)
        let disk = SimulatedDisk()
        var store = store(on: disk, also: nil)
        disk.keepsHistory = true
        _ = try sample.publish(to: &store)
        var (numbers, isFound) = (RandomNumbers(seed: 3), false)
        for var state in disk.history {
            // As if nothing had been waited for.
            for number in state.files.indices { state.files[number].durable = [] }
            for kept in Self.subsets(of: state.choices(pageBytes: 4096), &numbers) {
                let cut = SimulatedDisk(state.cut(keeping: kept, pageBytes: 4096))
                var other = self.store(on: cut, also: nil)
                if try !other.newest(knowing: ImageSample.kinds).refused.isEmpty { isFound = true }
            }
        }
        #expect(isFound)
    }
}
