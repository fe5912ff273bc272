// What is accepted but hardly meant (contract §2): "a comparison with the literal NULL, an enum literal that is not a value, an empty
// BETWEEN, […] and `!=`, `NOT IN` or NOT on a nullable field whose nulls nothing handles with IS NULL".

extension Checker {
    /// Something that may be the opposite of what is read in it. `isWritten`: the opposite is not in the expression yet.
    mutating func negated(_ isNegated: Bool, _ word: String?, isWritten: Bool = true, _ check: (inout Checker) -> Expression) -> Expression
    {
        let mark = nulls.mark
        let found = check(&self)
        if isNegated, let word { nulls.negate(since: mark, word) }
        return isNegated && isWritten ? .not(found) : found
    }

    /// Something that is known for a null too.
    mutating func nullTested<Found>(_ check: (inout Checker) -> Found) -> Found {
        let mark = nulls.mark
        defer { nulls.handle(since: mark) }
        return check(&self)
    }

    /// Something whose null is the same as any other value that does not fit.
    mutating func withoutReads<Found>(_ check: (inout Checker) -> Found) -> Found {
        let mark = nulls.mark
        defer { nulls.forget(since: mark) }
        return check(&self)
    }

    // MARK: Comparisons

    mutating func warn(about comparison: Comparison, _ a: Operand, _ b: Operand, since mark: Int) {
        let isNull = [a, b].map { $0.value == .literal(.null) }
        if isNull.contains(true) {
            let other = isNull[0] ? b : a
            let state = comparison == .equal ? "IS NULL" : "IS NOT NULL"
            warnings.add("a comparison with NULL is never true", hint: "\(other.written) \(state)")
            nulls.forget(since: mark)
            return
        }
        if let left = a.value, let right = b.value { warn(aboutEnum: left, right) }
    }

    mutating func warn(aboutItem item: Operand, of value: Operand, isNegated: Bool, since mark: Int) {
        if item.value == .literal(.null) {
            let message = isNegated ? "NOT IN is never true when NULL is in the list" : "NULL in a list finds nothing"
            warnings.add(
                message,
                hint: isNegated
                    ? "leave it out, and add AND \(value.written) IS NOT NULL" : "leave it out, and add OR \(value.written) IS NULL")
            nulls.forget(since: mark)
        } else if let left = value.value, let right = item.value {
            warn(aboutEnum: left, right)
        }
    }

    mutating func warn(aboutBetween value: Operand, _ low: Operand, _ high: Operand, since mark: Int) {
        for side in [value, low, high] where side.value == .literal(.null) {
            let isValue = side.value == value.value
            let hint = isValue ? "BETWEEN stands behind a value" : "compare with one side: \(value.written) >= … or \(value.written) <= …"
            warnings.add("a comparison with NULL is never true", hint: hint)
            nulls.forget(since: mark)
            return
        }
        guard let left = value.value, let least = low.value, let most = high.value else { return }
        warn(aboutEnum: left, least)
        warn(aboutEnum: left, most)
        if Self.isAbove(least, most) {
            warnings.add(
                "BETWEEN is never true when the first value is above the second", hint: "BETWEEN \(high.written) AND \(low.written)")
        }
    }

    /// Whether two values that are written out, or two places in time beside the clock, leave nothing between them.
    private static func isAbove(_ low: Expression, _ high: Expression) -> Bool {
        switch (low, high) {
        case (.literal(.integer(let a)), .literal(.integer(let b))): a > b
        case (.literal(.double(let a)), .literal(.double(let b))): a > b
        case (.literal(.integer(let a)), .literal(.double(let b))): Double(a) > b
        case (.literal(.double(let a)), .literal(.integer(let b))): a > Double(b)
        case (.literal(.string(let a)), .literal(.string(let b))): b.utf8.lexicographicallyPrecedes(a.utf8)
        case (.literal(.date(let a)), .literal(.date(let b))): a > b
        case (.literal(.instant(let a)), .literal(.instant(let b))): a > b
        case (.literal(.boolean(let a)), .literal(.boolean(let b))): a && !b
        case (.clock(let a, let unit, _), .clock(let b, let other, _)): unit == other ? a > b : a >= 0 && b <= 0 && a != b
        default: false
        }
    }

    /// A text beside a field that has a list of values.
    mutating func warn(aboutEnum a: Expression, _ b: Expression) {
        switch (a, b) {
        case (.field(let path), .literal(.string(let value))), (.literal(.string(let value)), .field(let path)):
            guard !warnings.isFull, let field = catalog.schema(named: path.schema)?.fields[path.field], field.type == .enum else { return }
            if enumValues[path] == nil { enumValues[path] = Set(field.values) }
            if enumValues[path]?.contains(value) == true { return }
            warnings.add("\(quoted(value)) is not a value of \(field.name)", hint: NearestName.hint(for: value, among: field.values))
        default: return
        }
    }
}

extension Checker.Operand {
    /// As hints show it.
    var written: String {
        switch syntax {
        case .path(let names): Syntax.written(names)
        case .literal(.integer(let number)): "\(number)"
        case .literal(.double(let number)): DoubleText.text(of: number)
        case .negative(.literal(.integer(let number))): "-\(number)"
        case .negative(.literal(.double(let number))): "-\(DoubleText.text(of: number))"
        case .literal(.string(let text)): "'\(text.cut(toBytes: 80).replacing("'", with: "''"))'"
        case .literal(.date(let day)): "DATE '\(CivilDate.text(of: day))'"
        case .literal(.instant(let instant)): "DATETIME '\(InstantText.text(of: instant))'"
        case .literal(.boolean(let value)): value ? "TRUE" : "FALSE"
        case .call(let name, let arguments) where arguments.isEmpty: "\(name)()"
        case .call(let name, let arguments):
            if case .literal(.integer(let number)) = arguments[0], arguments.count == 1 { "\(name)(\(number))" } else { "\(name)(…)" }
        default: "…"
        }
    }
}
