// Goal: parts of files, versions and problem documents are what their standards say.
// Method: tables, without a socket.
import Campaigns
import Testing

@testable import HTTP

@Suite struct HTTPResponseTests {
    @Test(arguments: [
        (nil as String?, ByteRange.all), ("bytes=0-0", .part(0..<1)), ("bytes=0-99", .part(0..<10)), ("bytes=5-", .part(5..<10)),
        ("bytes=-3", .part(7..<10)),
        ("bytes=-30", .part(0..<10)), ("bytes=10-", .beyond), ("bytes=10-12", .beyond), ("bytes=-0", .beyond), ("bytes=3-2", .all),
        ("bytes=a-b", .all),
        ("bytes=-", .all), ("bytes=0-1,3-4", .all), ("lines=0-1", .all), ("bytes=+1-2", .all), ("bytes=1--2", .all),
        ("Bytes=1-2", .part(1..<3)),
        ("bytes=99999999999999999999-", .all),
    ])
    func ranges(header: String?, expected: ByteRange) {
        #expect(ByteRange(header, size: 10) == expected)
    }

    @Test func nothingHasNoPart() {
        #expect(ByteRange("bytes=0-", size: 0) == .beyond)
        #expect(ByteRange("bytes=-1", size: 0) == .beyond)
    }

    @Test(arguments: [
        (#""a""#, true), (#"W/"a""#, true), ("*", true), (#""b", "a""#, true), (#""b""#, false), ("a", false), ("", false),
        (#""a,b""#, false),
        (#""b,"a""#, false), (#"W/"b",W/"a""#, true),
    ])
    func entityTags(list: String, matches: Bool) {
        #expect(EntityTag.matches(list, #""a""#) == matches)
    }

    @Test(arguments: [
        ("*", true), (#""3""#, true), (#"W/"3" , "a,b""#, true), (#""""#, true), ("", false), ("3", false), (#""3"#, false),
        (#""3" "4""#, false), (#""3","#, false), (#"*, "3""#, false), (#""a b""#, false),
    ])
    func lists(text: String, isList: Bool) {
        #expect(EntityTag.isList(text) == isList)
    }

    /// `If-Match`, `If-None-Match`, the present version.
    @Test(arguments: [
        (nil as String?, nil as String?, "3" as String?, true), (nil, nil, nil, true), (#""3""#, nil, "3", true),
        (#""2""#, nil, "3", false),
        (#""3""#, nil, nil, false), ("*", nil, "3", true), ("*", nil, nil, false), (nil, "*", nil, true), (nil, "*", "3", false),
        (nil, #""2""#, "3", true), (#""2", "3""#, #""3""#, "3", false),
    ])
    func changesOfAVersion(ifMatch: String?, ifNoneMatch: String?, version: String?, isMeant: Bool) {
        var headers: Headers = [:]
        headers["If-Match"] = ifMatch
        headers["If-None-Match"] = ifNoneMatch
        let asker = Asker(token: nil, role: nil, peer: "")
        let request = Request(
            method: .put, target: "/", parameters: [:], query: Query(), headers: headers, wantedType: "application/json", asker: asker)
        #expect(request.isMeant(for: version) == isMeant)
    }

    private func prepared(_ response: Response, _ headers: Headers, method: String = "GET") -> PreparedResponse {
        PreparedResponse(response, for: RequestHead(method: method, target: "/", headers: headers, bytes: 0))
    }

    @Test func whatIsKnownIsNotSentAgain() {
        var response = Response(json: .array([]))
        response.entityTag = "3"
        #expect(response.entityTag == "3")
        let known = prepared(response, ["If-None-Match": #""3""#])
        #expect(known.status == 304 && known.body == .bytes([]) && known.headers["ETag"] == #""3""#)
        #expect(prepared(response, ["If-None-Match": #""4""#]).status == 200)
        #expect(prepared(response, ["If-None-Match": "*"], method: "POST").status == 200)
    }

    @Test func aPartOfTheRightVersion() {
        func file() -> Response {
            var response = Response(body: .file(descriptor: -1, size: 10))
            response.entityTag = "v"
            return response
        }
        let part = prepared(file(), ["Range": "bytes=2-4", "If-Range": #""v""#])
        #expect(
            part.status == 206 && part.headers["Content-Range"] == "bytes 2-4/10" && part.body == .file(descriptor: -1, offset: 2, count: 3)
        )
        #expect(prepared(file(), ["Range": "bytes=2-4", "If-Range": #""w""#]).status == 200)
        let beyond = prepared(file(), ["Range": "bytes=10-"])
        #expect(beyond.status == 416 && beyond.headers["Content-Range"] == "bytes */10")
        #expect(prepared(Response(json: .null), ["Range": "bytes=0-1"]).status == 200)
    }

    @Test func headersOfSafety() {
        let page = prepared(Response(text: "<p>", type: "text/html; charset=utf-8"), [:]).headers
        #expect(page["Content-Security-Policy"]?.contains("default-src 'none'") == true && page["Cache-Control"] == "no-store")
        var kept = Response(text: "")
        kept.headers["Cache-Control"] = "max-age=60"
        #expect(prepared(kept, [:]).headers.values("cache-control") == ["max-age=60"])
        #expect(prepared(kept, [:]).headers["Content-Security-Policy"] == nil)
    }

    @Test func everyCodeIsExplained() {
        for code in ProblemCode.allCases {
            #expect(ProblemCode.helps[code] != nil, "\(code)")
            #expect(!code.title.isEmpty && (400...599).contains(code.status))
            #expect((code.retryAfter != nil) == [429, 503].contains(code.status), "\(code)")
        }
    }

    @Test func aDocumentHasItsMembers() {
        let problem = ProblemDocument(.sequenceNotReached, "waited", hint: "wait", members: [.init("sequence", .integer(8))])
        let json = problem.json
        #expect(json["type"] == .string("/problems/sequence-not-reached") && json["code"] == .string("sequence-not-reached"))
        #expect(json["status"] == .integer(412) && json["detail"] == .string("waited") && json["hint"] == .string("wait"))
        #expect(json["sequence"] == .integer(8))
        let pattern = /urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/
        #expect(problem.instance.wholeMatch(of: pattern) != nil)
        #expect(problem.response.headers["Content-Type"] == "application/problem+json")
    }

    @Test func frames() {
        func frame(_ data: String, _ event: String? = nil, _ id: String? = nil) -> String {
            String(decoding: EventStream.frame(Array(data.utf8), event: event, id: id), as: UTF8.self)
        }
        #expect(frame("{}") == "data: {}\n\n")
        #expect(frame("a\r\nb\n", "e\nvil", "1\r\n2") == "event: evil\nid: 12\ndata: a\ndata: b\ndata: \n\n")
    }

    @Test func framesAreReadBackInAnyPieces() {
        let text = ":\n\nevent: a\nid: 7\ndata: 1\ndata:2\n\ndata: x\r\n\r\nevent: none\n\n"
        for size in 1...text.utf8.count {
            var reader = ServerEventReader()
            var events: [ServerEvent] = []
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                events += Array(rest.prefix(size)).withUnsafeBytes { reader.read($0) }
                rest = rest.dropFirst(size)
            }
            #expect(events == [ServerEvent(event: "a", data: "1\n2", id: "7"), ServerEvent(event: "message", data: "x", id: "7")])
        }
    }
}
