// channel: "When an identity first appears (`once`), or each time it appears again after having been gone, not within `cooldown` of the
// last (`every-entry`), one request is emitted. Output: the inbound."

/// channel: what goes out to whom.
public struct Channel: ActivityDefinition {
    /// How it goes out.
    public enum Kind: String, CaseIterable, Sendable {
        case email, sms, push
        case directMail = "direct-mail"
    }

    /// Why it goes out.
    public enum Category: String, CaseIterable, Sendable {
        case marketing, transactional
    }

    /// How often.
    public enum Repeat: String, CaseIterable, Sendable {
        case once
        case everyEntry = "every-entry"
    }

    /// Its name within the campaign.
    public var id: String
    /// Where its rows come from.
    public var from: Transition
    /// How it goes out.
    public var channel: Kind
    /// Why it goes out.
    public var category: Category
    /// To whom: a field of the rows' records, or a carried column.
    public var identity: Expression
    /// Of the identity.
    public var namespace: String
    /// Where to; nothing goes to null.
    public var address: Expression
    /// What is sent, by its name elsewhere.
    public var template: String?
    /// What requests carry, in the order of the definition.
    public var attributes: [Attribute]
    /// How often.
    public var repeats: Repeat
    /// For how long after a request an identity that appears again gets none; nil is not at all.
    public var cooldown: CalendarDuration?
    /// IANA name, of days, months and years in it.
    public var timezone: String
    /// The schema of its rows' records.
    public var dimension: String

    package var inbounds: [Transition] { [from] }
    package var rowDecision: RowDecision? { RowDecision() }
    package static var memory: ActivityMemory { .byId }

    public init(
        id: String, from: Transition, channel: Kind, category: Category = .marketing, identity: Expression, namespace: String,
        address: Expression, template: String? = nil, attributes: [Attribute] = [], repeats: Repeat = .once,
        cooldown: CalendarDuration? = nil, timezone: String, dimension: String
    ) {
        self.id = id
        self.from = from
        self.channel = channel
        self.category = category
        self.identity = identity
        self.namespace = namespace
        self.address = address
        self.template = template
        self.attributes = attributes
        self.repeats = repeats
        self.cooldown = cooldown
        self.timezone = timezone
        self.dimension = dimension
    }
}

extension ActivityReader {
    mutating func readChannel(_ item: ActivityItem) {
        let reader = item.reader
        let (from, shape) = inbound(item)
        let kind = reader.choice("channel", of: Channel.Kind.self)
        let category = reader.choice("category", of: Channel.Category.self, isRequired: false) ?? .marketing
        let identity = readIdentity(reader, shape)
        let address = expression(
            reader.text("address"), at: reader.path(of: "address"), about: shape, as: .string, hint: "convert it with ToString")
        let template = reader.text("template", isRequired: false)
        let attributes = readAttributes(reader, shape)
        let repeats = reader.choice("repeat", of: Channel.Repeat.self, isRequired: false) ?? .once
        let cooldown = reader.duration("cooldown", isPositive: false)
        var channel: Activity?
        if let from, let shape, let kind, let identity, let address {
            channel = .channel(
                Channel(
                    id: item.name, from: from, channel: kind, category: category, identity: identity.source, namespace: identity.namespace,
                    address: address, template: template, attributes: attributes, repeats: repeats, cooldown: cooldown, timezone: timezone,
                    dimension: shape.dimension.name))
        }
        add(item, outputs: [Transition.main: shape], channel)
    }
}
