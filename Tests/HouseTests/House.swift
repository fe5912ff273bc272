// The files of the package as text, for tests of the house itself.
import Foundation

/// One text file of the package.
struct HouseFile {
    /// From the root of the package.
    var path: String
    var text: String

    /// The same lines, with nothing in them but what is written for people: of code the comments, of a page or a script all of it.
    var prose: String {
        guard isCode else { return text }
        return SourceText(path: path, text: text).comments.map { String($0.drop { $0 == "/" || $0 == " " }) }.joined(separator: "\n")
    }

    var isCode: Bool { [".swift", ".c", ".cpp", ".h"].contains(where: path.hasSuffix) }
}

enum House {
    static let root = "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    static let pages = "Sources/audienced/audienced.docc"

    /// The paths of all files, from the root; what the fuzzer keeps is nobody's text.
    static let paths: [String] =
        ["README.md", "Package.swift"]
        + ["Sources", "Tests", "Config", "systemd", ".github", ".ci"].flatMap { folder in
            (FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.compactMap { $0 as? String } ?? []).map { "\(folder)/\($0)" }
        }
        .filter { !$0.hasPrefix("Tests/Fuzz/corpus/") && !$0.contains("__pycache__") }.sorted()

    /// The files that people write prose in.
    static func files() throws -> [HouseFile] {
        let endings = [".swift", ".c", ".cpp", ".h", ".py", ".md", ".yaml", ".sh"]
        return try paths.filter { path in endings.contains(where: path.hasSuffix) }.map(file)
    }

    static func file(_ path: String) throws -> HouseFile {
        HouseFile(path: path, text: try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8))
    }
}
