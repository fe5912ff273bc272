// `audienced audiences` and `audienced campaigns`: what there is, as a table.
import Campaigns

extension Command {
    static let audiences = Command(
        asking: "audiences", purpose: "asks a daemon: the audiences, their states and sizes",
        options: [
            Option(name: "--search", kind: .value("TEXT"), purpose: "only those with this in their id or label, in small or large letters"),
            Option(
                name: "--state", kind: .choice("STATE", of: ["live", "scheduled", "completed", "stopped", "retired"]),
                purpose: "only those in this state: live, scheduled, completed, stopped or retired"),
            Option(name: "--campaign", kind: .value("ID"), purpose: "only those that this campaign saves"),
        ],
        details: "Sizes are those of the last commit.",
        examples: ["audienced audiences", "audienced audiences --state live --json"]
    ) { arguments, client in
        let filters = [("q", "--search"), ("state", "--state"), ("campaign", "--campaign")]
        return try list("audiences", filters, arguments, client, columns: audienceColumns) { item in
            let state = item.text("state") ?? "–"
            return [
                .init(item.text("id") ?? "–"),
                .init(state + (item.boolean("complete") == false ? ", unfinished" : ""), .state(item["state"])),
                .init(item.text("namespace") ?? "–"), .init(item.text("campaign") ?? "–"), .init(item.integer("campaignVersion")),
                .init(item.integer("size")), .init(item.integer("rows")), .init(item.integer("rejected")),
            ]
        }
    }

    static let campaigns = Command(
        asking: "campaigns", purpose: "asks a daemon: the campaigns, their states and versions",
        options: [
            Option(
                name: "--state", kind: .choice("STATE", of: ["live", "scheduled", "completed", "stopped"]),
                purpose: "only those in this state: live, scheduled, completed or stopped")
        ],
        details: "Of each the audiences that it saves.", examples: ["audienced campaigns", "audienced campaigns --state scheduled"]
    ) { arguments, client in
        try list("campaigns", [("state", "--state")], arguments, client, columns: campaignColumns) { item in
            let audiences = item.elements("audiences").map { if case .string(let id) = $0 { id } else { "–" } }
            return [
                .init(item.text("id") ?? "–"), .init(item.text("state") ?? "–", .state(item["state"])), .init(item.integer("version")),
                .init(item.text("startAt") ?? "–"), .init(item.text("endAt") ?? "–"), .init(audiences.joined(separator: ", ")),
            ]
        }
    }
}

private let audienceColumns: [TextTable.Column] = [
    .init(title: "ID"), .init(title: "STATE"), .init(title: "NAMESPACE"), .init(title: "CAMPAIGN"),
    .init(title: "VERSION", isNumber: true), .init(title: "MEMBERS", isNumber: true), .init(title: "ROWS", isNumber: true),
    .init(title: "REJECTED", isNumber: true),
]

private let campaignColumns: [TextTable.Column] = [
    .init(title: "ID"), .init(title: "STATE"), .init(title: "VERSION", isNumber: true), .init(title: "STARTS"), .init(title: "ENDS"),
    .init(title: "AUDIENCES"),
]

/// Prints a list, through all of its pages.
private func list(
    _ resource: String, _ filters: [(String, String)], _ arguments: Arguments, _ client: DaemonClient, columns: [TextTable.Column],
    row: (JSON) -> [TextTable.Cell]
) throws -> ExitCode {
    let query = filters.compactMap { name, option in arguments.values[option].map { (name, $0) } }
    let isJSON = arguments.flags.contains("--json")
    var table = TextTable(columns)
    var count = 0
    try client.forEachItem(of: DaemonClient.path(resource), query: query) { item in
        count += 1
        if isJSON { print(item.line) } else { table.add(row(item)) }
    }
    if isJSON { return .done }
    let console = Console.output
    print(console.text(count == 0 ? [StyledLine("no \(resource)")] : table.lines(columns: console.columns)), terminator: "")
    return .done
}
