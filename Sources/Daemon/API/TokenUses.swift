// When each token was used last: one that nobody uses can be taken away, one that was just replaced must not be seen any more. Names and
// roles alone; no value of a token comes here.
import Campaigns
import HTTP
import Synchronization

final class TokenUses: Sendable {
    private struct Use {
        let name: String
        let role: Role
        /// Milliseconds since the Unix epoch; nil: never since the start.
        var last: Int64?
    }

    private let uses = Mutex<[Use]>([])

    /// The tokens that hold from now on; those that held before keep what is known of them.
    func begin(_ tokens: [Token]) {
        uses.withLock { uses in
            let known = Dictionary(uses.map { ($0.name, $0.last) }) { first, _ in first }
            uses = tokens.map { Use(name: $0.name, role: $0.role, last: known[$0.name] ?? nil) }
        }
    }

    /// One was used now.
    func note(_ name: String, at milliseconds: Int64) {
        uses.withLock { uses in
            if let place = uses.firstIndex(where: { $0.name == name }) { uses[place].last = milliseconds }
        }
    }

    /// In the order of the configuration.
    var json: JSON {
        .array(
            uses.withLock { $0 }.map { use in
                .object([
                    JSON.Member("name", .string(use.name)), JSON.Member("role", .string(use.role.name)),
                    JSON.Member("lastUsed", use.last.map(JSON.instant) ?? .null),
                ])
            })
    }
}
