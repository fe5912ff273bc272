// Random activities that count, remember, or read what other campaigns save; and how a new version changes them.
@testable import Campaigns

extension RandomCampaign {
    /// Schedules of all sorts, none of them of minutes alone.
    private static let crons = ["*/20 * * * *", "0 6 * * MON-FRI", "30 2 * * *", "15 0,12 1,15 * SUN", "0 0 29 2 *"]

    /// One more activity of a kind that remembers or counts, if there is one to be added.
    mutating func addRemembering(_ random: inout RandomNumbers) {
        let (from, shape) = inbound(&random)
        let kinds = ["test", "and-join", "alert", "duration", "channel", "read-audience"]
        switch random.pick(kinds) {
        case "test": addTest(from, &random)
        case "and-join": addAndJoin(from, &random)
        case "alert": addAlert(from, &random)
        case "duration": add(.wait(Wait(id: newId, from: from, period: .duration(duration(&random), timezone: expressions.zone))))
        case "channel": addChannel(from, shape, &random)
        default: addRead(&random)
        }
    }

    // MARK: Counts

    private mutating func addTest(_ from: Transition, _ random: inout RandomNumbers) {
        var conditions: [Test.Condition] = []
        for name in ["many", "few"].prefix(random.number(1...2)) {
            conditions.append(Test.Condition(name: name, when: countCondition(&random)))
        }
        let id = newId
        add(.test(Test(id: id, from: from, conditions: conditions, hasDefault: random.chance(70))))
        // Mostly joined with something, so that it opens and closes.
        if random.chance(50) { addAndJoin(Transition(activity: id, output: "many"), &random) }
    }

    private mutating func addAndJoin(_ from: Transition, _ random: inout RandomNumbers) {
        let others = random.shuffled(known.map(\.transition)).prefix(random.number(1...2))
        add(.andJoin(AndJoin(id: newId, from: random.shuffled([from] + others))))
    }

    private mutating func addAlert(_ from: Transition, _ random: inout RandomNumbers) {
        add(
            .alert(
                Alert(
                    id: newId, from: from, title: random.chance(70) ? "title" : nil, message: random.chance(70) ? "message \u{e9}" : nil,
                    when: countCondition(&random))))
    }

    /// Of few rows, since histories have few.
    private func countCondition(_ random: inout RandomNumbers) -> Expression {
        let count = Expression.carried(RecordCount.name, type: .integer)
        func number(_ range: ClosedRange<Int>, _ random: inout RandomNumbers) -> Expression {
            .literal(.integer(Int64(random.number(range))))
        }
        let comparison: Comparison = random.pick([.greater, .greaterOrEqual, .less, .equal, .notEqual])
        let test = Expression.compare(comparison, count, number(0...5, &random))
        switch random.number(0...9) {
        case 0...5: return test
        case 6: return .compare(.equal, .arithmetic(.remainder, count, .literal(.integer(2))), number(0...1, &random))
        case 7: return .isOneOf(count, [number(0...2, &random), number(2...4, &random)])
        case 8:
            let hour = Expression.call(
                .hour, [.clock(offset: 0, unit: .seconds, zone: expressions.zone)], type: .integer, zone: expressions.zone)
            return .and([test, .compare(.greaterOrEqual, hour, number(6...18, &random))])
        default: return random.pick([.literal(.null), .literal(.boolean(true)), .not(test)])
        }
    }

    // MARK: Memories

    private func duration(_ random: inout RandomNumbers) -> CalendarDuration {
        random.pick([
            CalendarDuration(milliseconds: 1), CalendarDuration(milliseconds: 900_000), CalendarDuration(milliseconds: 3_600_000),
            CalendarDuration(milliseconds: RandomValues.day), CalendarDuration(days: 1), CalendarDuration(days: 1),
            CalendarDuration(days: 3),
            CalendarDuration(days: 1, milliseconds: 1_800_000), CalendarDuration(months: 1), CalendarDuration(months: 12),
        ])
    }

    private mutating func addChannel(_ from: Transition, _ shape: Shape, _ random: inout RandomNumbers) {
        let identities = identities(shape)
        guard !identities.isEmpty else { return }
        let (identity, namespace) = random.pick(identities)
        var channel = Channel(
            id: newId, from: from, channel: random.pick(Channel.Kind.allCases), category: random.pick(Channel.Category.allCases),
            identity: identity, namespace: namespace, address: address(identity, shape, &random),
            template: random.chance(70) ? "template" : nil, attributes: attributes(shape, &random), timezone: expressions.zone,
            dimension: shape.dimension.name)
        changeRepeats(&channel, &random)
        add(.channel(channel))
    }

    /// Mostly there, so that there is something to send.
    private mutating func address(_ identity: Expression, _ shape: Shape, _ random: inout RandomNumbers) -> Expression {
        random.chance(60) ? identity : expressions.attribute(shape, of: .string, &random)
    }

    private func changeRepeats(_ channel: inout Channel, _ random: inout RandomNumbers) {
        channel.repeats = random.chance(30) ? .once : .everyEntry
        channel.cooldown = random.chance(50) ? nil : random.chance(10) ? CalendarDuration() : duration(&random)
    }

    /// How a save follows its population.
    func mode(_ random: inout RandomNumbers) -> SaveAudience.Mode {
        let modes = ["append", "frozen"]
        guard random.chance(45) else { return .mirror }
        if random.pick(modes) == "append" { return .append }
        switch random.number(0...2) {
        case 0: return .frozen(nil)
        case 1: return .frozen(Schedule(.every(duration(&random)), timezone: expressions.zone))
        default: return .frozen(Schedule(.cron(CronExpression(random.pick(Self.crons))!), timezone: expressions.zone))
        }
    }

    /// When it is live: mostly always.
    mutating func setValidity(_ random: inout RandomNumbers) {
        let (start, end) = (instant(&random), instant(&random))
        campaign.startAt = random.chance(7) ? start : nil
        campaign.endAt = random.chance(7) ? end : nil
        if let start = campaign.startAt, let end = campaign.endAt, end <= start { campaign.endAt = nil }
    }

    // MARK: Audiences of others

    /// Whether an audience that another campaign saves is read was a question of luck.
    mutating func addRead(_ random: inout RandomNumbers) {
        let readable = audiences.readable(by: campaign.id)
        guard !readable.isEmpty else { return }
        let id = random.pick(readable)
        let audience = audiences.readable(id, by: campaign.id)!
        let fields = schemas.values.sorted { $0.name < $1.name }.flatMap { schema in
            schema.identities.filter { $0.namespace == audience.namespace }.map { (schema: schema.name, field: $0.field) }
        }
        guard !fields.isEmpty else { return }
        let (schema, field) = random.pick(fields)
        var columns: [ReadAudience.Column] = []
        for (name, type) in audience.columns.sorted(by: { $0.key < $1.key }) where random.chance(60) {
            columns.append(ReadAudience.Column(name: name, type: type))
        }
        add(
            .read(
                ReadAudience(
                    id: newId, position: campaign.activities.count, audience: id, namespace: audience.namespace, dimension: schema,
                    identityField: field, columns: columns)))
    }

    // MARK: Changing

    /// The activity with something else in a part of it.
    mutating func changedRemembering(_ activity: Activity, _ shape: Shape?, _ random: inout RandomNumbers) -> Activity {
        switch activity {
        case .test(var test):
            if random.chance(70) {
                test.conditions[random.number(0...test.conditions.count - 1)].when = countCondition(&random)
            } else {
                test.hasDefault.toggle()
            }
            return .test(test)
        case .andJoin(var join):
            // Another primary of the same dimension.
            let transitions = campaign.transitions(in: schemas)!
            let places = join.from.indices.filter { transitions[join.from[$0]]!.dimension == transitions[join.from[0]]!.dimension }
            join.from.swapAt(0, random.pick(places))
            return .andJoin(join)
        case .alert(var alert):
            if random.chance(50) { alert.when = countCondition(&random) } else { alert.title = "another title" }
            return .alert(alert)
        case .channel(var channel):
            switch random.number(0...2) {
            case 0: changeRepeats(&channel, &random)
            case 1: channel.address = address(channel.identity, shape!, &random)
            default: (channel.identity, channel.namespace) = random.pick(identities(shape!))
            }
            return .channel(channel)
        case .wait(var wait):
            wait.period = .duration(duration(&random), timezone: expressions.zone)
            return .wait(wait)
        default: return activity
        }
    }
}

extension Wait {
    /// Whether all rows wait for one instant.
    var isUntil: Bool {
        if case .until = period { true } else { false }
    }
}
