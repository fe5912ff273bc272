// Goal: every command says what it understands and reads just that; the program names what an unknown word was meant to be (contract §6).
// Method: arguments in, answers, values or refusals out.

import Glibc
import Testing

@testable import Daemon

@Suite struct CommandTests {
    private let all = Command.all

    private func refusal(_ arguments: String, commit: String? = nil) -> String {
        let found = #expect(throws: CommandFailure.self) {
            let words = arguments.split(separator: " ").map(String.init)
            if try answer(words, commit: commit) != nil { return }
            _ = try Arguments(Array(words.dropFirst()), of: try #require(all.first { $0.name == words[0] }))
        }
        #expect(found?.code == .usage)
        return found?.message.split(separator: "\n").first.map(String.init) ?? ""
    }

    @Test func everyCommandHasHelp() throws {
        let overview = try answer(["--help"], commit: nil) ?? ""
        for command in all {
            let help = try #require(try answer([command.name, "--help"], commit: nil))
            let ways = [
                [command.name, "-h"], ["help", command.name], [command.name, "--nonsense", "--help"], [command.name, "x", "-h", "y"],
            ]
            for arguments in ways { #expect(try answer(arguments, commit: nil) == help, "\(arguments)") }
            #expect(help.hasPrefix("usage: audienced \(command.name)") && help.hasSuffix("\n") && !help.hasSuffix("\n\n"))
            for option in command.options { #expect(help.contains("\n  \(option.form)  "), "\(command.name) \(option.name)") }
            #expect(help.contains("\nexample:\n  audienced \(command.name)") && help.contains("\n  64  ") && help.contains("\n  70  "))
            #expect(help.split(separator: "\n").allSatisfy { $0.count <= 140 })
            #expect(overview.contains("  \(command.name)  "))
        }
        for arguments in [["-h"], ["help"], ["help", "--help"], ["help", "help"]] {
            #expect(try answer(arguments, commit: nil) == overview, "\(arguments)")
        }
    }

    @Test func whyTheDaemonEndsIsACodeAndALine() {
        let kinds: [(DaemonFailure.Kind, Int32)] = [(.configuration, 64), (.data, 65), (.unavailable, 69), (.fault, 70), (.successor, 75)]
        for (kind, code) in kinds { #expect(ExitCode(kind).rawValue == code) }
        #expect(DaemonFailure(.data, "topic t is gone").description == "topic t is gone")
        #expect(DaemonFailure(.data, "topic t is gone", hint: "make it").description == "topic t is gone; make it")
        #expect(DaemonFailure(.data, "topic t is gone", hint: "Make it.").description == "topic t is gone. Make it.")
    }

    /// An example that is refused would teach a mistake.
    @Test func examplesAreUnderstood() throws {
        for command in all {
            for example in command.examples {
                let words = example.split(separator: " ").map(String.init)
                #expect(words.prefix(2) == ["audienced", command.name])
                _ = try Arguments(Array(words.dropFirst(2)), of: command)
            }
        }
    }

    @Test func versionAndCommit() throws {
        let whole = try answer(["--version"], commit: "423a7fb") ?? ""
        #expect(whole.wholeMatch(of: /audienced [0-9]+\.[0-9]+\.[0-9]+ \(423a7fb\)\n/) != nil)
        #expect(try answer(["--version"], commit: nil)?.wholeMatch(of: /audienced [0-9]+\.[0-9]+\.[0-9]+\n/) != nil)
    }

    @Test func unknownWordsNameTheNearest() {
        let expected = [
            ("", "which command?"), ("reply", "unknown command 'reply' — did you mean replay?"),
            ("RUN", "unknown command 'RUN' — did you mean run?"),
            ("valid", "unknown command 'valid' — did you mean validate?"), ("xyzzy", "unknown command 'xyzzy'"),
            ("--verson", "unknown option '--verson' — did you mean --version?"),
            ("help replya", "unknown command 'replya' — did you mean replay?"),
            ("replay --intput x", "unknown option --intput — did you mean --input?"),
            ("replay --input=x", "unknown option --input=x — write --input x"),
            ("replay --snapshot", "unknown option --snapshot — did you mean --snapshots?"),
            ("replay --nonsense", "unknown option --nonsense"),
            ("replay x", "'x' belongs to no option"), ("replay --input", "--input needs a value"),
            ("replay --input --output x", "--input needs a value"),
            ("replay --input x", "--output is required"), ("replay --input x --input y", "--input is given twice"),
            ("run", "--config is required"),
            ("run -config x", "unknown option -config — did you mean --config?"), ("validate --schemas", "--schemas needs a value"),
            ("demo x", "'x' belongs to no option"),
        ]
        for (arguments, message) in expected { #expect(refusal(arguments) == message, "\(arguments)") }
    }

    @Test func listsFlagsAndOperands() throws {
        let read = try Arguments(["a", "--schemas", "b", "c", "--json", "d"], of: .validate)
        #expect(read.operands == ["a", "d"] && read.lists == ["--schemas": ["b", "c"]] && read.flags == ["--json"])
        #expect(try Arguments(["--config", "x"], of: .run).required("--config") == "x")
    }

    /// What was asked for goes to standard output with 0; a refusal goes beside it with 64.
    @Test func theProgramAnswersWhereItShould() throws {
        let folder = TemporaryFolder()
        try folder.write("empty.yaml", "")
        func run(_ arguments: String) throws -> (code: Int32, output: String, errors: String) {
            let files = ["out", "err"].map { open("\(folder.path)/\($0)", O_RDWR | O_CREAT | O_TRUNC, 0o600) }
            defer { for file in files { close(file) } }
            let process = ProgramProcess(
                arguments.split(separator: " ").map(String.init), output: files[0], errors: files[1], environment: [:])
            return (process.end(), try folder.read("out"), try folder.read("err"))
        }
        for arguments in ["--help", "--version", "help replay", "run --help", "demo -h", "replay --help", "validate --help"] {
            let found = try run(arguments)
            #expect(found.code == 0 && !found.output.isEmpty && found.errors.isEmpty, "\(arguments)")
        }
        #expect(try run("--version").output.hasPrefix("audienced "))
        let folderThatIsAFile = "kafka: {bootstrap.servers: '127.0.0.1:1'}\ndata: \(folder.path)/empty.yaml\n"
        try folder.write("file.yaml", folderThatIsAFile)
        let refused = [
            "", "replya", "run", "run --config \(folder.path)/empty.yaml", "run --config \(folder.path)/file.yaml",
            "replay --input \(folder.path) --output \(folder.path)/out/x",
        ]
        for arguments in refused {
            let found = try run(arguments)
            #expect(found.code == 64 && found.output.isEmpty && found.errors.hasPrefix("audienced: "), "\(arguments)")
        }
    }
}
