// What a channel says of what goes out to whom (contract §2.2).
import Campaigns

enum ChannelDescription {
    static let members: [DescribedMember] = [
        .required("channel", .word(of: Channel.Kind.self), "How it goes out."),
        .absentOrNull(
            "category", .word(of: Channel.Category.self), "Why it goes out.", default: .string(Channel.Category.marketing.rawValue)),
        .required("identity", .reference("identity"), "Whom it is for."),
        .required("address", .reference("expression"), "Where it goes, a text; nothing goes to null.", example: .string("email")),
        .absentOrNull("template", .text(), "What is sent, by its name in the sending system."),
        .absentOrNull("attributes", .list(of: .reference("attribute")), "What the request carries."),
        .absentOrNull(
            "repeat", .word(of: Channel.Repeat.self), "once: when a person first comes; every-entry: each time that one comes again.",
            default: .string(Channel.Repeat.once.rawValue)),
        .absentOrNull("cooldown", .reference("duration"), "For how long after a request the same person gets none."),
    ]
}
