// Filters: "expression text, or a group tree whose leaves are expression text" (contract §2.2).

/// Reads filters about rows of one shape; problems go to the list.
struct FilterReader {
    let shape: Shape
    let catalog: Catalog
    /// IANA name of the campaign's time zone.
    let zone: String
    let timeZones: TimeZoneNames
    let problems: ProblemList

    /// What the texts of the tree say of nulls, each at its path: one of them may handle what another leaves out.
    private var nulls: [(path: String, source: String, said: NullHandling)] = []

    init(shape: Shape, catalog: Catalog, zone: String, timeZones: TimeZoneNames, problems: ProblemList) {
        self.shape = shape
        self.catalog = catalog
        self.zone = zone
        self.timeZones = timeZones
        self.problems = problems
    }

    /// The condition, at a path such as `activities[1].filter`; nil when it has problems.
    mutating func read(_ filter: JSON, path: String) -> Expression? {
        let condition = read(filter, path: path, depth: 1)
        warnAboutNulls()
        return condition
    }

    private func warnAboutNulls() {
        var handled = NullHandling()
        for (_, _, said) in nulls { handled.handle(asIn: said) }
        for (path, source, said) in nulls {
            for warning in said.unhandled(beside: handled) {
                problems.warn(path, "\(warning.message), in \(quoted(source))", hint: warning.hint)
            }
        }
    }

    private mutating func read(_ filter: JSON, path: String, depth: Int) -> Expression? {
        switch filter {
        // "A missing filter is true."
        case .null: return .literal(.boolean(true))
        case .string(let source): return condition(source, path: path)
        case .object(let members) where members.count == 1:
            return group(members[0], path: path, depth: depth)
        default:
            problems.add(path, Self.expectation)
            return nil
        }
    }

    private static let expectation = #"a filter must be a text or {"and" | "or" | "except": [filters]} with at least one filter"#

    private mutating func condition(_ source: String, path: String) -> Expression? {
        if problems.isFull { return nil }
        let read = readExpression(source, about: shape, catalog: catalog, zone: zone, timeZones: timeZones)
        for mistake in read.mistakes { problems.add(path, mistake.message, hint: mistake.hint) }
        for warning in read.warnings { problems.warn(path, warning.message, hint: warning.hint) }
        nulls.append((path, source, read.nulls))
        guard let expression = read.expression else { return nil }
        if expression.type == .boolean || expression.type == .null { return expression }
        problems.add(
            path, "a filter must be a condition, not \(expression.type), in \(quoted(source))",
            hint: "a condition compares, as in country = 'FR'")
        return nil
    }

    private mutating func group(_ member: JSON.Member, path: String, depth: Int) -> Expression? {
        guard ["and", "or", "except"].contains(member.name), case .array(let items) = member.value, !items.isEmpty else {
            problems.add(path, Self.expectation)
            return nil
        }
        guard depth <= Limits.expressionDepth else {
            problems.add(path, "groups are at most \(Limits.expressionDepth) levels deep")
            return nil
        }
        var operands: [Expression] = []
        for (place, item) in items.enumerated() {
            if let operand = read(item, path: "\(path).\(member.name)[\(place)]", depth: depth + 1) { operands.append(operand) }
        }
        guard operands.count == items.count else { return nil }
        switch member.name {
        case "and": return .and(operands)
        case "or": return .or(operands)
        default: return .except(operands)
        }
    }
}
