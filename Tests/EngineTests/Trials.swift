// How many random histories a test runs: `AUDIENCED_TRIALS` says how many everyCommitIsWhatEvaluatingFromScratchGives has, and the others
// have a share of them. By hand they have few, so that `swift test` is done soon; `.ci/run` asks for 12,000.
import Glibc

enum Trials {
    /// nil: by hand.
    static let asked = setting("AUDIENCED_TRIALS")

    /// A number that the environment says; nil when it says none.
    static func setting(_ name: String) -> Int? { getenv(name).flatMap { Int(String(cString: $0)) } }

    /// One of every so many, and at least as many as by hand.
    static func oneOf(_ share: Int, byHand: Int) -> Int { max(byHand, (asked ?? 0) / share) }
}
