// From the difference of a commit to the records of the output topics (contract §4): member events in the order of audience, namespace
// and identity, then requests of channels, then `audience-updated`, barriers last, each a binary CloudEvent whose id is its place in the
// commit.
public import Campaigns
public import Engine

/// Writes events; one per thread, its memory is used again.
public struct EventEncoder {
    private let source: String
    private let limits: OutputLimits
    var sequence: Int64 = 0
    /// Of the next event in its commit.
    var number = 0
    var time = ""
    var value = JSONText()

    /// `group` names the deployment in `ce_source`.
    public init(group: String, limits: OutputLimits = .none) {
        source = "audienced/\(group)"
        self.limits = limits
    }

    /// What the value of an event may have, beside a key of this many bytes and six headers: of these only `ce_source` has no bound of its
    /// own.
    func room(in topic: OutputTopic, besideKey keyBytes: Int) -> Int {
        limits.contentBytes(of: topic) - keyBytes - source.utf8.count - OutputLimits.headersBytes
    }

    /// Begins the outputs of a commit. `clock`: milliseconds since the Unix epoch.
    public mutating func begin(sequence: Int64, clock: Int64) {
        self.sequence = sequence
        number = 0
        time = InstantText.text(of: clock)
    }

    /// All that a commit says of members, requests, audiences and alerts.
    public mutating func encode(_ difference: Difference, _ engine: borrowing Engine, into output: OutputBatch) {
        var shared = MembersFrame()
        for member in difference.members {
            if member.audience != shared.audience || member.namespace != shared.namespace {
                shared = frame(of: member, difference.namespaces[member.namespace], engine.audience(member.audience), output)
            }
            encode(member, difference, &shared, into: output)
        }
        for request in difference.requests { encode(request, difference, into: output) }
        for update in difference.updates { encode(update, engine.audience(update.audience), into: output) }
        for audience in difference.retired {
            begin("audience.retired")
            append("audience", engine.audience(audience).id)
            end(key: engine.audience(audience).id, into: output)
        }
        for alert in difference.alerts { encode(alert, into: output) }
    }

    private mutating func encode(_ update: Difference.Update, _ audience: AudienceState, into output: OutputBatch) {
        value.bytes.removeAll(keepingCapacity: true)
        value.append(raw: "{\"type\":\"audience.updated\"")
        append("audience", audience.id)
        append("label", audience.label)
        append("size", audience.size - update.membersWaiting)
        append("rows", audience.rows - update.rowsWaiting)
        append("entered", update.entered)
        append("updated", update.updated)
        append("exited", update.exited)
        append("rejected", audience.rejected)
        value.append(raw: update.isComplete ? ",\"complete\":true" : ",\"complete\":false")
        append("campaign", audience.campaign)
        append("campaignVersion", audience.campaignVersion)
        appendSequenceAndTime()
        value.append(raw: "}")
        finish(.updated, output.append(audience.id), "audience.updated", into: output)
    }

    /// `campaign.live`, with its warnings, if there are any; `campaign.stopped`, `campaign.deleted`.
    public mutating func encode(campaign id: String, version: Int, type: String, warnings: [Problem] = [], into output: OutputBatch) {
        begin(type)
        append("campaign", id)
        append("campaignVersion", version)
        if !warnings.isEmpty {
            value.append(raw: ",\"warnings\":")
            append(warnings, "warnings", besideKey: id.utf8.count, into: output)
        }
        end(key: id, into: output)
    }

    /// `schema.live`.
    public mutating func encode(liveSchema name: String, into output: OutputBatch) {
        begin("schema.live")
        append("schema", name)
        end(key: name, into: output)
    }

    /// `campaign.rejected` or `schema.rejected`, with every problem; of more than fit, the first ones and how many follow. A subject
    /// that is longer than any name stays out.
    public mutating func encode(rejected subject: String?, isSchema: Bool, problems: [Problem], into output: OutputBatch) {
        // The beginning of a name would be another name.
        let subject = subject.flatMap { $0.utf8.count <= Limits.keyTextBytes ? $0 : nil }
        begin(isSchema ? "schema.rejected" : "campaign.rejected")
        value.append(raw: isSchema ? ",\"schema\":" : ",\"campaign\":")
        if let subject { value.append(string: subject) } else { value.appendNull() }
        value.append(raw: ",\"problems\":")
        append(problems, "problems", besideKey: subject?.utf8.count ?? 0, into: output)
        end(key: subject ?? "", into: output)
    }

    private mutating func append(_ problems: [Problem], _ noun: String, besideKey keyBytes: Int, into output: OutputBatch) {
        value.append(raw: "[")
        // The last problem may be the one that says how many follow.
        let maximum = room(in: .updated, besideKey: keyBytes) - OutputLimits.behindProblemsBytes
        for (place, problem) in problems.enumerated() {
            let end = value.bytes.count
            append(problem, isFirst: place == 0)
            if value.bytes.count > maximum {
                output.truncatedEvents += 1
                value.bytes.removeSubrange(end...)
                append(Problem(path: "", message: "\(problems.count - place) more \(noun) do not fit"), isFirst: place == 0)
                break
            }
        }
        value.append(raw: "]")
    }

    private mutating func append(_ problem: Problem, isFirst: Bool) {
        value.append(raw: isFirst ? "{\"path\":" : ",{\"path\":")
        value.append(string: problem.path.cut(toBytes: Limits.problemTextBytes))
        append("message", problem.message.cut(toBytes: Limits.problemTextBytes))
        value.append(raw: ",\"hint\":")
        if let hint = problem.hint { value.append(string: hint.cut(toBytes: Limits.problemTextBytes)) } else { value.appendNull() }
        value.append(raw: "}")
    }

    /// `barrier.reached`. `offsets` and `outputs` are JSON objects; nil in replay, which has no topics.
    public mutating func encode(barrier id: String, offsets: JSONText?, outputs: JSONText?, into output: OutputBatch) {
        begin("barrier.reached")
        append("id", id)
        if let offsets {
            value.append(raw: ",\"offsets\":")
            value.append(raw: offsets.bytes)
        }
        if let outputs {
            value.append(raw: ",\"outputs\":")
            value.append(raw: outputs.bytes)
        }
        end(key: id, into: output)
    }

    /// `audience.snapshot`: the manifest of a snapshot that is complete, as JSON text. One that does not fit is left out: it lies beside
    /// the snapshot.
    public mutating func encode(snapshot manifest: String, of audience: String, into output: OutputBatch) {
        begin("audience.snapshot")
        append("audience", audience)
        if manifest.utf8.count > room(in: .updated, besideKey: audience.utf8.count) - OutputLimits.aroundManifestBytes {
            output.truncatedEvents += 1
            value.append(raw: ",\"truncated\":true")
        } else {
            value.append(raw: ",\"snapshot\":")
            value.bytes.append(contentsOf: manifest.utf8)
        }
        end(key: audience, into: output)
    }

    // The frame around every value.

    private var type: String = ""

    mutating func begin(_ type: String) {
        self.type = type
        value.bytes.removeAll(keepingCapacity: true)
        value.append(raw: "{\"type\":")
        value.append(string: type)
    }

    mutating func end(key: String, into output: OutputBatch) {
        appendSequenceAndTime()
        value.append(raw: "}")
        finish(.updated, output.append(key), type, into: output)
    }

    mutating func append(_ name: StaticString, _ text: String) {
        appendName(name)
        value.append(string: text)
    }

    mutating func append(_ name: StaticString, _ number: Int) {
        appendName(name)
        value.append(integer: Int64(number))
    }

    mutating func appendName(_ name: StaticString) {
        value.append(raw: ",\"")
        value.append(raw: name)
        value.append(raw: "\":")
    }

    mutating func appendSequenceAndTime() {
        value.append(raw: ",\"sequence\":")
        value.append(integer: sequence)
        value.append(raw: ",\"time\":\"")
        value.bytes.append(contentsOf: time.utf8)
        value.append(raw: "\"")
    }

    /// `person`: how much of the key stands before what decides the partition; nil: the key as a whole does.
    mutating func finish(_ topic: OutputTopic, _ key: Range<Int>, person: Int? = nil, _ type: String, into output: OutputBatch) {
        let frame = output.frame(of: type, sequence: sequence) { headers(type, output) }
        finish(topic, key, person: person, frame: frame, into: output)
    }

    mutating func finish(
        _ topic: OutputTopic, _ key: Range<Int>, person: Int?, frame: Int, endsKey: Bool = false, into output: OutputBatch
    ) {
        let body = value.bytes.withUnsafeBytes { output.append($0) }
        let id = output.append("\(sequence)-\(number)")
        number += 1
        output.records.append(
            OutputBatch.Record(
                topic: topic, endsKey: endsKey, frame: Int32(frame), start: key.lowerBound, keyBytes: Int32(key.count),
                audienceBytes: Int32(person ?? -1), valueOffset: Int32(body.lowerBound - key.lowerBound), valueBytes: Int32(body.count),
                idBytes: Int32(id.count)))
    }

    /// The headers of the events of a type in the commit at hand.
    func headers(_ type: String, _ output: OutputBatch) -> Range<Int> {
        let first = output.headers.count
        append("ce_specversion", "1.0", output)
        output.headers.append(OutputBatch.Header(name: output.append("ce_id"), isId: true))
        append("ce_source", source, output)
        append("ce_type", type, output)
        append("ce_time", time, output)
        append("content-type", "application/json", output)
        return first..<output.headers.count
    }

    private func append(_ name: String, _ text: String, _ output: OutputBatch) {
        output.headers.append(OutputBatch.Header(name: output.append(name), value: output.append(text)))
    }
}

extension Cause {
    /// As contract §4 writes it.
    package var text: String {
        switch self {
        case .change: "change"
        case .time: "time"
        case .publish: "publish"
        case .definition: "definition"
        case .stop: "stop"
        case .upstream: "upstream"
        case .repair: "repair"
        }
    }
}
