// What every answer tells browsers: take it for what it says it is, tell nobody, show it on no other page, keep nothing.

enum SecurityHeaders {
    private static let all = [
        ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"), ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ]

    /// Of pages: scripts and styles from here and nowhere else, in no frame.
    private static let pages =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
        + " base-uri 'none'; frame-ancestors 'none'"

    /// Adds those that the answer does not decide itself.
    static func add(to headers: inout Headers) {
        for (name, value) in all where headers[name] == nil { headers.add(name, value) }
        let isPage = headers["Content-Type"].map { MediaType.essence(of: $0) == MediaType.page } ?? false
        if isPage, headers["Content-Security-Policy"] == nil { headers.add("Content-Security-Policy", pages) }
    }
}
