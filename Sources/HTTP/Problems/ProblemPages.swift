// The pages that `type` of a problem leads to: plain text, for who has just been refused.

enum ProblemPages {
    static let path = "/problems/"

    /// One row for all of them, and one for their list; every server has them.
    static let routes = [
        Route(
            .get, "/problems/{code}", name: "problem", summary: "What a code of a problem means, and what to do about it.", role: nil,
            answers: [MediaType.text]
        ) { request, responder in
            guard let code = ProblemCode(rawValue: request.parameters["code"] ?? "") else {
                let hint = didYouMean(request.parameters["code"] ?? "", among: ProblemCode.allCases.map(\.rawValue))
                return responder.answer(ProblemDocument(.notFound, "there is no such problem", hint: hint ?? "see /problems"))
            }
            responder.answer(Response(text: page(of: code)))
        },
        Route(.get, "/problems", name: "problems", summary: "All codes of problems.", role: nil, answers: [MediaType.text]) {
            _, responder in
            responder.answer(Response(text: ProblemCode.allCases.map { "\($0.status) \($0.rawValue): \($0.title)\n" }.joined()))
        },
    ]

    private static func page(of code: ProblemCode) -> String {
        let again = code.retryAfter.map { "\n\nTrying again after \($0) s is worth it; the header Retry-After says so." } ?? ""
        let more = code.manual.map { "\n\nThe manual has more: \($0)" } ?? ""
        return "\(code.title) (\(code.rawValue), status \(code.status))\n\n\(code.help)\(again)\(more)\n"
    }
}
