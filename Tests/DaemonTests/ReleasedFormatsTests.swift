// Goal: from every release one step back is possible (the pages, Formats on Disk): what is new in a checkpoint or in the journal is read by
// one release before another writes it. Method: a table of all that a reader tells apart, with the releases that first read and first wrote
// it. Whoever adds something adds a row, and the rule holds for that. What each number looks like is held by the tests of its format.

import Testing

@testable import Daemon
@testable import Storage

private struct Release: Comparable, ExpressibleByStringLiteral {
    let numbers: [Int]

    init(stringLiteral text: String) { numbers = text.split(separator: ".").map { Int($0)! } }

    static func < (a: Release, b: Release) -> Bool { a.numbers.lexicographicallyPrecedes(b.numbers) }
}

@Suite struct ReleasedFormatsTests {
    /// There is none before it to go back to.
    private let first: Release = "0.1.0"

    /// `written` is nil as long as nobody writes it.
    private let releases: [String: (read: Release, written: Release?)] = [
        "format 1 of images": ("0.1.0", "0.1.0"),
        "section 1 of images": ("0.1.0", "0.1.0"),
        "section 2 of images": ("0.1.0", "0.1.0"),
        "section 3 of images": ("0.1.0", "0.1.0"),
        "section 2147483649 of images": ("0.1.0", "0.1.0"),
        "format 1 of the journal": ("0.1.0", "0.1.0"),
        "format 2 of the journal": ("0.1.0", "0.1.0"),
        "format 3 of the journal": ("0.1.0", "0.1.0"),
        "section 1 of the journal": ("0.1.0", "0.1.0"),
        "section 2 of the journal": ("0.1.0", "0.1.0"),
        "section 3 of the journal": ("0.1.0", "0.1.0"),
        "section 4 of the journal": ("0.1.0", "0.1.0"),
        "section 5 of the journal": ("0.1.0", "0.1.0"),
        "section 6 of the journal": ("0.1.0", "0.1.0"),
    ]

    @Test func everyNumberHasItsReleases() {
        var read = (1...ImageFormat.current).map { "format \($0) of images" } + ImageContents.kinds.map { "section \($0) of images" }
        read += (1...JournalRecord.currentFormat).map { "format \($0) of the journal" }
        read += JournalRecord.Section.allCases.map { "section \($0.rawValue) of the journal" }
        #expect(Set(read) == Set(releases.keys), "add a row for what is new, and take none away: what was released is read for ever")
    }

    @Test func whatIsWrittenWasReadBefore() {
        let now = Release(stringLiteral: Program.version)
        for (name, release) in releases {
            #expect(release.read <= now && release.written ?? first <= now, "\(name) is of no release yet")
            guard let written = release.written else { continue }
            let isRule = release.read < written || written == first
            #expect(isRule, "\(name): the release before \(written.numbers) cannot go on from it; read it first, write it in the next")
        }
    }
}
