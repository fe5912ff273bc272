// What a client sends and what it wants back: `Content-Type` and `Accept`, as far as a choice depends on them.

enum MediaType {
    static let json = "application/json"
    static let lines = "application/x-ndjson"
    static let problem = "application/problem+json"
    static let text = "text/plain; charset=utf-8"
    static let page = "text/html"
    static let events = "text/event-stream"

    /// Without parameters, in lower case: `application/json` of `Application/JSON; charset=utf-8`.
    static func essence(of value: some StringProtocol) -> String {
        String(value.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }).lowercased()
    }

    /// The first of the offered types that the header likes best; nil when it wants none of them. No header wants anything.
    static func chosen(accept: [Substring], from offered: [String]) -> String? {
        guard !accept.isEmpty else { return offered.first }
        let ranges = accept.map { range -> (type: String, weight: Double) in
            let weight = range.split(separator: ";").dropFirst().lazy.map(\.trimmed).first { $0.lowercased().hasPrefix("q=") }
            return (essence(of: range), weight.map { Double($0.dropFirst(2)) ?? 0 } ?? 1)
        }
        var best: (type: String, weight: Double)?
        for type in offered {
            let wanted = essence(of: type)
            // The closest range decides: `text/html;q=0, */*` wants all but pages.
            let closest = [wanted, wanted.prefix { $0 != "/" } + "/*", "*/*"].lazy.compactMap { name in
                ranges.first { $0.type == name }
            }.first
            if let closest, closest.weight > best?.weight ?? 0 { best = (type, closest.weight) }
        }
        return best?.type
    }
}
