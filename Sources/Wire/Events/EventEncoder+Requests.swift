// Requests of channels on `channel-requests`, and `alert.raised` on `audience-updated` (contract §4).
import Campaigns
import Engine

extension EventEncoder {
    /// What an event that is too large leaves out.
    private enum Truncation: Int {
        case nothing, attributes
        /// The address, the template and the key as well: what is left has bounds of its own.
        case texts
    }

    /// "Key `campaign|activity|namespace|identity`, partitioned by `namespace|identity`, so that one person's requests stay in order."
    mutating func encode(_ request: Difference.Request, _ difference: Difference, into output: OutputBatch) {
        let sender = difference.senders[request.sender]
        difference.withTexts(of: request) { texts in
            let start = output.bytes.count
            output.bytes.append(contentsOf: "\(sender.campaign)|\(sender.channel.id)|".utf8)
            let person = output.bytes.count - start
            output.bytes.append(contentsOf: "\(sender.channel.namespace)|".utf8)
            output.bytes.append(contentsOf: texts.identity)
            let key = start..<output.bytes.count
            let most = min(Limits.memberEventBytes, room(in: .channelRequests, besideKey: key.count))
            var truncation = Truncation.nothing
            write(sender, texts, truncation)
            while value.bytes.count > most, let more = Truncation(rawValue: truncation.rawValue + 1) {
                truncation = more
                write(sender, texts, truncation)
            }
            if truncation != .nothing { output.truncatedEvents += 1 }
            finish(.channelRequests, key, person: person, "channel.requested", into: output)
        }
    }

    private mutating func write(_ sender: Difference.Sender, _ texts: Difference.RequestTexts, _ truncation: Truncation) {
        let channel = sender.channel
        value.bytes.removeAll(keepingCapacity: true)
        // The id of the event: one that is sent again has the same.
        value.append(raw: "{\"request\":")
        value.append(string: "\(sequence)-\(number)")
        append("campaign", sender.campaign)
        append("activity", channel.id)
        append("channel", channel.channel.rawValue)
        append("category", channel.category.rawValue)
        value.append(raw: ",\"identity\":{\"namespace\":")
        value.append(string: channel.namespace)
        value.append(raw: ",\"id\":")
        value.append(string: texts.identity)
        value.append(raw: "},\"address\":")
        if truncation == .texts { value.appendNull() } else { value.append(string: texts.address) }
        value.append(raw: ",\"template\":")
        if truncation != .texts, let template = channel.template { value.append(string: template) } else { value.appendNull() }
        if truncation == .nothing {
            value.append(raw: ",\"attributes\":")
            value.bytes.append(contentsOf: texts.attributes)
        } else {
            value.append(raw: ",\"truncated\":true")
        }
        append("schema", channel.dimension)
        value.append(raw: ",\"key\":")
        if truncation != .texts, let key = texts.key { value.append(string: key) } else { value.appendNull() }
        append("time", time)
        value.append(raw: "}")
    }

    /// `alert.raised`. Title and message are cut where they do not fit whole.
    mutating func encode(_ alert: Difference.Alert, into output: OutputBatch) {
        write(alert)
        let most = min(Limits.memberEventBytes, room(in: .updated, besideKey: alert.campaign.utf8.count) - OutputLimits.behindProblemsBytes)
        if value.bytes.count > most {
            output.truncatedEvents += 1
            var short = alert
            short.title = alert.title?.cut(toBytes: Limits.problemTextBytes)
            short.message = alert.message?.cut(toBytes: Limits.problemTextBytes)
            write(short)
            value.append(raw: ",\"truncated\":true")
        }
        end(key: alert.campaign, into: output)
    }

    private mutating func write(_ alert: Difference.Alert) {
        begin("alert.raised")
        append("campaign", alert.campaign)
        append("activity", alert.activity)
        appendName("title")
        if let title = alert.title { value.append(string: title) } else { value.appendNull() }
        appendName("message")
        if let message = alert.message { value.append(string: message) } else { value.appendNull() }
        append("rows", alert.rows)
    }
}
