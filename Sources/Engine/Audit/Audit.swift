// The audit of what the engine keeps: one thing after the other (a row of a condition, a group of a ranking, the record of a choice, what
// an accumulator holds for a row, …) is decided anew from what lies beneath it, by a plain computation, and compared with what is kept.
// What lies beneath is looked at in its turn, down to the rows; so where every look is right, everything is. Nothing is changed by it:
// what is wrong is put right by a repair (Audiences/Repair.swift), which the daemon asks for (CommitLoop+Audit.swift).
//
// A look is bounded: where more rows than a few thousand decide, it is passed over, and counted. No look depends on an earlier one, so any
// number of commits may lie between two.

/// Something that is kept and is not what lies beneath it gives.
public struct Drift: Equatable, Sendable {
    /// What kind of thing it is.
    public let kind: KeptKind
    /// The table or audience that it is about.
    public let subject: String
}

/// How much an audit has looked at.
public struct AuditCounts: Equatable, Sendable {
    /// Rows, groups, records and the like that were decided anew.
    public internal(set) var decisions = 0
    /// Those that too many rows decide, or that changed while they were added up.
    public internal(set) var passedOver = 0
    /// Conditions, links, operators and the like of which every place was looked at.
    public internal(set) var parts = 0

    public init() {}

    /// Adds what was done elsewhere.
    public mutating func add(_ more: AuditCounts) {
        decisions += more.decisions
        passedOver += more.passedOver
        parts += more.parts
    }
}

/// What a look has found.
enum Verdict {
    /// There is nothing, and there should be nothing.
    case nothing
    case right, wrong
    /// Too many rows decide.
    case tooMuch

    init(_ isRight: Bool) {
        self = isRight ? .right : .wrong
    }
}

/// How many rows one look may visit.
enum AuditBounds {
    static let rows = 2_000
    /// Members are written out.
    static let members = 500
    /// Rows of which nothing is evaluated.
    static let scanned = 20_000
}

extension Engine {
    /// An audit of all that is kept now, from its beginning.
    public func beginAudit() -> AuditWalk { AuditWalk(of: auditParts()) }

    /// Goes on with an audit, until that many rows were visited or something is wrong. While changes wait for their commit nothing is
    /// looked at: until then it need not be right.
    public mutating func audit(_ walk: inout AuditWalk, visiting most: Int) -> Drift? {
        guard !hasChanges, pending.gathering.isEmpty else { return nil }
        // What nodes were found to be before is no evidence.
        plan.found.noteWrite()
        let counted = statistics
        defer { statistics = counted }
        var visited = 0
        while visited < most, !walk.isThrough {
            let (part, place) = walk.current
            visited += 1
            guard place < placeCount(of: part) else {
                walk.scan = nil
                walk.endPart()
                continue
            }
            if case .accumulator(let accumulator) = part {
                if isWrong(accumulator, block: place, &walk, visiting: most, &visited) {
                    return Drift(kind: part.kind, subject: subject(of: part))
                }
                continue
            }
            walk.advance()
            switch look(at: part, place, &visited) {
            case .nothing: break
            case .right: walk.count(part.kind)
            case .tooMuch: walk.counts.passedOver += 1
            case .wrong:
                walk.count(part.kind)
                return Drift(kind: part.kind, subject: subject(of: part))
            }
        }
        return nil
    }

    /// Goes on with a block of parents of an accumulator, which has its turn until it is through. Returns whether one is wrong.
    private mutating func isWrong(
        _ accumulator: Number<Accumulator>, block: Int, _ walk: inout AuditWalk, visiting most: Int, _ visited: inout Int
    ) -> Bool {
        var scan = walk.scan ?? beginScan(accumulator, block: block)
        walk.scan = nil
        guard let verdict = goOn(&scan, visiting: most, &visited) else {
            walk.scan = scan
            return false
        }
        walk.advance()
        walk.count(.accumulator, verdict.decided)
        walk.counts.passedOver += verdict.passedOver
        return verdict.isWrong
    }

    private mutating func look(at part: AuditPart, _ place: Int, _ visited: inout Int) -> Verdict {
        let row = RowNumber(place)
        return switch part {
        case .term(let term): look(atTerm: term)
        case .order(let table, let order): look(atOrder: order, of: table, row)
        case .link(let link): look(atLink: link, row)
        case .condition(let condition): look(atCondition: condition, row)
        case .accumulator: preconditionFailure("they are looked at in blocks")
        case .choice(let choice): look(atChoice: choice, row, &visited)
        case .ranking(let ranking): look(atRanking: ranking, row, &visited)
        case .pairs(let pairs): look(atPairs: pairs, row, &visited)
        case .waiting(let waiting): look(atWaiting: waiting, row, &visited)
        case .counter(let counter): look(atCounter: counter, row, &visited)
        case .gate(let gate): look(atGate: gate)
        case .members(let save): look(atMembers: save, row, &visited)
        case .rejected(let save): look(atRejected: save, &visited)
        case .channel(let channel): look(atChannel: channel, row, &visited)
        case .alerts(let campaign): look(atAlerts: campaign)
        case .size(let audience): look(atSize: audience, &visited)
        case .audienceTable(let audience): look(atAudienceTable: audience, row, &visited)
        }
    }
}
