// The rules of topic names, alone and together: what Kafka allows, and no topic that is read and written, or read twice.

enum TopicNames {
    /// Kafka's own limit of a name, in bytes.
    static let maximumBytes = 249
    static let hint = "letters, digits, ., _ and -, at most \(maximumBytes) of them"

    /// Outputs whose names are fixed (contract §4), without the prefix.
    static let outputs = ["audience-members", "audience-updated", "channel-requests", "audienced.dlq"]

    /// The internal topic of a deployment, without the prefix.
    static func journal(group: String) -> String {
        "audienced.\(group).journal"
    }

    /// What was redriven of the dead letters of a deployment, without the prefix.
    static func redrives(group: String) -> String {
        "audienced.\(group).redrive"
    }

    /// Whether every character may stand in a name.
    static func isPlain(_ text: String) -> Bool { text.utf8.allSatisfy(isPlain) }

    static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Whether the text is the name of a topic.
    static func isTopic(_ text: String) -> Bool {
        isPlain(text) && (1...maximumBytes).contains(text.utf8.count) && text != "." && text != ".."
    }

    /// A name that does not go with another.
    struct Clash {
        /// The key that is to be changed.
        var path: [String]
        /// The item, where the key is a list.
        var index: Int?
        var message: String
        var hint: String
    }

    /// What cannot be together in one configuration. Kafka takes `.` and `_` for the same in its metrics but not in names.
    static func clashes(in configuration: Configuration) -> [Clash] {
        let topics = configuration.topics
        let journal = journal(group: configuration.group)
        let written = outputs + [journal, redrives(group: configuration.group)]
        var clashes: [Clash] = []

        let longest = ([topics.control, journal] + outputs + topics.changes.map(\.topic)).max { $0.utf8.count < $1.utf8.count } ?? journal
        if topics.prefix.utf8.count + longest.utf8.count > maximumBytes {
            let message = "the name of the topic \(shown(topics.prefix + longest)) is longer than \(maximumBytes) bytes"
            let path = topics.prefix.isEmpty ? ["group"] : ["topics", "prefix"]
            clashes.append(Clash(path: path, message: message, hint: "shorten it"))
        }
        if written.contains(topics.control) {
            let message = "the topic \(topics.control) is an output of this program"
            clashes.append(Clash(path: ["topics", "control"], message: message, hint: "control events need a topic of their own"))
        }
        var seen: Set<String> = []
        for (index, change) in topics.changes.enumerated() {
            let message: String
            if written.contains(change.topic) {
                message = "the topic \(change.topic) is an output of this program"
            } else if change.topic == topics.control {
                message = "the topic \(change.topic) is the one of control events"
            } else if !seen.insert(change.topic).inserted {
                message = "the topic \(change.topic) is given twice"
            } else {
                continue
            }
            clashes.append(Clash(path: ["topics", "changes"], index: index, message: message, hint: "give it another name or remove it"))
        }
        return clashes
    }
}
