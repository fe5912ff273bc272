// Before each build: the commit that is checked out, as a Swift constant, for `audienced --version`. It is written only when it has
// changed, and only the executable's own module has it: a new commit recompiles two small files. Without git, or in a tree that is no
// clone, it is nil.
import Foundation
import PackagePlugin

@main
struct CommitOfBuild: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) -> [Command] {
        let folder = context.pluginWorkDirectoryURL.appending(path: "Generated")
        let script = """
            commit=$(git --git-dir="$1/.git" rev-parse --short=7 HEAD 2>/dev/null) || commit=
            line="let builtCommit: String? = ${commit:+\\"$commit\\"}"
            [ -n "$commit" ] || line="let builtCommit: String? = nil"
            mkdir -p "$2"
            [ "$(cat "$2/BuiltCommit.swift" 2>/dev/null)" = "$line" ] || printf '%s\\n' "$line" > "$2/BuiltCommit.swift"
            """
        return [
            .prebuildCommand(
                displayName: "Commit of the build", executable: URL(filePath: "/bin/sh"),
                arguments: [
                    "-c", script, "sh", context.package.directoryURL.path(percentEncoded: false), folder.path(percentEncoded: false),
                ],
                outputFilesDirectory: folder)
        ]
    }
}
