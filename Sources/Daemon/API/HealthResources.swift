// What machines look at: is it alive, is it ready, and how does it go. None of it asks the engine or Kafka.
import Campaigns
import HTTP

extension Resources {
    /// The routes outside of the API.
    var health: [Route] {
        [
            Route(
                .get, "/livez", name: "livez", summary: "Whether the process works.", role: nil, answers: ["text/plain"]
            ) { _, responder in
                let isAlive = metrics.health.isAlive
                responder.answer(Response(status: isAlive ? 200 : 503, text: isAlive ? "alive\n" : "the loop gives no sign of life\n"))
            },
            Route(
                .get, "/readyz", name: "readyz", summary: "Whether commits are made, and else why not.", role: nil,
                query: [QueryParameter("verbose", .choice([""]), "Every check, with what to do.")],
                answers: ["text/plain", "application/json"]
            ) { request, responder in
                let report = metrics.health.report()
                let status = report.isReady ? 200 : 503
                if request.wantedType == "application/json" {
                    return responder.answer(
                        Response(status: status, headers: ["Content-Type": "application/json"], body: .bytes(report.json)))
                }
                responder.answer(Response(status: status, text: report.text(isVerbose: request.query.text("verbose") != nil)))
            },
            Route(
                .get, "/metrics", name: "metrics", summary: "Figures for Prometheus.", role: nil,
                answers: ["text/plain", "application/openmetrics-text"]
            ) { request, responder in
                let format = MetricsFormat(accept: request.headers["Accept"])
                responder.answer(Response(headers: ["Content-Type": format.contentType], body: .bytes(metrics.text(format))))
            },
        ]
    }

    /// The names of the routes that publish.
    var publishingRoutes: Set<String> { Set(changes.filter { $0.role == .publish }.map(\.name)) }

    /// A request was answered: it is counted, and a change, by a route that publishes, has a line of its own.
    func noteAnswer(_ answer: AnsweredRequest, publishing: Set<String>) {
        metrics.requests.answered(route: answer.route ?? "none", method: answer.method, code: answer.status, in: answer.duration)
        if let token = answer.asker?.token { tokens.note(token, at: wallMilliseconds()) }
        // Of others the path may hold somebody's identity.
        guard let route = answer.route, publishing.contains(route) else { return }
        // Without its query, which may hold somebody's identity.
        let path = answer.target.prefix { $0 != "?" }
        Log.information(
            .httpChange, "somebody asked for a change",
            [
                "route": route, "method": answer.method, "path": String(path), "code": String(answer.status),
                "token": answer.asker?.token ?? "", "remote": answer.asker?.peer ?? "", "request": answer.instance ?? "",
            ])
    }
}
