// `audienced manual`: the page of the manual, made from the table of commands.

extension Command {
    static let manual = Command(
        name: "manual", purpose: "the page of the manual, for man",
        details: "Prints roff: write it to /usr/local/share/man/man1/audienced.1, or read it at once with man -l.",
        examples: ["audienced manual"],
        exitCodes: [(.done, "printed")]
    ) { _ in
        print(ManualPage(commands: Command.all).text, terminator: "")
        return .done
    }
}
