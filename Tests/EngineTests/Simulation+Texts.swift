// How a history's disagreements are told, and in which order members are said.
import Oracle

extension Simulation {
    static func isBefore(_ a: [[UInt8]], _ b: [[UInt8]]) -> Bool {
        for (left, right) in zip(a, b) where left != right { return left.lexicographicallyPrecedes(right) }
        return false
    }

    static func text(_ found: [Identified: Member], _ expected: [Identified: Member]) -> String {
        let keys = Set(found.keys).union(expected.keys)
        return keys.filter { found[$0] != expected[$0] }.map { key in
            func text(_ member: Member?) -> String {
                member.map { "\($0.rows) rows \(String(decoding: $0.attributes, as: UTF8.self))" } ?? "out"
            }
            let identity = String(decoding: key.identity.prefix(20), as: UTF8.self)
            return "  \(key.namespace) '\(identity)': \(text(found[key])); should be \(text(expected[key]))"
        }.sorted().joined(separator: "\n")
    }
}
