// What the loop stands on, in one place: where it reads from, where commits go, the disk, and whose threads work beside it. With the clock
// (Kafka/Clocks.swift) these are the seams at which a simulation stands in for the machine.
package import Storage
package import Wire

/// Takes the deployment over, which fences a predecessor, and makes the sink of what is committed from then on. Only then `ends` looks who
/// else has taken over and where the output partitions end; at last the takeover is written to the journal.
package typealias MakeSink = (
    _ topics: Topics, _ facts: TopicFacts, _ takeover: Takeover, _ ends: () throws -> TopicOffsets
) throws -> any CommitSink

package struct Surroundings {
    let source: any Source
    let makeSink: MakeSink
    let files: any FileSystem
    let workers: Workers
    let timeZones: TimeZones
    /// nil: what the process takes of the machine is nobody's business.
    let memory: ProcessMemory?
    /// Who is told how it goes.
    package let metrics: Metrics
    /// nil: nobody asks.
    let interface: Interface?

    package init(
        source: any Source, files: any FileSystem = DiskFiles(), workers: Workers = .threads, timeZones: TimeZones = .system,
        memory: ProcessMemory? = nil, metrics: Metrics = Metrics(), interface: Interface? = nil, makeSink: @escaping MakeSink
    ) {
        self.source = source
        self.files = files
        self.workers = workers
        self.timeZones = timeZones
        self.memory = memory
        self.metrics = metrics
        self.interface = interface
        self.makeSink = makeSink
    }
}
