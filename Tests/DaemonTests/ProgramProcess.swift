// Goal: tests that need the whole program. Method: the one that was built beside the tests, as a child process.

import Glibc

/// A running `audienced`.
struct ProgramProcess {
    let number: pid_t

    /// Standard input and output are `output`; standard error too when `errors` says nothing else.
    init(_ arguments: [String], output: Int32, errors: Int32? = nil, environment: [String: String]) {
        let program = Self.realPath("/proc/self/exe").split(separator: "/").dropLast().reduce("") { "\($0)/\($1)" } + "/audienced"
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, output, STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors ?? output, STDERR_FILENO)
        var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        var number: pid_t = -1
        let code = posix_spawn(&number, program, &actions, nil, &words, &variables)
        precondition(code == 0, "\(program): \(String(cString: strerror(code)))")
        for text in words + variables { free(text) }
        posix_spawn_file_actions_destroy(&actions)
        self.number = number
    }

    /// Waits for its end: the exit code, negative when a signal ended it.
    func end() -> Int32 {
        var status: Int32 = 0
        while waitpid(number, &status, 0) < 0 && errno == EINTR {}
        return status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    }

    private static func realPath(_ path: String) -> String {
        guard let found = realpath(path, nil) else { return "" }
        defer { free(found) }
        return String(cString: found)
    }
}
