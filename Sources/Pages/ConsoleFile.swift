// The files that pages need, in the program itself: a stylesheet, a script, an icon.

/// One file.
package struct ConsoleFile: Sendable {
    package let path: String
    package let type: String
    package let bytes: [UInt8]

    package static let all = [
        ConsoleFile(path: "/console.css", type: "text/css; charset=utf-8", bytes: PackageResources.console_css),
        ConsoleFile(path: "/console.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.console_js),
        ConsoleFile(path: "/console.svg", type: "image/svg+xml", bytes: PackageResources.console_svg),
    ]
}
