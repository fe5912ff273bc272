// `audienced audience` and `audienced campaign`: all that is known of one.
import Campaigns

extension Command {
    static let audience = Command(
        asking: "audience", purpose: "asks a daemon: one audience",
        operands: [Operand(name: "ID", purpose: "of the audience")],
        details: "Its size is that of the last commit; last change is the commit that said something of it last.",
        examples: ["audienced audience recent-buyers"]
    ) { arguments, client in
        let answer = try client.get(DaemonClient.path("audiences", arguments.operands[0]))
        show(answer, arguments) { _ in Facts(answer.json).lines }
        return .done
    }

    static let campaign = Command(
        asking: "campaign", purpose: "asks a daemon: one campaign, and how many rows each of its transitions carries",
        operands: [Operand(name: "ID", purpose: "of the campaign")],
        details: "The definition that is in force is in the answer to --json.",
        examples: ["audienced campaign recent-buyers", "audienced campaign recent-buyers --json"]
    ) { arguments, client in
        let answer = try client.get(DaemonClient.path("campaigns", arguments.operands[0]))
        show(answer, arguments) { columns in
            Facts(answer.json, leaving: ["definition", "transitions"]).lines + transitions(of: answer.json, columns)
        }
        return .done
    }
}

/// Prints an answer: as it came, or as people read it.
func show(_ answer: DaemonClient.Answer, _ arguments: Arguments, lines: (Int?) -> [StyledLine]) {
    let console = Console.output
    let text =
        arguments.flags.contains("--json") ? String(decoding: answer.body, as: UTF8.self) + "\n" : console.text(lines(console.columns))
    print(text, terminator: "")
}

private func transitions(of campaign: JSON, _ columns: Int?) -> [StyledLine] {
    let members = campaign.members("transitions")
    guard !members.isEmpty else { return [] }
    let counts = ["rows", "unmatched", "ambiguous", "rejected"]
    var table = TextTable([.init(title: "TRANSITION")] + counts.map { .init(title: $0.uppercased(), isNumber: true) })
    for member in members { table.add([.init(member.name)] + counts.map { .init(member.value.integer($0)) }) }
    return [StyledLine()] + table.lines(columns: columns)
}
