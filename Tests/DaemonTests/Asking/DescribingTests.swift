// Goal: completions and manual know every command and option, and the shells and man read them. Method: the texts are made; bash, zsh, fish
// and man look at them where they are installed.
import Glibc
import Testing

@testable import Daemon

@Suite struct DescribingTests {
    @Test(arguments: Shell.allCases) func completionsAreWhole(shell: Shell) {
        let text = shell.completions(of: Command.all)
        for command in Command.all {
            #expect(text.contains(command.name), "\(command.name)")
            for option in command.allOptions {
                let name = shell == .fish ? "-l \(option.name.dropFirst(2))" : option.name
                #expect(text.contains(name), "\(command.name) \(option.name)")
            }
        }
    }

    @Test func theManualIsWhole() {
        let text = ManualPage(commands: Command.all).text
        for command in Command.all {
            #expect(text.contains("\n.SS \(command.name)\n"))
            for option in command.allOptions {
                #expect(text.contains(option.name.replacing("-", with: "\\-")), "\(command.name) \(option.name)")
            }
        }
        #expect(text.utf8.allSatisfy { $0 < 128 })
    }

    @Test(arguments: Shell.allCases) func shellsReadThem(shell: Shell) throws {
        try expectQuiet(shell.rawValue + " -n", shell.completions(of: Command.all))
    }

    @Test func manReadsTheManual() throws {
        try expectQuiet("man --warnings -l", ManualPage(commands: Command.all).text)
    }

    @Test func bashCompletes() throws {
        let folder = TemporaryFolder()
        let script = Shell.bash.completions(of: Command.all)
        func complete(_ words: String...) throws -> String {
            let line = words.map(Shell.quoted).joined(separator: " ")
            try folder.write(
                "script", script + "COMP_WORDS=(audienced \(line)); COMP_CWORD=\(words.count); _audienced; echo ${COMPREPLY[@]}")
            return try output(of: "bash \(folder.path)/script 2>&1", in: folder).text
        }
        #expect(try complete("audience") == "audiences audience\n")
        #expect(try complete("export", "--format", "") == "ndjson csv\n")
        #expect(try complete("status", "--w") == "--watch\n")
        #expect(try complete("completions", "z") == "zsh\n")
        #expect(try complete("status", "--server", "h") == "\n")
    }

    // The programs.

    /// Whether a program says nothing of a file; true where there is no such program.
    private func expectQuiet(_ command: String, _ text: String) throws {
        let program = command.prefix { $0 != " " }
        let folder = TemporaryFolder()
        guard try output(of: "command -v \(program)", in: folder).code == 0 else { return }
        try folder.write("text", text)
        let found = try output(of: "LC_ALL=C.UTF-8 \(command) \(folder.path)/text 2>&1 >/dev/null", in: folder)
        #expect(found.code == 0 && found.text.isEmpty, "\(found.text)")
    }

    private func output(of command: String, in folder: TemporaryFolder) throws -> (code: Int32, text: String) {
        let code = system("(\(command)) > \(folder.path)/said")
        return (code, try folder.read("said"))
    }
}
