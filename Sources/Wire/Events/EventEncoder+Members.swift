// Member events (contract §4): what the events of one audience have in common is written once, what is a member's own for each.
import Campaigns
import Engine

extension EventEncoder {
    /// What the member events of one audience and namespace have in common.
    struct MembersFrame {
        var audience = -1
        var namespace = -1
        /// What keys begin with, `audience|namespace|`, and how much of that is not of the person.
        var key: [UInt8] = []
        var audienceBytes = 0
        var beginning = 0..<0
        var end = 0..<0
        /// Of each status, once it is met.
        var places: [Int?] = [nil, nil, nil]
    }

    mutating func frame(
        of member: Difference.Member, _ namespace: String, _ audience: AudienceState, _ output: OutputBatch
    ) -> MembersFrame {
        var frame = MembersFrame()
        (frame.audience, frame.namespace) = (member.audience, member.namespace)
        frame.key = Array("\(audience.id)|\(namespace)|".utf8)
        // "Partitioned by `namespace|identity`, so that one person's events stay in order."
        frame.audienceBytes = audience.id.utf8.count + 1
        value.bytes.removeAll(keepingCapacity: true)
        value.append(raw: "{\"audience\":")
        value.append(string: audience.id)
        value.append(raw: ",\"identity\":{\"namespace\":")
        value.append(string: namespace)
        value.append(raw: ",\"id\":")
        frame.beginning = value.bytes.withUnsafeBytes { output.append($0) }
        value.bytes.removeAll(keepingCapacity: true)
        value.append(raw: ",\"campaign\":")
        value.append(string: audience.campaign)
        value.append(raw: ",\"campaignVersion\":")
        value.append(integer: Int64(audience.campaignVersion))
        appendSequenceAndTime()
        value.append(raw: "}")
        frame.end = value.bytes.withUnsafeBytes { output.append($0) }
        return frame
    }

    mutating func encode(
        _ member: Difference.Member, _ difference: Difference, _ shared: inout MembersFrame, into output: OutputBatch
    ) {
        let status = Int(member.status.rawValue)
        let place =
            shared.places[status] ?? output.add(.init(headers: headers(member.type, output), beginning: shared.beginning, end: shared.end))
        shared.places[status] = place
        difference.withTexts(of: member) { identity, attributes in
            let start = output.bytes.count
            output.bytes.append(contentsOf: shared.key)
            output.bytes.append(contentsOf: identity)
            let key = start..<output.bytes.count
            write(member, identity, attributes)
            let most = min(Limits.memberEventBytes, room(in: .members, besideKey: key.count)) - shared.beginning.count - shared.end.count
            if value.bytes.count > most {
                output.truncatedEvents += 1
                write(member, identity, nil)
            }
            finish(
                .members, key, person: shared.audienceBytes, frame: place, endsKey: member.status == .exited,
                into: output)
        }
    }

    /// What is a member's own of its event.
    private mutating func write(
        _ member: Difference.Member, _ identity: UnsafeRawBufferPointer, _ attributes: UnsafeRawBufferPointer?
    ) {
        value.bytes.removeAll(keepingCapacity: true)
        value.append(string: identity)
        switch member.status {
        case .realized: value.append(raw: "},\"status\":\"realized\"")
        case .existing: value.append(raw: "},\"status\":\"existing\"")
        case .exited: value.append(raw: "},\"status\":\"exited\"")
        }
        if member.status != .exited {
            if let attributes {
                value.append(raw: ",\"attributes\":")
                value.bytes.append(contentsOf: attributes)
            } else {
                value.append(raw: ",\"truncated\":true")
            }
        }
        value.append(raw: ",\"rows\":")
        value.append(integer: Int64(member.rows))
        value.append(raw: ",\"cause\":")
        value.append(string: member.cause.text)
        if member.validUntil != .max {
            value.append(raw: ",\"validUntil\":")
            value.append(instant: member.validUntil)
        }
    }
}

extension Difference.Member {
    fileprivate var type: String {
        switch status {
        case .realized: "audience.member.entered"
        case .existing: "audience.member.updated"
        case .exited: "audience.member.exited"
        }
    }
}
