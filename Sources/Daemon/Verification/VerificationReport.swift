// What `--verify` has to say: how much was evaluated anew and compared, and what came out otherwise.
import Campaigns
import Oracle

struct VerificationReport {
    /// Differences are shown up to this one.
    static let shownDifferences = 20

    /// How often everything was evaluated.
    var checks = 0
    /// Sums over all checks.
    var campaigns = 0
    var audiences = 0
    var members = 0
    var rows = 0
    /// The clock of the check that found differences.
    private(set) var foundAt: Int64?
    /// How many there are.
    private(set) var differenceCount = 0
    /// The first of them, a line each.
    private(set) var differences: [String] = []

    var hasDifferences: Bool { differenceCount > 0 }

    mutating func add(_ difference: String, at clock: Int64) {
        foundAt = clock
        differenceCount += 1
        if differences.count < VerificationReport.shownDifferences { differences.append(difference) }
    }

    /// What is said at the end.
    var summary: String {
        let checked = """
            \(checks) \(checks == 1 ? "check" : "checks"): \(campaigns) campaigns evaluated anew on \(rows) rows, \
            \(members) members of \(audiences) audiences compared
            """
        guard let foundAt else { return "verify: no difference in \(checked)" }
        let rest = differenceCount - differences.count
        let heading =
            "verify: \(differenceCount) \(differenceCount == 1 ? "difference" : "differences") at \(InstantText.text(of: foundAt))"
        return ([heading + ", in \(checked)"] + differences + (rest > 0 ? ["and \(rest) more"] : [])).joined(separator: "\n")
    }
}
