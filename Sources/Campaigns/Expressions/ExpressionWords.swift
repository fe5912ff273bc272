// Conditions in words, for people who did not write them: from a fixed table of forms. What has no form there stays as it is written:
// never a guess.

extension ExpressionWriter {
    /// A condition in words; nil where no form fits, or where they were no plainer than its text.
    public func words(of condition: Expression) -> String? {
        switch condition {
        case .and(let parts): return joined(parts, " and ")
        case .or(let parts): return joined(parts, " or ")
        case .not(let inner): return negatedWords(inner)
        case .field(let path) where path.type == .boolean: return "\(subject(condition)!) is true"
        case .compare(let comparison, let left, let right): return compared(comparison, left, right)
        case .isOneOf(let value, let items):
            guard let subject = subject(value), let list = list(items) else { return nil }
            return "\(subject) is \(list)"
        case .isNull(let value): return subject(value).map { "\($0) is empty" }
        case .textTest(let test, let left, .literal(let text)):
            guard test != .like, let subject = subject(left) else { return nil }
            return "\(subject) \(test == .contains ? "contains" : "starts with") \(shown(text))"
        default: return nil
        }
    }

    private func joined(_ parts: [Expression], _ word: String) -> String? {
        if word == " or ", let value = Expression.or(parts).testedForEmpty { return subject(value).map { "\($0) is empty" } }
        var all: [String] = []
        for part in parts {
            guard let words = words(of: part) else { return nil }
            var isJunction = false
            switch part {
            case .and: isJunction = true
            case .or: isJunction = part.testedForEmpty == nil
            default: break
            }
            all.append(isJunction ? "(\(words))" : words)
        }
        return all.joined(separator: word)
    }

    private func negatedWords(_ condition: Expression) -> String? {
        switch condition {
        case .isNull(let value): return subject(value).map { "\($0) is there" }
        case .isOneOf(let value, let items):
            guard let subject = subject(value), let list = list(items) else { return nil }
            return "\(subject) is not \(list)"
        case .field(let path) where path.type == .boolean: return "\(subject(condition)!) is not true"
        case .compare(.greaterOrEqual, .aggregate(let aggregate), .literal(.integer(1))) where aggregate.function == .count:
            return records(aggregate, "no")
        case .or:
            if let value = condition.testedForEmpty { return subject(value).map { "\($0) is not empty" } }
            return words(of: condition).map { "not (\($0))" }
        case .compare(.equal, let left, let right): return compared(.notEqual, left, right)
        case .textTest(let test, let left, .literal(let text)):
            guard test != .like, let subject = subject(left) else { return nil }
            return "\(subject) does not \(test == .contains ? "contain" : "start with") \(shown(text))"
        default: return words(of: condition).map { "not (\($0))" }
        }
    }

    // What is spoken of.

    private func subject(_ value: Expression) -> String? {
        switch value {
        case .field, .carried: return text(of: value).filter { $0 != "[" && $0 != "]" }
        case .midnight(let day, _): return subject(day)
        case .toDouble(let number): return subject(number)
        case .aggregate(let aggregate): return subject(aggregate)
        case .call(let function, let arguments, _, _) where arguments.count == 1:
            let part: String? =
                switch function {
                case .year: "the year of"
                case .month: "the month of"
                case .day: "the day of"
                case .hour: "the hour of"
                case .weekDay: "the day of the week of"
                case .dateOnly, .toDate: "the date of"
                case .emailDomain: "the domain of"
                case .length: "the length of"
                case .lower: "in small letters"
                default: nil
                }
            return part.flatMap { part in subject(arguments[0]).map { "\(part) \($0)" } }
        default: return nil
        }
    }

    private func subject(_ aggregate: Aggregate) -> String? {
        guard let of = records(aggregate, nil) else { return nil }
        guard let field = aggregate.field else { return "the number of \(of)" }
        let name = target(of: aggregate.steps)?.fields[field].name ?? "?"
        switch aggregate.function {
        case .count: return "the number of \(of)"
        case .sum: return "the sum of \(name) of \(of)"
        case .average: return "the average \(name) of \(of)"
        case .minimum: return "the lowest \(name) of \(of)"
        case .maximum: return "the highest \(name) of \(of)"
        case .countDistinct: return "the number of different \(name) of \(of)"
        }
    }

    /// So many records of a collection, with what is asked of them.
    private func records(_ aggregate: Aggregate, _ number: String?) -> String? {
        let name = names(of: aggregate.steps).joined(separator: " of ")
        let what = (number.map { "\($0) " } ?? "") + name
        guard let filter = aggregate.filter else { return what }
        guard let words = words(of: filter) else { return nil }
        return "\(what) whose \(words)"
    }

    // Comparisons.

    private func compared(_ comparison: Comparison, _ left: Expression, _ right: Expression) -> String? {
        if case .aggregate(let aggregate) = left, aggregate.function == .count, case .literal(.integer(let number)) = right {
            return counted(comparison, aggregate, number)
        }
        if case .ageThreshold(.literal(.integer(let number)), let isAbove, let unit, _, _) = right {
            guard let subject = subject(left.agedValue) else { return nil }
            let word = comparison == .lessOrEqual ? (isAbove ? "more than" : "at least") : isAbove ? "at most" : "less than"
            return "\(subject) is \(word) \(amount(number, unit)) ago"
        }
        guard let subject = subject(left) else { return nil }
        if case .clock(let offset, let unit, _) = right { return compared(comparison, subject, offset, unit) }
        let isTime = left.type == .date || left.type == .datetime
        let other: String
        switch right {
        case .literal(let literal): other = shown(literal)
        // Its midnight: words of a whole day would not be true of the hours after it.
        case .midnight(.literal(let literal), _) where comparison == .less || comparison == .greaterOrEqual: other = shown(literal)
        default:
            guard !right.isRowlessText, let found = self.subject(right) else { return nil }
            other = found
        }
        switch comparison {
        case .equal: return "\(subject) is \(other)"
        case .notEqual: return "\(subject) is not \(other)"
        case .less: return "\(subject) is \(isTime ? "before" : "less than") \(other)"
        case .lessOrEqual: return "\(subject) is \(isTime ? "not after" : "at most") \(other)"
        case .greater: return "\(subject) is \(isTime ? "after" : "more than") \(other)"
        case .greaterOrEqual: return "\(subject) is \(isTime ? "on or after" : "at least") \(other)"
        }
    }

    private func counted(_ comparison: Comparison, _ aggregate: Aggregate, _ number: Int64) -> String? {
        switch comparison {
        case .greaterOrEqual: return records(aggregate, "at least \(number)")
        case .greater: return records(aggregate, "more than \(number)")
        case .lessOrEqual: return records(aggregate, "at most \(number)")
        case .less: return records(aggregate, number == 1 ? "no" : "fewer than \(number)")
        case .equal: return records(aggregate, number == 0 ? "no" : "exactly \(number)")
        case .notEqual: return number == 0 ? records(aggregate, "some") : nil
        }
    }

    private func compared(_ comparison: Comparison, _ subject: String, _ offset: Int64, _ unit: CalendarUnit) -> String? {
        if offset == 0 {
            switch comparison {
            case .less, .lessOrEqual: return "\(subject) has passed"
            case .greater, .greaterOrEqual: return "\(subject) is still to come"
            case .equal, .notEqual: return nil
            }
        }
        let amount = amount(Int64(clamping: offset.magnitude), unit)
        let isPast = offset < 0
        let bound: String
        switch comparison {
        case .greaterOrEqual: bound = isPast ? "at most" : "at least"
        case .greater: bound = isPast ? "less than" : "more than"
        case .lessOrEqual: bound = isPast ? "at least" : "at most"
        case .less: bound = isPast ? "more than" : "less than"
        case .equal, .notEqual: return nil
        }
        return "\(subject) is \(bound) \(amount) \(isPast ? "ago" : "ahead")"
    }

    private func amount(_ number: Int64, _ unit: CalendarUnit) -> String {
        let word = "\(unit)"
        return number == 1 ? "1 \(word.dropLast())" : "\(number) \(word)"
    }

    private func list(_ items: [Expression]) -> String? {
        var all: [String] = []
        for item in items {
            guard case .literal(let literal) = item else { return nil }
            all.append(shown(literal))
        }
        guard all.count > 1 else { return all.first }
        return all.dropLast().joined(separator: ", ") + " or " + all[all.count - 1]
    }

    private func shown(_ literal: Literal) -> String {
        switch literal {
        case .string(let text): return text.isEmpty ? "''" : text
        case .boolean(let truth): return truth ? "true" : "false"
        case .integer(let number): return "\(number)"
        case .double(let number): return DoubleText.text(of: number)
        case .date(let day): return CivilDate.text(of: day)
        case .instant(let instant): return InstantText.text(of: instant)
        case .null: return "nothing"
        }
    }
}

extension Expression {
    /// Whether it is made of the clock and constants in a way that has no words.
    fileprivate var isRowlessText: Bool {
        switch self {
        case .field, .carried, .aggregate: false
        default: true
        }
    }
}
