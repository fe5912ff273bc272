// The HTTP server of the daemon, as the configuration says it: where it listens, who is let in, and what is served.
import Campaigns
import HTTP

extension Configuration.HTTP {
    /// Starts to answer; it goes on through all lives of the loop.
    func serve(_ resources: Resources, _ secrets: [ConfigurationSecrets.Token]) throws(CommandFailure) -> Server {
        let publishing = resources.publishingRoutes
        do throws(ServerError) {
            let tokens = try Self.tokens(secrets)
            let server = try Server(
                listen.served, routes: resources.routes, access: Access(tokens: tokens, hosts: hosts), problemPage: Resources.problemPage
            ) { resources.noteAnswer($0, publishing: publishing) }
            resources.tokens.begin(tokens)
            Log.information(.listening, "listening", ["address": server.address.base])
            return server
        } catch {
            throw CommandFailure(.usage, "http: \(error)")
        }
    }

    private static func tokens(_ secrets: [ConfigurationSecrets.Token]) throws(ServerError) -> [Token] {
        var tokens: [Token] = []
        for token in secrets { tokens.append(try Token(name: token.name, secret: Array(token.value.utf8), role: token.role.served)) }
        return tokens
    }

    /// Takes the tokens that the configuration names now; where something is wrong with it, all stays as it is.
    static func reopen(_ server: Server, _ resources: Resources, configuration path: String) {
        do {
            let secrets = try loadConfiguration(path).secrets.tokens
            let tokens = try tokens(secrets)
            try server.replace(tokens: tokens)
            resources.tokens.begin(tokens)
            Log.information(.tokensReopened, "the tokens were read anew", ["count": String(secrets.count)])
        } catch {
            Log.warning(.notReopened, "the configuration was not read anew, what held before holds on", ["cause": "\(error)"])
        }
    }
}

extension Configuration.Listen {
    fileprivate var served: HTTP.Listen {
        switch self {
        case .tcp(let host, let port): .tcp(host: host, port: port)
        case .unix(let path): .unix(path: path)
        }
    }
}

extension Configuration.Role {
    fileprivate var served: HTTP.Role {
        switch self {
        case .observe: .observe
        case .read: .read
        case .publish: .publish
        }
    }
}
