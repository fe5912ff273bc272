// Goal: `memory` is divided so that all shares have room in it, and what the system allows is found and compared (MemoryBudget.swift,
// ProcessMemory.swift, MemoryWatch.swift). Method: files of /proc and /sys in a folder of the test's own.

import Testing

@testable import Campaigns
@testable import Daemon
@testable import Kafka
@testable import Storage

@Suite struct MemoryBudgetTests {
    @Test(arguments: [64 << 20, 96 << 20, 512 << 20, 1 << 30, 4 << 30, 1 << 40])
    func theSharesLeaveRoomForWhatIsHeld(memory: Int) {
        let budget = MemoryBudget(memoryBytes: memory)
        let batches = 3 * 2 * budget.batchBytes
        let outputs = 2 * budget.outputBytes
        let copies = budget.keptRowBytes + budget.waitingPieces * MemoryBudget.pieceBytes + budget.snapshotBytes
        #expect(budget.queues.readBytes + budget.queues.sentBytes + batches + outputs + copies <= memory / 32 * 17)
        #expect(budget.enoughRecords > 0 && budget.enoughRecords < budget.batchRecords && budget.eventsPerCommit >= 256)
    }

    @Test func theDefaultIsEnoughForAll() {
        let budget = MemoryBudget(memoryBytes: 4 << 30)
        #expect(budget.queues == QueueBounds() && budget.batchBytes == 8 << 20 && budget.batchRecords == 10_000)
        #expect(budget.enoughRecords == 4096 && budget.eventsPerCommit == Limits.eventsPerCommit && budget.waitingPieces == 8)
        #expect(budget.outputBytes == 64 << 20 && budget.keptRowBytes == 256 << 20 && budget.snapshotBytes == 256 << 20)
    }
}

@Suite struct ProcessMemoryTests {
    private let folder = TemporaryFolder()

    private func memory(_ files: [String: String]) throws -> ProcessMemory {
        for (path, text) in files {
            try Folders.create(folder.path + "/" + path.split(separator: "/").dropLast().joined(separator: "/"))
            try folder.write(path, text)
        }
        return ProcessMemory(root: folder.path)
    }

    @Test func theSmallestGroupCounts() throws {
        let memory = try memory([
            "proc/self/cgroup": "0::/system.slice/audienced.service\n", "sys/fs/cgroup/memory.max": "max\n",
            "sys/fs/cgroup/system.slice/memory.max": "1073741824\n",
            "sys/fs/cgroup/system.slice/audienced.service/memory.max": "5368709120\n",
        ])
        #expect(memory.groupLimit?.bytes == 1 << 30 && memory.groupLimit?.name == "/sys/fs/cgroup/system.slice/memory.max")
    }

    @Test func groupsOfVersionOneCountToo() throws {
        let memory = try memory([
            "proc/self/cgroup": "4:cpu,memory:/a/b\n0::/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes": "536870912\n",
        ])
        #expect(memory.groupLimit?.bytes == 512 << 20)
    }

    @Test func withoutALimitThereIsNone() throws {
        #expect(try memory([:]).groupLimit == nil)
        #expect(try memory(["proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "max\n"]).groupLimit == nil)
    }

    @Test func aStartThatCannotFitSaysWhatToRaise() throws {
        let memory = try memory([
            "proc/self/statm": "100000 2560 1000 10 0 3000 0\n", "proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "104857600\n",
        ])
        #expect(memory.residentBytes == 10 << 20)
        try memory.requireRoom(for: 50 << 20, of: "it", memory: 64 << 20)
        func refusal(_ needed: Int, _ bytes: Int) -> DaemonFailure? {
            do throws(DaemonFailure) {
                try memory.requireRoom(for: needed, of: "it", memory: bytes)
                return nil
            } catch {
                return error
            }
        }
        let ours = try #require(refusal(60 << 20, 64 << 20))
        #expect(ours.kind == .configuration)
        #expect(
            ours.description
                == """
                it needs about 60MiB of memory beside the 10MiB that the process takes, and memory allows 64MiB; \
                raise memory in the configuration
                """)
        #expect(refusal(95 << 20, 1 << 30)?.description.contains("/sys/fs/cgroup/memory.max allows 100MiB; raise MemoryMax=") == true)
    }

    @Test func nearlyAllIsSaidOnceAndThatItIsEnoughAgain() throws {
        var watch = MemoryWatch(try memory(["proc/self/statm": "0 23041 0\n"]), memoryBytes: 100 << 20, every: .zero)
        var asked = 0
        func look(_ pages: Int) throws {
            _ = try memory(["proc/self/statm": "0 \(pages) 0\n"])
            watch.look {
                asked += 1
                return [("rows", 1 << 20)]
            }
        }
        for pages in [22_000, 23_100, 25_000, 22_500] { try look(pages) }
        #expect(asked == 1)
        try look(20_000)
        try look(30_000)
        #expect(asked == 2)
    }
}
