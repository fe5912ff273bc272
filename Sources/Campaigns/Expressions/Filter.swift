// Filters: "expression text, or a group tree whose leaves are expression text" (contract §2.2).

/// Reads filters about records of one schema; problems go to the list.
struct FilterReader {
    let schema: Schema
    let catalog: Catalog
    /// IANA name of the campaign's time zone.
    let zone: String
    let isTimeZone: (String) -> Bool
    let problems: ProblemList

    /// The condition, at a path such as `activities[1].filter`; nil when it has problems.
    func read(_ filter: JSON, path: String) -> Expression? {
        read(filter, path: path, depth: 1)
    }

    private func read(_ filter: JSON, path: String, depth: Int) -> Expression? {
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

    private func condition(_ source: String, path: String) -> Expression? {
        if problems.isFull { return nil }
        do throws(ExpressionError) {
            let expression = try readExpression(source, about: schema, catalog: catalog, zone: zone, isTimeZone: isTimeZone)
            if expression.type == .boolean || expression.type == .null { return expression }
            problems.add(path, "a filter must be a condition, not \(expression.type), in \(quoted(source))")
        } catch {
            problems.add(path, error.message, hint: error.hint)
        }
        return nil
    }

    private func group(_ member: JSON.Member, path: String, depth: Int) -> Expression? {
        guard ["and", "or", "except"].contains(member.name), case .array(let items) = member.value, !items.isEmpty else {
            problems.add(path, Self.expectation)
            return nil
        }
        guard depth <= Limits.expressionDepth else {
            problems.add(path, "groups are at most \(Limits.expressionDepth) levels deep")
            return nil
        }
        let read = items.enumerated().map { self.read($1, path: "\(path).\(member.name)[\($0)]", depth: depth + 1) }
        let operands = read.compactMap(\.self)
        guard operands.count == items.count else { return nil }
        switch member.name {
        case "and": return .and(operands)
        case "or": return .or(operands)
        default: return .except(operands)
        }
    }
}
