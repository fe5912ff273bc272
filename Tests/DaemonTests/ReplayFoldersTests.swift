// Goal: a replay does not write where it reads, however the folders are spelled (contract §6). Method: real folders and links.

import Glibc
import Testing

@testable import Daemon
@testable import Storage

@Suite struct ReplayFoldersTests {
    private let home = TemporaryFolder()

    private func refusal(_ input: String, _ output: String, snapshots: Bool = false) throws -> String? {
        do {
            try checkReplayFolders(input: input, output: output, writesSnapshots: snapshots)
            return nil
        } catch {
            #expect(error.code == .usage)
            return error.message
        }
    }

    @Test func theInputAndWhatIsWithin() throws {
        let input = home.path + "/in"
        try Folders.create(input + "/there")
        #expect(symlink(input, home.path + "/link") == 0 && symlink("in/there", home.path + "/deep") == 0)
        #expect(symlink("..", input + "/up") == 0)
        let same = ["in", "in/", "in//", "./in", "in/.", "in/there/..", "missing/../in", "link", "link/", "deep/..", "in/up/in"]
        let within = [
            "in/new", "in/new/er", "in/there", "link/new", "deep", "deep/new", "in/../in/new", "link/there/../new", "in/new/../other",
        ]
        for (names, place) in [(same, "is the input folder"), (within, "is within the input folder")] {
            for name in names {
                for given in ["in", "link", "in/there/.."] {
                    let found = try refusal("\(home.path)/\(given)", "\(home.path)/\(name)")
                    #expect(
                        found?.contains(" \(place) ") == true && found?.contains("-replayed") == true,
                        "\(given) \(name): \(found ?? "accepted")")
                }
            }
        }
        let beside = ["out", "in2", "in/../out", "in-replayed", ".", "in/up/out", "missing/in", "deep/../../out"]
        for name in beside { #expect(try refusal(input, "\(home.path)/\(name)") == nil, "\(name)") }
        #expect(try refusal(home.path + "/missing", home.path + "/missing") == nil, "the missing input is told by who reads it")
    }

    @Test func relativeSpelling() throws {
        // The tests' own folder is the same for all threads of the process: nothing is made in it and nothing changes it.
        #expect(try refusal(".", "new-folder-that-is-not-there") != nil)
        #expect(try refusal(".", "../new-folder-that-is-not-there") == nil)
        #expect(try refusal("/", "anything") != nil)
    }

    @Test func anInputThatSnapshotsWouldReplace() throws {
        let output = home.path + "/out"
        try Folders.create(output + "/snapshots/a/5")
        try Folders.create(output + "/input")
        for name in ["snapshots", "snapshots/a", "snapshots/a/5"] {
            #expect(try refusal("\(output)/\(name)", output, snapshots: true)?.contains("--snapshots replaces") == true, "\(name)")
            #expect(try refusal("\(output)/\(name)", output) == nil, "\(name)")
        }
        #expect(try refusal(output + "/input", output, snapshots: true) == nil)
    }
}
