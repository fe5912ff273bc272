// The configuration of the daemon: plain values with every key of contract §9 and its default. How it is read from YAML is for
// ConfigurationReader; `Config/audienced.yaml` explains each key to the operator.

/// Everything that an operator can set. A value of it was checked by `ConfigurationReader`, or is a default.
public struct Configuration: Equatable, Sendable {
    /// `kafka`: librdkafka's own settings under their own names; `bootstrap.servers` is always there.
    public var kafka: [String: KafkaSetting]
    /// `group`: names this deployment: consumer group, transactional id, `ce_source`.
    public var group = "audienced"
    /// `topics`
    public var topics = Topics()
    /// `clock`: what moves the engine's clock (contract §7).
    public var clock = ClockSource.wall
    /// `clock-step`: a larger step of the wall clock against the monotonic one is not taken until it is confirmed.
    public var clockStep = Duration.seconds(5 * 60)
    /// `clock-ahead`: with `clock: events`, a record further ahead of the wall clock does not move the clock; nil (`none`) = any may.
    public var clockAhead: Duration?
    /// `data`: the folder of checkpoints and snapshots.
    public var data: String
    /// `checkpoints`
    public var checkpoints = Checkpoints()
    /// `http`
    public var http = HTTP()
    /// `metrics`
    public var metrics = Metrics()
    /// `snapshots`
    public var snapshots = Snapshots()
    /// `memory`, in bytes: what the process may use; sizes the queues and batches.
    public var memoryBytes = 4 << 30

    /// The two that have no default.
    public init(kafka: [String: KafkaSetting], data: String) {
        self.kafka = kafka
        self.data = data
    }

    /// One value of `kafka`.
    public enum KafkaSetting: Equatable, Sendable {
        /// As it stands in the file, whatever YAML calls its type: `true`, `3`, `SASL_SSL`.
        case text(String)
        case secret(SecretReference)
    }

    /// `{file: …}`: a secret that is read at start, never part of the configuration itself.
    public struct SecretReference: Equatable, Sendable {
        /// Absolute, or relative to `$CREDENTIALS_DIRECTORY`.
        public var file: String

        public init(file: String) {
            self.file = file
        }
    }

    /// Names of topics, without the prefix.
    public struct Topics: Equatable, Sendable {
        /// Before the name of every topic, input and output.
        public var prefix = ""
        /// Where control events come from (contract §2).
        public var control = "campaign-publish"
        /// Where change events come from (contract §3); never empty, no topic twice.
        public var changes = [ChangeTopic(topic: "profile-changes")]
        /// Create missing topics with the right partitions and cleanup policy.
        public var create = true

        public init() {}
    }

    /// One topic of change events.
    public struct ChangeTopic: Equatable, Sendable {
        /// Its name, without the prefix.
        public var topic: String
        /// The table of records that do not name theirs; nil = such records are refused.
        public var table: String?

        public init(topic: String, table: String? = nil) {
            self.topic = topic
            self.table = table
        }
    }

    /// What moves the clock.
    public enum ClockSource: String, CaseIterable, Equatable, Sendable {
        case wall, events
    }

    /// When checkpoints are taken, and where else they lie.
    public struct Checkpoints: Equatable, Sendable {
        /// How far apart they are at least.
        public var every = Duration.seconds(60)
        /// A folder that another machine can read; nil (`none`) = only below `data`.
        public var also: String?
        /// Delete the journal's records that are older than both checkpoints.
        public var trim = false

        public init() {}
    }

    /// The HTTP server.
    public struct HTTP: Equatable, Sendable {
        /// Where it listens.
        public var listen = Listen.tcp(host: "127.0.0.1", port: 8080)
        /// A token of role publish.
        public var token: SecretReference?
        /// No name twice. Without any token and without `token` nobody is asked for one.
        public var tokens: [Token] = []
        /// Names that a Host header may have besides loopback and the bound address.
        public var hosts: [String] = []

        public init() {}
    }

    /// One bearer token.
    public struct Token: Equatable, Sendable {
        /// What logs call it.
        public var name: String
        /// The text that a client sends.
        public var secret: SecretReference
        /// What it may do.
        public var role: Role

        public init(name: String, secret: SecretReference, role: Role) {
            self.name = name
            self.secret = secret
            self.role = role
        }
    }

    /// What a token allows (contract §8); each has what is before it.
    public enum Role: String, CaseIterable, Equatable, Sendable {
        case observe, read, publish
    }

    /// Where the HTTP server listens.
    public enum Listen: Equatable, Sendable, CustomStringConvertible {
        /// A name or address (an IPv6 one without brackets) and a port; 0 = any that is free.
        case tcp(host: String, port: UInt16)
        /// An absolute path.
        case unix(path: String)

        public var description: String {
            switch self {
            case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
            case .unix(let path): "unix:\(path)"
            }
        }
    }

    /// What `/metrics` shows.
    public struct Metrics: Equatable, Sendable {
        /// Most audiences with metrics of their own.
        public var audiences = 1000
        /// Whether the rows of every transition are counted now and then, which evaluates populations that nobody keeps.
        public var transitions = false

        public init() {}
    }

    /// When snapshots are taken, as what, and how long they stay. One is kept while either `keep` or `keepFor` keeps it.
    public struct Snapshots: Equatable, Sendable {
        /// How far apart the rounds are.
        public var every = Duration.seconds(60 * 60)
        /// Never empty, none twice.
        public var formats = [SnapshotFormat.ndjson]
        /// How many of each audience, the newest; at least 1.
        public var keep = 3
        /// `for`: as long as this.
        public var keepFor = Duration.seconds(7 * 24 * 60 * 60)

        public init() {}
    }

    /// A format of snapshots (contract §5).
    public enum SnapshotFormat: String, CaseIterable, Equatable, Sendable {
        case ndjson, csv
    }
}
