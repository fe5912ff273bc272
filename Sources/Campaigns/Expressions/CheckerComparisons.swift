// Comparisons: two sides of types that compare, the clock on one of them at most (semantics §3).

extension Checker {
    /// One side of a comparison.
    struct Operand {
        enum Content {
            case value(Expression)
            /// `XDiff(NOW(), path)` or `XOld(path)` (CheckerAges.swift).
            case age(CalendarUnit, of: Expression)
        }

        var content: Content
        var dependence: Dependence
        /// As it is written.
        var syntax: Syntax

        var isAge: Bool { if case .age = content { true } else { false } }

        /// nil of an age.
        var value: Expression? { if case .value(let value) = content { value } else { nil } }
    }

    mutating func operand(_ syntax: Syntax) -> Operand {
        let (content, dependence) = measuringDependence { checker in checker.age(syntax) ?? .value(checker.check(syntax)) }
        return Operand(content: content, dependence: dependence, syntax: syntax)
    }

    mutating func compare(_ comparison: Comparison, _ a: Syntax, _ b: Syntax) -> Expression {
        negated(comparison == .notEqual, "!=", isWritten: false) { checker in
            let mark = checker.nulls.mark
            let (left, right) = (checker.operand(a), checker.operand(b))
            checker.warn(about: comparison, left, right, since: mark)
            let (compared, isRight) = checker.withoutMistake { $0.compared(comparison, left, right) }
            checker.relate(left, [right], isRight: isRight)
            return compared
        }
    }

    mutating func between(_ value: Syntax, _ low: Syntax, _ high: Syntax) -> Expression {
        let (before, mark) = (nodes, nulls.mark)
        let value = operand(value)
        count(nodes - before + 2)
        let (low, high) = (operand(low), operand(high))
        warn(aboutBetween: value, low, high, since: mark)
        let (compared, isRight) = withoutMistake { checker in
            Expression.and([checker.compared(.greaterOrEqual, value, low), checker.compared(.lessOrEqual, value, high)])
        }
        relate(value, [low, high], isRight: isRight)
        return compared
    }

    /// Each item compares with the value by itself. A date beside some dates and some instants is two lists: two dates can have one
    /// midnight (a zone that skips a day), so they must not compare as instants.
    mutating func isOneOf(_ value: Syntax, _ items: [Syntax], isNegated: Bool) -> Expression {
        let (before, mark) = (nodes, nulls.mark)
        let value = operand(value)
        let size = nodes - before
        var operands: [Operand] = []
        operands.reserveCapacity(items.count)
        for item in items { operands.append(operand(item)) }
        for item in operands { warn(aboutItem: item, of: value, isNegated: isNegated, since: mark) }
        let (found, isRight) = withoutMistake { $0.oneOf(value, operands, size: size) }
        relate(value, operands, isRight: isRight)
        return found
    }

    private mutating func oneOf(_ value: Operand, _ operands: [Operand], size: Int) -> Expression {
        var found: [Expression] = []
        guard let single = value.value else {
            for item in operands { found.append(compared(.equal, value, item)) }
            return found.count == 1 ? found[0] : .or(found)
        }
        var direct: [Expression] = []
        var besideMidnight: [Expression] = []
        for operand in operands {
            guard let item = operand.value else {
                count(size)
                found.append(compared(.equal, value, operand))
                continue
            }
            switch Pairing(single.type, item.type) {
            case .direct: direct.append(item)
            case .midnightOfFirst: besideMidnight.append(item)
            case .midnightOfSecond: direct.append(.midnight(item, zone: zone))
            case nil: refuseComparison(single, item)
            }
        }
        if !besideMidnight.isEmpty { found.insert(.isOneOf(.midnight(single, zone: zone), besideMidnight), at: 0) }
        if !direct.isEmpty { found.insert(.isOneOf(single, direct), at: 0) }
        if found.isEmpty { return .isNull(.unknown) }
        guard found.count > 1 else { return found[0] }
        count(size + 3)
        return .or(found)
    }

    /// The clock rule, unless something else is wrong.
    private mutating func relate(_ value: Operand, _ others: [Operand], isRight: Bool) {
        if isRight { checkClock(of: value, with: others) } else { dependence.add(Dependence(onRow: true)) }
    }

    private mutating func withoutMistake(_ check: (inout Checker) -> Expression) -> (Expression, Bool) {
        let before = mistakes.count
        let found = check(&self)
        return (found, mistakes.count == before)
    }

    // MARK: Types

    /// How two types compare: as they are, or with one of them, a date, as its midnight.
    private enum Pairing {
        case direct, midnightOfFirst, midnightOfSecond

        /// nil when they do not.
        init?(_ a: ValueType, _ b: ValueType) {
            if a == b || a == .null || b == .null || a.isNumber && b.isNumber {
                self = .direct
            } else if a == .date && b == .datetime {
                self = .midnightOfFirst
            } else if a == .datetime && b == .date {
                self = .midnightOfSecond
            } else {
                return nil
            }
        }
    }

    mutating func compared(_ comparison: Comparison, _ a: Expression, _ b: Expression) -> Expression {
        switch Pairing(a.type, b.type) {
        case .direct: return .compare(comparison, a, b)
        case .midnightOfFirst: return .compare(comparison, .midnight(a, zone: zone), b)
        case .midnightOfSecond: return .compare(comparison, a, .midnight(b, zone: zone))
        case nil:
            refuseComparison(a, b)
            return .compare(comparison, .unknown, .unknown)
        }
    }

    private mutating func refuseComparison(_ a: Expression, _ b: Expression) {
        refuse("cannot compare \(a.type) with \(b.type)", hint: LiteralHint.mismatch(a, b))
    }
}
