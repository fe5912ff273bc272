// `audienced explain`: why somebody is in an audience, or is not.

extension Command {
    static let explain = Command(
        asking: "explain", purpose: "asks a daemon: why somebody is in an audience, or is not",
        operands: [
            Operand(name: "AUDIENCE", purpose: "its id"),
            Operand(name: "NAMESPACE", count: .optional, purpose: "of the identity, such as Email"),
            Operand(name: "IDENTITY", count: .optional, purpose: "of whom is asked about, whether there is such a person or not"),
        ],
        options: [Option(name: "--key", kind: .value("KEY"), purpose: "instead of an identity: the primary key of a record")],
        details: """
            The way through the campaign's activities, each condition with its value on the record, what would have to change, and when the
            clock alone changes it.
            """,
        examples: ["audienced explain recent-buyers Email ada@example.com", "audienced explain recent-buyers --key c42"],
        run: explainSomebody)
}

@Sendable private func explainSomebody(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    let (audience, key) = (arguments.operands[0], arguments.values["--key"])
    let path: String
    switch (arguments.operands.count, key) {
    case (3, nil): path = DaemonClient.path("audiences", audience, "members", arguments.operands[1], arguments.operands[2])
    case (1, let key?): path = DaemonClient.path("audiences", audience, "rows", key)
    default:
        throw Arguments.refusal(
            "explain asks about an identity or about a key", .explain, hint: "NAMESPACE IDENTITY, or --key KEY")
    }
    let answer = try client.get(path)
    show(answer, arguments) { _ in ExplanationText(answer.json).lines.map(styled) }
    return .done
}

/// What holds and what does not, in the colors of who enters and who leaves.
private func styled(_ line: String) -> StyledLine {
    guard let place = line.firstIndex(where: { "✓✗".contains($0) }) else { return StyledLine(line) }
    var styled = StyledLine(String(line[..<place]))
    styled.append(String(line[place]), line[place] == "✓" ? .entered : .left)
    styled.append(String(line[line.index(after: place)...]))
    return styled
}
