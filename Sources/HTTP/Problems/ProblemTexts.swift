// What the pages `/problems/<code>` say: a paragraph for who has just been refused.

extension ProblemCode {
    /// One row for each code; a test finds a forgotten one.
    static let helps: [ProblemCode: String] = [
        .requestMalformed: "It is no request of HTTP/1.1 as this server reads it; the detail says which part. Nothing was done.",
        .headersRepeated:
            """
        Host or Content-Length stands there twice, or Content-Length beside Transfer-Encoding. Two programs on the way could \
        read such a request differently, so it is refused and the connection closed. Send each once.
        """,
        .pathMalformed:
            """
        A piece of the path has an escape that is none (%zz), a zero byte, or is no UTF-8. Encode each piece by itself, a slash \
        in it as %2F, a percent sign as %25.
        """,
        .queryMalformed:
            """
        A name or a value has an escape that is none, a zero byte, or is no UTF-8. Write a percent sign as %25.
        """,
        .queryUnknown:
            """
        The resource has no parameter of that name. It is refused rather than ignored, since a filter that does not filter gives \
        a wrong answer. The hint names the parameters that are there; /api/v1/openapi.json describes them.
        """,
        .queryRepeated: "Which of the two is meant, nobody knows. Give it once.",
        .queryInvalid: "The hint says what fits. Nothing was done.",
        .bodyMalformed: "It is not the JSON that the resource takes; the detail says where and why.",
        .cursorInvalid:
            """
        A cursor is the `next` of an earlier answer, taken as it is, with the same filter. Ask without `after` to begin again.
        """,
        .tokenNeeded:
            """
        Send `Authorization: Bearer TOKEN`; in a browser any name with the token as password. What changes something needs a \
        token of role publish also on this machine: http.tokens of the configuration names their files.
        """,
        .tokenUnknown:
            """
        It is none of http.tokens, or was replaced. A file may end with one line feed, which is no part of it.
        """,
        .roleTooSmall:
            """
        observe sees counts and definitions, read also members and rows, publish also changes something. http.tokens gives the \
        roles.
        """,
        .originForeign:
            """
        A browser sent it on behalf of a page that is not this server's (Origin, Sec-Fetch-Site). Programs send neither header.
        """,
        .notFound: "The path, or what it names, is not there. /api/v1/openapi.json lists the paths.",
        .methodNotAllowed: "The header Allow names the methods that are.",
        .notAcceptable: "The header Accept excludes all types that the resource has; the hint names them.",
        .bodyTooSlow: "It has to be there 10 seconds after the head. Nothing was done; send it again, faster or in parts.",
        .versionDiffers:
            """
        If-Match or If-None-Match asks for a version that is not the present one. Read it again, and decide again.
        """,
        .sequenceNotReached:
            """
        `atLeast` asks for a commit that did not come within `wait`. Wait longer, or ask whether the daemon still commits: \
        /api/v1/status.
        """,
        .bodyTooLong: "1 MiB is the most, 10 MiB for definitions. Split it.",
        .targetTooLong: "Path and query have 8 KiB together.",
        .contentTypeUnknown:
            """
        What changes something needs `Content-Type: application/json`, or application/x-ndjson where several definitions may \
        come, also where the body is empty: a form of a foreign page cannot send that.
        """,
        .rangeBeyondEnd: "Content-Range names the length of the file.",
        .hostForeign:
            """
        The header Host names neither this machine's loopback, nor the address that is listened on, nor one of http.hosts. So a \
        foreign name that leads here (DNS rebinding) reads nothing. Behind a proxy, add the public name to http.hosts.
        """,
        .definitionInvalid: "`problems` lists all of them, each with its place and a hint. Nothing was published.",
        .tooManyStreams: "32 are open. Close one, for example a page in a browser, or come back later.",
        .tooBusy: "Questions wait in a short queue, and it is full; a plan is made one at a time. Come back later.",
        .headTooLong: "From the first line to the empty one a request has 16 KiB.",
        .fault: "It is counted, and logged with the id in `instance`. Please report it with that line.",
        .starting: "It repeats what was committed before it answers. /readyz says when it is done.",
        .stopping: "Ask its successor, or this one after its start.",
        .fenced: "A second one of the same group was started; this one ends. Ask that one.",
        .kafkaUnreachable: "Changes are events on Kafka and have to wait. Reads go on. /api/v1/status says since when.",
        .answerTooLate: "It was not there after 30 seconds. Ask for less, or later.",
        .memoryShort: "A plan is made on a copy of the state, which needs as much again. The detail says how much, the hint what to raise.",
    ]
}
