// What is counted of requests: whoever answers them tells it. Routes are names of resources, such as audiences/{id}; a route, method or
// kind that is none of ours is counted as "other", so that what strangers send makes no series.
import Synchronization

/// Any thread may tell.
package final class RequestMetrics: Sendable {
    /// What a connection is there for.
    package enum Connection: String, CaseIterable, Sendable {
        /// Questions and their answers.
        case request
        /// Server-sent events.
        case stream
    }

    /// What the engine is asked.
    package enum Question: String, CaseIterable, Sendable {
        case members, explain, rows, transitions, plan, validation, past
    }

    private static let methods: Set = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
    private static let mostRoutes = 100
    private static let other = "other"

    struct Counts: Sendable {
        fileprivate struct Kind: Hashable {
            var route: String
            var method: String
            var code: Int
        }

        fileprivate var requests: [Kind: Int] = [:]
        fileprivate var durations: [String: Histogram] = [:]
        fileprivate var connections = [Int](repeating: 0, count: Connection.allCases.count)
        fileprivate var questions = [Double](repeating: 0, count: Question.allCases.count)
    }

    private let counts = Mutex(Counts())

    var snapshot: Counts { counts.withLock { $0 } }

    /// A request was answered. `route`: the resource's name, with the names of its variables in the place of their values.
    package func answered(route: String, method: String, code: Int, in duration: Duration) {
        counts.withLock { counts in
            let isKnown = counts.durations[route] != nil || counts.durations.count < Self.mostRoutes
            let route = isKnown ? route : Self.other
            let method = Self.methods.contains(method) ? method : Self.other
            let code = (100...599).contains(code) ? code : 0
            counts.requests[Counts.Kind(route: route, method: method, code: code), default: 0] += 1
            counts.durations[route, default: Histogram(Histogram.durations)].observe(seconds: duration / .seconds(1))
        }
    }

    /// A connection became one of a kind, or is none any more.
    package func connection(_ kind: Connection, isOpen: Bool) {
        counts.withLock { counts in
            for (place, each) in Connection.allCases.enumerated() where each == kind { counts.connections[place] += isOpen ? 1 : -1 }
        }
    }

    /// A question took so much of the engine's time.
    package func asked(_ question: Question, for duration: Duration) {
        counts.withLock { counts in
            for (place, each) in Question.allCases.enumerated() where each == question {
                counts.questions[place] += duration / .seconds(1)
            }
        }
    }
}

extension RequestMetrics.Counts {
    func write(into text: inout MetricsText) {
        let requests = requests.sorted { a, b in
            (a.key.route, a.key.method, a.key.code) < (b.key.route, b.key.method, b.key.code)
        }
        text.write(.httpRequests) {
            for (kind, count) in requests { $0.sample([kind.route, kind.method, String(kind.code)], count) }
        }
        text.write(.httpDuration) { for (route, durations) in durations.sorted(by: { $0.key < $1.key }) { $0.sample([route], durations) } }
        text.write(.httpConnections) {
            for (kind, count) in zip(RequestMetrics.Connection.allCases, connections) { $0.sample([kind.rawValue], count) }
        }
        text.write(.querySeconds) {
            for (kind, seconds) in zip(RequestMetrics.Question.allCases, questions) { $0.sample([kind.rawValue], seconds) }
        }
    }
}
