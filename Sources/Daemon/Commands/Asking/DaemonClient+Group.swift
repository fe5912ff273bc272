// Whether a configuration is that of the daemon that is asked.
import Campaigns

extension DaemonClient {
    /// What is read of topics by a configuration and of a daemon is compared: both must be of one deployment.
    func check(isOf configuration: Configuration) throws(CommandFailure) {
        guard let group = try get(Self.path("status")).json.text("group"), group != configuration.group else { return }
        throw CommandFailure(
            .usage,
            "the configuration is of the group \(printable(configuration.group)), the daemon of \(printable(group)) — "
                + "--server names another daemon, --config another configuration")
    }
}
