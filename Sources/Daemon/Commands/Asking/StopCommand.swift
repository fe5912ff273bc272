// `audienced stop` and `audienced delete`: the end of a campaign, through a running daemon.

extension Command {
    static let stop = Command(
        asking: "stop", purpose: "asks a daemon: to stop a campaign, whose audiences stay as they are",
        operands: [Operand(name: "ID", purpose: "of the campaign")], options: [versionOption, waitOption],
        details: "It follows nothing any more; its audiences stay as they are, frozen. Publishing it again lets it go on.",
        examples: ["audienced stop recent-buyers"], exitCodes: changeCodes, run: stopCampaign)

    static let delete = Command(
        asking: "delete", purpose: "asks a daemon: to delete a campaign, and to empty what only it writes",
        operands: [Operand(name: "ID", purpose: "of the campaign")], options: [versionOption, waitOption],
        details: "Every audience that only it writes is emptied and retired. You are not asked again.",
        examples: ["audienced delete recent-buyers --if-version 3"], exitCodes: changeCodes, run: deleteCampaign)

    private static let versionOption = Option(name: "--if-version", kind: .value("N"), purpose: "only if this is its version")
}

@Sendable private func stopCampaign(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    try ChangeOrders(arguments, of: .stop, client).send(.stop(campaign: arguments.operands[0]))
}

@Sendable private func deleteCampaign(_ arguments: Arguments, _ client: DaemonClient) throws -> ExitCode {
    try ChangeOrders(arguments, of: .delete, client).send(.delete(campaign: arguments.operands[0]))
}
