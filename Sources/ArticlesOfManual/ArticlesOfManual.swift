// Before a build in which an article has changed: the articles of the DocC catalogue as Swift texts, for the pages of the manual. So the
// catalogue is the one source of both; and a text is compiled at once, where the bytes of a resource take the compiler half a minute.
import Foundation
import PackagePlugin

@main
struct ArticlesOfManual: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let catalogue = context.package.directoryURL.appending(path: "Sources/audienced/audienced.docc")
        let found = FileManager.default.enumerator(at: catalogue, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        let articles = found.filter { $0.pathExtension == "md" }.sorted { $0.path < $1.path }
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedArticles.swift")
        let script = """
            out=$1 && shift
            {
              echo 'enum EmbeddedArticles {'
              echo '    static let texts: [(name: String, text: String)] = ['
              for article in "$@"; do
                printf '("%s", #####""\"\\n' "$(basename "$article" .md)"
                cat "$article"
                printf '\\n""\"#####),\\n'
              done
              echo '    ]'
              echo '}'
            } > "$out"
            """
        let paths = ([output] + articles).map { $0.path(percentEncoded: false) }
        return [
            .buildCommand(
                displayName: "Articles of the manual", executable: URL(filePath: "/bin/sh"), arguments: ["-c", script, "sh"] + paths,
                inputFiles: articles, outputFiles: [output])
        ]
    }
}
