// What a condition will be on a row, from the clock on, if nothing is written: its truth now, and at each instant at which it becomes
// another. That of a graph of conditions is made of those of its parts, by three-valued logic.

/// From an instant on a condition has a truth.
struct CourseStep: BitwiseCopyable {
    var instant: Int64
    var truth: Truth
}

extension Engine {
    /// Steps of one condition on one row.
    private static let mostSteps = 64
    /// Parts of conditions that are looked at for one row; what several are made of counts each time.
    private static let mostParts = 256

    /// Begins a course on the stack, of what is never so; returns its place.
    mutating func beginCourse() -> Int {
        scratch.course.append(CourseStep(instant: clock, truth: .no))
        return scratch.course.count - 1
    }

    /// Makes the course at a place, the last on the stack, that of itself or a row's meeting a condition, which is looked at until an
    /// instant and stays as it is from then on. False when that is not foreseen.
    mutating func addToCourse(at base: Int, _ condition: Number<Condition>, on row: RowNumber, until end: Int64) -> Bool {
        let middle = scratch.course.count
        var parts = 0
        guard pushCourse(of: plan.conditions[condition].node, row, &parts) else { return false }
        while scratch.course.count > middle + 1, scratch.course[scratch.course.count - 1].instant >= end {
            scratch.course.truncate(to: scratch.course.count - 1)
        }
        return join(base, middle, isAll: false)
    }

    /// Takes the course at a place from the stack. The first instant at which it is not so; `.max`: it stays.
    mutating func endCourse(at base: Int) -> Int64 {
        defer { scratch.course.truncate(to: base) }
        for place in base..<scratch.course.count where scratch.course[place].truth != .yes { return scratch.course[place].instant }
        return .max
    }

    /// Puts the steps of a node on the stack, at least one. False when they are not foreseen, or too many.
    private mutating func pushCourse(of number: NodeNumber, _ row: RowNumber, _ parts: inout Int) -> Bool {
        if motion(of: number) == .still {
            scratch.texts.reset()
            let truth = truth(number, row)
            scratch.course.append(CourseStep(instant: clock, truth: truth))
            return true
        }
        parts += 1
        guard motion(of: number) == .foreseen, parts <= Engine.mostParts else { return false }
        let node = plan.nodes[number]
        switch node.operation {
        case .and: return pushAll(node, row, &parts, neutral: .yes) { _, truth in truth }
        case .or: return pushAll(node, row, &parts, neutral: .no) { _, truth in truth }
        case .except:
            return pushAll(node, row, &parts, neutral: .yes) { isFirst, truth in (truth == .yes) == isFirst ? .yes : .no }
        case .not:
            let base = scratch.course.count
            guard pushCourse(of: node.left, row, &parts) else { return false }
            change(from: base) { $0 == .unknown ? .unknown : $0 == .yes ? .no : .yes }
            return true
        case .member:
            let base = scratch.course.count
            guard pushCourse(of: plan.conditions[node.condition].node, row, &parts) else { return false }
            change(from: base) { $0 == .yes ? .yes : .no }
            return true
        case .follow:
            guard let record = tables.record(behind: node.link, row) else {
                scratch.course.append(CourseStep(instant: clock, truth: .unknown))
                return true
            }
            return pushCourse(of: node.behind, record, &parts)
        case .compare: return pushCompare(node, row)
        default: preconditionFailure("no other is foreseen")
        }
    }

    /// A value beside a term.
    private mutating func pushCompare(_ node: Node, _ row: RowNumber) -> Bool {
        scratch.texts.reset()
        let value = value(node.left, row)
        let term = plan.nodes[node.right].term
        guard let key = value.sortKey else {
            scratch.course.append(CourseStep(instant: clock, truth: .unknown))
            return true
        }
        let base = scratch.termSteps.count
        defer { scratch.termSteps.truncate(to: base) }
        guard value.kind == plan.terms[term].value.kind, pushSteps(of: term, beside: key) else { return false }
        for place in base..<scratch.termSteps.count {
            let step = scratch.termSteps[place]
            append(CourseStep(instant: step.instant, truth: node.comparison.holds(step.order) ? .yes : .no), from: place == base)
        }
        return true
    }

    /// The parts of a node, all of which must be so (neutral `yes`), or one (`no`), each as it is seen from there.
    private mutating func pushAll(
        _ node: Node, _ row: RowNumber, _ parts: inout Int, neutral: Truth, _ seen: (_ isFirst: Bool, Truth) -> Truth
    ) -> Bool {
        let base = scratch.course.count
        scratch.course.append(CourseStep(instant: clock, truth: neutral))
        for place in node.operandPlaces {
            let middle = scratch.course.count
            guard pushCourse(of: plan.nodes.operand(place), row, &parts) else { return false }
            change(from: middle) { seen(place == node.firstOperand, $0) }
            guard join(base, middle, isAll: neutral == .yes) else { return false }
        }
        return true
    }

    private mutating func change(from base: Int, _ change: (Truth) -> Truth) {
        for place in base..<scratch.course.count { scratch.course[place].truth = change(scratch.course[place].truth) }
    }

    /// Makes one course of two that lie on the stack one behind the other. False when it has too many steps.
    private mutating func join(_ base: Int, _ middle: Int, isAll: Bool) -> Bool {
        let end = scratch.course.count
        // Most have one step.
        if middle - base == 1, scratch.course[base].truth == (isAll ? .yes : .no) {
            for place in middle..<end { scratch.course[base + place - middle] = scratch.course[place] }
            scratch.course.truncate(to: base + end - middle)
            return true
        }
        var (left, right) = (base, middle)
        var instant = scratch.course[base].instant
        while true {
            while left + 1 < middle, scratch.course[left + 1].instant <= instant { left += 1 }
            while right + 1 < end, scratch.course[right + 1].instant <= instant { right += 1 }
            let truth = joined(scratch.course[left].truth, scratch.course[right].truth, isAll: isAll)
            append(CourseStep(instant: instant, truth: truth), from: scratch.course.count == end)
            let next = min(
                left + 1 < middle ? scratch.course[left + 1].instant : .max, right + 1 < end ? scratch.course[right + 1].instant : .max)
            if next == .max { break }
            instant = next
        }
        let count = scratch.course.count - end
        for place in 0..<count { scratch.course[base + place] = scratch.course[end + place] }
        scratch.course.truncate(to: base + count)
        return count <= Engine.mostSteps
    }

    private func joined(_ a: Truth, _ b: Truth, isAll: Bool) -> Truth {
        let strong: Truth = isAll ? .no : .yes
        if a == strong || b == strong { return strong }
        return a == .unknown || b == .unknown ? .unknown : isAll ? .yes : .no
    }

    /// A step, unless the one before is the same; `isFirst`: there is none before.
    private mutating func append(_ step: CourseStep, from isFirst: Bool) {
        if isFirst || scratch.course[scratch.course.count - 1].truth != step.truth { scratch.course.append(step) }
    }
}
