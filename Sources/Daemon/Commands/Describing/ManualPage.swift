// The page of the manual, made from the table of commands, in the macros of man(7).

struct ManualPage {
    let commands: [Command]

    var text: String {
        let parts: [[String]] = [
            [#".TH AUDIENCED 1 "" "audienced \#(Program.version)" "User Commands""#],
            section("NAME", [#"audienced \- keeps the saved audiences of campaigns correct while profiles, and time, change"#]),
            section("SYNOPSIS", [".B audienced", #".I COMMAND"#, "[OPTION...]"]),
            section("DESCRIPTION", paragraph(Self.description)), section("COMMANDS", commands.flatMap(described)),
            section("ENVIRONMENT", Self.environment.flatMap(item)), section("FILES", Self.files.flatMap(item)),
            section("EXIT STATUS", Self.codes.flatMap(item)),
        ]
        return parts.joined().map { $0 + "\n" }.joined()
    }

    private static let description = """
        One program: the daemon (run), what asks or changes a running one (status to delete), and what needs none (demo, replay,
        validate).
        """
    private static let environment = [
        ("AUDIENCED_SERVER", "the address of the daemon that commands ask, where --server does not say it"),
        ("AUDIENCED_TOKEN_FILE", "the file of the token, where --token-file does not say it"),
        ("NO_COLOR", "no colors when it is set, and not empty"),
        ("AUDIENCED_...", "in run: single values of the configuration, by the path of their keys"),
    ]
    private static let files = [
        ("/etc/audienced/audienced.yaml", "the configuration of the service"),
        ("/run/audienced/http.sock", "where commands look for the daemon when nothing else is said"),
    ]
    private static let codes = [
        ("0", "done"), ("1", "problems, or something was refused"), ("64", "usage or configuration"), ("65", "data, or a file"),
        ("69", "no broker in time, or no server"), ("70", "a fault of the program"), ("73", "the data directory is in use"),
        ("75", "another daemon has taken over"), ("77", "the token was refused"),
    ]

    private func section(_ title: String, _ lines: [String]) -> [String] { [".SH \(title)"] + lines }

    private func described(_ command: Command) -> [String] {
        let rows =
            command.operands.map { ($0.form, $0.oneLine) } + command.allOptions.map { ($0.form, $0.oneLine) }
        let codes = command.exitCodes.sorted { $0.code.rawValue < $1.code.rawValue }
            .map { "\($0.code.rawValue) (\($0.meaning))" }.joined(separator: "; ")
        return [".SS \(command.name)"] + paragraph(command.purpose + ".") + [
            ".PP", ".B \(escaped(command.words.joined(separator: " ")))", ".PP",
        ]
            + paragraph(command.details) + rows.flatMap(item) + [".PP", "Examples:", ".PP", ".nf"]
            + command.examples.map { "    " + escaped($0) } + [".fi", ".PP"] + paragraph("Exit codes: \(codes).")
    }

    private func item(_ name: String, _ text: String) -> [String] { [".TP", ".B \(escaped(name))"] + paragraph(text) }

    private func paragraph(_ text: String) -> [String] { text.split(separator: "\n").map { escaped(String($0)) } }

    /// What roff would read otherwise; what is no ASCII by its number.
    private func escaped(_ text: String) -> String {
        var escaped = text.hasPrefix(".") || text.hasPrefix("'") ? #"\&"# : ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += #"\e"#
            case "-": escaped += #"\-"#
            case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped += #"\[u\#(String(repeating: "0", count: max(0, 4 - digits.count)))\#(digits)]"#
            }
        }
        return escaped
    }
}
