// What a save-audience says of its audience (contract §2.2).
import Campaigns

enum SaveDescription {
    static let members: [DescribedMember] = [
        .required(
            "audience",
            .object([
                .required("id", .reference("identifier"), "Names the audience: the key of its events begins with it."),
                .absentOrNull("label", .reference("label"), "What people call it: no two audiences alike; its id, when absent."),
                .absentOrNull("description", .text(), "For people."),
            ]).closed, "The audience that it writes."),
        .required("identity", .reference("identity"), "Who the members are."),
        .absentOrNull(
            "attributes", .list(of: .reference("attribute")), "What members carry; the fields of the primary key, when absent."),
        .absentOrNull(
            "mode", .word(of: SaveAudience.ModeName.self),
            "mirror: who is in is a member; append: nobody leaves; frozen: replaced as a whole, at publish and by schedule.",
            default: .string(SaveAudience.ModeName.mirror.rawValue)),
        .absentOrNull(
            "ifExists", .word(of: IfExists.self),
            "When another campaign writes the audience: replace: takes over; merge: joins; fail: is refused.",
            default: .string(IfExists.fail.rawValue)),
        .absentOrNull(
            "schedule",
            .object([
                .absentOrNull("every", .reference("duration"), "So long after the publish, and after each time."),
                .absentOrNull(
                    "cron", .text(), "Minute, hour, day of the month, month, day of the week, in the campaign's time zone.",
                    example: .string("0 6 * * MON-FRI")),
            ]).havingOne(of: ["every", "cron"]).closed, "When a frozen audience is replaced."),
    ]
}
