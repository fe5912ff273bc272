// The manifest of a snapshot (contract §5).
import Campaigns

enum SnapshotDescription {
    static let manifest = JSONSchema.object([
        .required("audience", .text(), "Its id."), .required("label", .text(), "What people call it."),
        .required("namespace", .text(), "Of the members' identities."),
        .required(
            "columns",
            .list(of: .object([.required("name", .text(), "As in CSV."), .required("type", .text(), "Of its values.")])),
            "Of the CSV, in its order."),
        .required("size", count, "Members."), .required("rows", count, "The sum of their rows."),
        .required("campaign", .text(), "The campaign that writes the audience."),
        .required("campaignVersion", .integer(from: 1), "Its version."), .required("sequence", count, "The last commit that is in it."),
        .required("time", AsyncAPI.instant, "The clock of that commit."),
        .optional("offsets", .component("offsets"), "Inputs below these are in."),
        .optional("outputs", .component("offsets"), "Where to go on in audience-members."),
        .required(
            "files",
            .list(
                of: .object([
                    .required("name", .text(), "In the snapshot's folder."), .required("bytes", count, "How many it has."),
                    .required("sha256", .text(pattern: "^[0-9a-f]{64}$"), "Of its bytes."),
                ])), "The files of members."),
    ])

    private static let count = JSONSchema.integer(from: 0)
}
