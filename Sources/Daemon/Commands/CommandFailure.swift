// Why a command ends before it did what it is for.

/// Why a command ends early: the code, and text for people.
struct CommandFailure: Error {
    var code: ExitCode
    var message: String

    init(_ code: ExitCode, _ message: String) {
        self.code = code
        self.message = message
    }
}
