// How a combine is read.

extension ActivityReader {
    mutating func readCombine(_ item: ActivityItem) {
        let reader = item.reader
        let operation = reader.choice("operation", of: Combine.Operation.self)
        var inbounds = self.inbounds(item, atLeast: 2)
        movePrimary(reader, &inbounds)
        let hasComplement = reader.boolean("complement", default: false)
        if operation == .union, hasComplement {
            reader.problem("complement", "a union removes nothing", hint: "leave it out")
        }
        let sources = sourcesOfBy(reader)
        let hasMatch = checkMatch(reader, operation)
        let shapes = inbounds.compactMap(\.shape)
        var combine = Combine(
            id: item.name, operation: operation ?? .union, from: inbounds.map(\.transition), hasComplement: hasComplement)
        var shape: Shape?
        if inbounds.count >= 2, shapes.count == inbounds.count {
            if hasMatch { combine.matches = readMatch(reader, inbounds, shapes) }
            if let sources { combine.by = readBy(sources, reader, shapes) }
            let isByKey = sources == nil
            let areAlike = checkDimensions(of: inbounds, shapes, combine, isByKey: isByKey, reader)
            shape = areAlike ? combined(shapes, combine, reader) : nil
        }
        let outputs: [String: Shape?] =
            hasComplement ? [Transition.main: shape, Combine.complement: shape] : [Transition.main: shape]
        let compared = (sources?.count ?? 0) + combine.matches.reduce(0) { $0 + ($1?.count ?? 0) }
        count(parts: inbounds.count * ((shape?.columns.count ?? 0) + compared), of: item)
        add(item, outputs: outputs, operation.map { _ in .combine(combine) })
    }

    // MARK: What makes rows one

    /// The expressions of `by`; nil is by key.
    private func sourcesOfBy(_ reader: DefinitionReader) -> [String]? {
        switch reader.value("by") {
        case nil, .string("key")?: return nil
        case .array(let items)? where !items.isEmpty && items.allSatisfy({ $0.text != nil }): return items.compactMap(\.text)
        default:
            reader.problem("by", #"must be "key" or a list of expressions"#)
            return nil
        }
    }

    /// Of each inbound as many expressions; nil where one is wrong.
    private func readBy(_ sources: [String], _ reader: DefinitionReader, _ shapes: [Shape]) -> [[Expression]]? {
        var columns: [[Expression]] = []
        for (place, source) in sources.enumerated() where !problems.isFull {
            let path = reader.path(of: "by[\(place)]")
            var expressions: [Expression?] = []
            for (number, shape) in shapes.enumerated() {
                // What is wrong about rows like those before was told.
                let same = shapes[..<number].firstIndex { $0.dimension.name == shape.dimension.name && $0.columns == shape.columns }
                expressions.append(same.map { expressions[$0] } ?? expression(source, at: path, about: shape))
            }
            if let column = comparable(expressions, at: path) { columns.append(column) }
        }
        guard columns.count == sources.count else { return nil }
        return shapes.indices.map { inbound in columns.map { $0[inbound] } }
    }

    /// Whether there is one to read.
    private func checkMatch(_ reader: DefinitionReader, _ operation: Combine.Operation?) -> Bool {
        guard reader.has("match") else { return false }
        let members = reader.object("match")
        if !members.isEmpty, operation != .exclusion { reader.problem("match", "is for exclusion only") }
        return !members.isEmpty
    }

    /// `match`: for inbounds after the primary, pairs of expressions; those of one that is there twice are for both.
    private func readMatch(_ reader: DefinitionReader, _ inbounds: [Inbound], _ shapes: [Shape]) -> [[Combine.Match]?] {
        var matches = [[Combine.Match]?](repeating: nil, count: inbounds.count - 1)
        guard let match = reader.child("match") else { return matches }
        for member in reader.object("match") where !problems.isFull {
            let transition = Transition(member.name)
            let others = inbounds.indices.dropFirst().filter { inbounds[$0].transition == transition }
            guard let other = others.first else {
                let known = inbounds.dropFirst().map(\.transition.text)
                problems.addUnknown(reader.path(of: "match"), "inbound", member.name, known: known)
                continue
            }
            var pairs: [Combine.Match] = []
            for pair in match.children(member.name, atLeast: 1) where !problems.isFull {
                let mine = expression(pair.text("primary"), at: pair.path(of: "primary"), about: shapes[0])
                let theirs = expression(pair.text("other"), at: pair.path(of: "other"), about: shapes[other])
                pair.close()
                if let sides = comparable([mine, theirs], at: pair.path) { pairs.append(.init(primary: sides[0], other: sides[1])) }
            }
            for place in others { matches[place - 1] = pairs }
        }
        return matches
    }

    // MARK: What comes out

    /// Whether those inbounds have one dimension that must: all but those that `match` is for, by key; by columns where rows of any may
    /// come out (decision 40).
    private func checkDimensions(
        of inbounds: [Inbound], _ shapes: [Shape], _ combine: Combine, isByKey: Bool, _ reader: DefinitionReader
    ) -> Bool {
        let comesOfAny = combine.operation == .union || combine.operation == .intersection && combine.hasComplement
        guard isByKey || comesOfAny else { return true }
        let primary = shapes[0].dimension.name
        var areAlike = true
        for place in inbounds.indices.dropFirst() where combine.matches[place - 1] == nil && shapes[place].dimension.name != primary {
            areAlike = false
            reader.problem(
                "from",
                "\(quoted(inbounds[place].transition.text)) is of dimension \(shapes[place].dimension.name), "
                    + "\(quoted(inbounds[0].transition.text)) of \(primary)",
                hint: "change the dimension first" + (combine.operation == .exclusion ? ", or give `match`" : ""))
        }
        return areAlike
    }

    /// "Columns of one name have one type, else refused" (decision 39); of an exclusion the columns of the primary alone (decision 40).
    private func combined(_ shapes: [Shape], _ combine: Combine, _ reader: DefinitionReader) -> Shape {
        var result = shapes[0]
        for (place, shape) in shapes.enumerated() {
            result.reach(shape.levels)
            for expression in combine.by?[place] ?? [] { result.reach(expression.levels(carried: shape.levels)) }
            for pair in place > 0 ? combine.matches[place - 1] ?? [] : [] {
                result.reach(pair.primary.levels(carried: shapes[0].levels))
                result.reach(pair.other.levels(carried: shape.levels))
            }
            if combine.operation == .exclusion { continue }
            for (name, type) in shape.columns.sorted(by: { $0.key < $1.key }) {
                if let known = result.columns[name], known != type {
                    reader.problem("from", "column \(quoted(name)) is \(known) in one inbound and \(type) in another")
                }
                result.columns[name] = result.columns[name] ?? type
            }
        }
        // One of who is in and two of what is carried: a choice, among the inbounds; two where rows lead to the records.
        result.levels += 5
        return result
    }
}
