// Finds the route of a request. Paths are compared piece by piece before they are decoded.

/// The routes by the number of their pieces, the most particular first.
struct Router: Sendable {
    /// The routes of one path.
    private struct Resource: Sendable {
        let pattern: PathPattern
        var routes: [Route]
    }

    enum Match {
        case found(Route, parameters: [String: String])
        /// The path is there, the method is not: `Allow`.
        case otherMethods(String)
        case unknownPath
        case malformed
    }

    private var resources: [Int: [Resource]] = [:]

    /// Traps when two routes are the same: the table is written in the program.
    init(_ routes: [Route]) {
        precondition(Set(routes.map(\.name)).count == routes.count, "two routes of one name")
        for route in routes {
            let pattern = route.pattern
            var places = resources[pattern.segments.count, default: []]
            if let place = places.firstIndex(where: { $0.pattern == pattern }) {
                precondition(!places[place].routes.contains { $0.method == route.method }, "\(route.method) \(route.path) is there twice")
                places[place].routes.append(route)
            } else {
                places.append(Resource(pattern: pattern, routes: [route]))
            }
            places.sort { $1.pattern.rank.lexicographicallyPrecedes($0.pattern.rank) }
            resources[pattern.segments.count] = places
        }
    }

    /// - Parameter method: as the client wrote it; HEAD is GET.
    func match(_ method: String, _ target: RequestTarget) -> Match {
        let pieces = target.segments
        guard pieces.allSatisfy({ Percent.decoded($0.utf8) != nil }) else { return .malformed }
        for resource in resources[pieces.count, default: []] {
            guard let values = resource.pattern.match(pieces) else { continue }
            let wanted = method == "HEAD" ? "GET" : method
            guard let route = resource.routes.first(where: { $0.method.rawValue == wanted }) else {
                return .otherMethods(Self.allowed(resource.routes))
            }
            // Names of the route's own pattern: those of another with the same pieces may be others.
            let decoded = values.map { Percent.decoded($0.utf8) ?? "" }
            return .found(route, parameters: Dictionary(uniqueKeysWithValues: zip(route.pattern.parameters, decoded)))
        }
        return .unknownPath
    }

    /// What `Allow` says.
    private static func allowed(_ routes: [Route]) -> String {
        let methods = Method.allCases.filter { method in routes.contains { $0.method == method } }
        return methods.flatMap { $0 == .get ? ["GET", "HEAD"] : [$0.rawValue] }.joined(separator: ", ")
    }

    /// For what concerns no path: `OPTIONS *`.
    static let everyMethod = (Method.allCases.map(\.rawValue) + ["HEAD"]).joined(separator: ", ")
}
