// Control events in the commit loop: each is a commit of its own, after what the clock changed, and before changes that have come.
import Campaigns
import Kafka
import Wire

extension CommitLoop {
    /// Control events that share a transaction.
    private static let controlEventsPerTransaction = 100

    /// Handles the control events that have come, or, with an offset, all below it. Returns whether there were any.
    @discardableResult
    mutating func takeControl(upTo end: Int64? = nil) throws -> Bool {
        var handled = 0
        let deadline = Deadline(after: Patience.controlEnd)
        while true {
            ServiceManager.current.progress("following the inputs")
            controlBatch.removeAll()
            let wait: Duration = end == nil ? .zero : .milliseconds(100)
            if let end, inputs.partitions[Inputs.control].position >= end { break }
            let taken = try inputs.take(
                Inputs.control, into: &controlBatch, maximumRecords: CommitLoop.controlEventsPerTransaction, timeout: wait)
            if taken > 0 { try committing.finish() }
            for number in 0..<taken {
                try handleControl(number, clock: nextClock(newest(of: controlBatch, number..<number + 1)))
                handled += 1
                if handled % CommitLoop.controlEventsPerTransaction == 0 { try commits.handOver() }
            }
            _ = inputs.passEnds(ofControl: true)
            if taken == 0 {
                guard let end else { break }
                // That the end was met may have been told before it was asked for.
                if deadline.hasPassed, try inputs.controlEnd() == end { break }
            }
        }
        if handled > 0 {
            machine.changes.expectNewDefinitions()
            for topic in beginTopics() { Log.information(.topicRead, "a topic is read from now on", ["topic": topic]) }
            try commits.handOver()
        }
        return handled > 0
    }

    /// One control event: what the clock changed is committed first, then the event. `wasRefused`: when the journal is repeated, that this
    /// daemon refused it whatever it says.
    mutating func handleControl(_ number: Int, clock: Int64, wasRefused: Bool = false) throws {
        try commits.moveClock(clock)
        if !commits.isReplaying { try commits.sayAll() }
        let record = controlBatch[number]
        let input = inputRecord(record, topic: topics.control, controlBatch)
        let before = machine.sequence
        let event = machine.control.decode(record.value, headers: contentHeaders(record, controlBatch))
        // When the journal is repeated nothing is said, so not why either.
        let repeated = wasRefused ? ControlRefusal.rejected(isSchema: false, subject: nil, problems: []) : nil
        let refusal = commits.isReplaying ? repeated : try refusalByDaemon(of: event)
        let action = machine.apply(refusal.map { .failure($0) } ?? event, of: input)
        let isCommitted = machine.sequence != before
        switch action {
        case .nothing: break
        case .barrier(let id, let after): barriers.add(Barriers.Barrier(id: id, after: after))
        case .clock(let instant):
            eventClock = max(eventClock, instant)
            try commits.moveClock(max(clock, instant))
            // The commit of the event stands behind those of what it changed.
            if !commits.isReplaying { try commits.decideAll() }
        }
        if !isCommitted { machine.commit() }
        var range = inputs.range(of: number..<number + 1, in: controlBatch, partition: Inputs.control)
        range.isRefused = refusal != nil
        machine.count { $0.readings.append(reading(of: range, number..<number + 1, controlBatch)) }
        let reached = takeReachedBarriers()
        commits.reach(reached)
        try commits.endCommit(control: range, changes: reached == nil ? [] : inputs.passedRanges())
        if reached == nil { return }
        if !commits.isReplaying { try commits.sayAll() }
        try passBarriers()
    }

    /// A barrier that waits for inputs nobody reads, or a clock event where the wall clock rules, is refused. Partitions that were just
    /// added are asked for first.
    private mutating func refusalByDaemon(of event: Result<ControlEvent, ControlRefusal>) throws -> ControlRefusal? {
        switch event {
        case .success(.barrierRequested(_, let after)):
            for topic in Barriers.unreadTopics(after, inputs) where topics.isChangeTopic(topic) {
                if try inputs.grow(topic, timeout: Patience.quickAnswer) { noteReadings() }
            }
            let problems = Barriers.problems(after, inputs)
            return problems.isEmpty ? nil : .rejected(isSchema: false, subject: nil, problems: problems)
        case .success(.clockAdvanced) where configuration.clock == .wall:
            let problem = Problem(
                path: "type", message: "clock.advanced needs `clock: events`", hint: "this deployment follows the wall clock")
            return .rejected(isSchema: false, subject: nil, problems: [problem])
        default: return nil
        }
    }
}
