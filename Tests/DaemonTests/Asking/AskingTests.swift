// Goal: commands that ask a daemon say on standard output what it answers and nothing else, go through all pages, send what was asked for,
// and end with the code that says what went wrong (contract §6). Method: the built program against a server with canned answers.
import Campaigns
import HTTP
import Testing

@testable import Daemon

@Suite struct AskingTests {
    private func run(_ line: String, against server: CannedServer?) throws -> ProgramRun {
        try ProgramRun(line.split(separator: " ").map(String.init), against: server)
    }

    @Test func listsGoThroughAllPages() throws {
        let server = try CannedServer()
        let table = try run("audiences --state live --search b", against: server)
        #expect(table.code == 0 && table.errors.isEmpty)
        #expect(
            table.output == """
                ID         STATE  NAMESPACE  CAMPAIGN  VERSION  MEMBERS    ROWS  REJECTED
                big        live   Email      c               3   12,431  12,431         0
                evil\u{fffd}[31m  live   Email      c               3        7       7         0

                """)
        #expect(
            server.requests.map(\.line) == [
                "GET /api/v1/audiences?q=b&state=live&limit=1000", "GET /api/v1/audiences?q=b&state=live&limit=1000&after=c1",
            ])
        let lines = try run("audiences --json", against: server).output.split(separator: "\n")
        #expect(lines.map { JSON(text: Array($0.utf8))?.integer("size") } == [12431, 7])
        #expect(try run("campaigns", against: server).output == "no campaigns\n")
        #expect(try run("campaigns --json", against: server).output == "")
    }

    @Test func oneThingIsShownWhole() throws {
        let server = try CannedServer()
        let status = try run("status", against: server)
        #expect(status.output == "ready     no\nreasons   input-behind  wait\nsequence  8,123\n")
        let json = try run("status --json", against: server).output
        #expect(json == #"{"sequence":8123,"ready":false,"reasons":[{"code":"input-behind","hint":"wait"}]}"# + "\n")
        #expect(try run("audience big", against: server).output.contains("campaign version  3\n"))
    }

    @Test func aServerThatIsBusyIsAskedAgain() throws {
        let server = try CannedServer()
        let campaign = try run("campaign c", against: server)
        #expect(
            campaign.output == """
                id     c
                state  stopped

                TRANSITION   ROWS  UNMATCHED  AMBIGUOUS  REJECTED
                b           1,200          0          0         3

                """)
        #expect(server.requests.count == 2)
    }

    @Test func theSocketIsAskedToo() throws {
        let folder = TemporaryFolder()
        let server = try CannedServer(.unix(path: "\(folder.path)/s"))
        #expect(try run("campaigns --server unix:\(folder.path)/s", against: nil).output == "no campaigns\n")
        #expect(server.requests.count == 1)
    }

    @Test func aTerminalIsRespected() throws {
        let server = try CannedServer()
        let narrow = try ProgramRun(["audiences"], against: server, outputColumns: 60, environment: ["NO_COLOR": "1"])
        let lines = narrow.output.split(separator: "\n")
        #expect(lines.count == 3 && lines.allSatisfy { $0.count <= 60 } && lines.contains { $0.contains("…") })
        #expect(!narrow.output.contains("\u{1b}"))
        let colored = try ProgramRun(["audiences"], against: server, outputColumns: 200)
        #expect(colored.output.contains("\u{1b}[32mlive\u{1b}[0m") && !colored.output.contains("\u{1b}[31m"))
    }

    @Test func exportsAreWhole() throws {
        let server = try CannedServer(members: 2500)
        let plain = try run("export big", against: server)
        #expect(plain.code == 0 && plain.errors.isEmpty)
        let lines = plain.output.split(separator: "\n")
        #expect(lines.count == 2500 && lines[1234].hasPrefix(#"{"identity":{"namespace":"Email","id":"1234@x"}"#))
        let folder = TemporaryFolder()
        let table = try run("export big --format csv --output \(folder.path)/members.csv", against: server)
        #expect(table.code == 0 && table.output.isEmpty)
        let rows = try folder.read("members.csv").split(separator: "\n")
        #expect(rows.count == 2501)
        #expect(rows.prefix(4) == ["_namespace,_id,_rows,name,n", "Email,0@x,1,,0", "Email,1@x,1,\"\",1", "Email,2@x,1,\"a,\"\"b\"\"\",2"])
    }

    @Test func progressIsNotOfTheOutput() throws {
        let server = try CannedServer(members: 2500, pauseMilliseconds: 300)
        let run = try ProgramRun(["export", "big"], against: server, errorColumns: 100)
        #expect(run.output.split(separator: "\n").count == 2500 && run.output.allSatisfy { $0 != "\r" })
        #expect(run.errors.contains("\rexport big  80 %  2,000 of 2,500 members") && run.errors.hasSuffix("\r\u{1b}[K"))
    }

    @Test func definitionsArePublishedInTheirOrder() throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("campaign.json", #"{"id":"c","activities":[]}"#)
        let event = #"{"type":"campaign.published","campaign":{"id":"d","activities":[]}}"#
        let schema = #"{"type":"schema.published","schema":{"name":"s","fields":[]}}"#
        try folder.write("more.ndjson", [event, #"{"type":"campaign.stopped","campaignId":"e:/e"}"#, schema].joined(separator: "\n"))
        let published = try run("publish \(folder.path)/campaign.json \(folder.path)/more.ndjson --wait 20", against: server)
        #expect(published.code == 0 && published.errors.isEmpty)
        #expect(
            published.output == """
                schema s: published, version 4 (commit 8,124, offset 17)
                campaign c: published, version 4 (commit 8,124, offset 17)
                campaign d: published, version 4 (commit 8,124, offset 17)
                campaign e:/e: stopped (commit 8,124, offset 17)

                """)
        #expect(
            server.requests.map { "\($0.line) \($0.body)" } == [
                #"POST /api/v1/schemas?wait=20 {"name":"s","fields":[]}"#, #"POST /api/v1/campaigns?wait=20 {"id":"c","activities":[]}"#,
                #"POST /api/v1/campaigns?wait=20 {"id":"d","activities":[]}"#, "POST /api/v1/campaigns/e%3A%2Fe:stop?wait=20 ",
            ])
        #expect(try run("publish \(folder.path)/campaign.json --if-version 3", against: server).code == 0)
        #expect(try run("publish \(folder.path)/campaign.json --if-version 0", against: server).code == 0)
        #expect(server.requests.suffix(2).map { $0.headers["If-Match"] ?? $0.headers["If-None-Match"] } == ["\"3\"", "*"])
        try folder.write("schema.json", #"{"name":"s","fields":[]}"#)
        for file in ["more.ndjson", "schema.json"] {
            #expect(try run("publish \(folder.path)/\(file) --if-version 3", against: server).code == 64)
        }
    }

    @Test func whatIsNotPublishedIsSaid() throws {
        let server = try CannedServer()
        let folder = TemporaryFolder()
        try folder.write("wrong.json", #"{"id":"wrong","activities":[]}"#)
        try folder.write("slow.json", #"{"id":"slow","activities":[]}"#)
        try folder.write("torn.ndjson", "{\"id\":\"c\",\"activities\":[]}\n{\"id\":")
        let refused = try run("publish \(folder.path)/wrong.json \(folder.path)/slow.json", against: server)
        #expect(refused.code == 1 && refused.output.isEmpty && server.requests.count == 1)
        #expect(refused.errors.hasPrefix("audienced: campaign wrong is not published: http://127.0.0.1:"))
        #expect(
            refused.errors.hasSuffix(
                """
                : 1 problem in campaign wrong; nothing was published (definition-invalid)
                  activities[0].filter  unknown field 'emial'
                                        → did you mean email?
                not sent: campaign slow

                """))
        let json = try run("publish \(folder.path)/wrong.json --json", against: server)
        #expect(JSON(text: Array(json.output.utf8))?.elements("problems").count == 1)
        let slow = try run("publish \(folder.path)/slow.json", against: server)
        #expect(
            slow.code == 69
                && slow.output == "campaign slow: on its way, not committed yet: /api/v1/publications/18 says what becomes of it\n")
        #expect(try run("publish \(folder.path)/slow.json --wait 0", against: server).code == 0)
        let torn = try run("publish \(folder.path)/torn.ndjson", against: server)
        #expect(torn.code == 1 && torn.errors.contains("torn.ndjson:2: ") && torn.errors.hasSuffix("nothing was published\n"))
        #expect(try run("publish \(folder.path)/none.json", against: server).code == 65)
        let before = server.requests.count
        #expect(try run("delete c --if-version 3", against: server).code == 1)
        #expect(server.requests.count == before + 1 && server.requests.last?.line == "DELETE /api/v1/campaigns/c")
        #expect(try run("stop c", against: server).output == "campaign c: stopped (commit 8,124, offset 17)\n")
    }

    @Test func everyFailureHasItsCode() throws {
        let server = try CannedServer()
        let gone = try run("audience gone", against: server)
        #expect(gone.code == 1 && gone.output.isEmpty)
        #expect(gone.errors.hasSuffix(": there is no audience 'gone' (not-found) — did you mean big?\n"))
        let starting = try run("explain big Email x", against: server)
        #expect(starting.code == 69 && starting.errors.contains("not yet (starting)"))
        for token in [nil, "another-00000000000000000000000000000000"] {
            let refused = try ProgramRun(["audiences"], against: server, token: token)
            #expect(refused.code == 77 && refused.errors.contains("--token-file"))
        }
        let nobody = try run("status --server http://127.0.0.1:1", against: nil)
        #expect(nobody.code == 69 && nobody.errors.hasPrefix("audienced: no server at http://127.0.0.1:1: "))
        let wrong = [
            "status --server ftp://x", "status --token-file /none", "explain big Email", "explain big", "audience", "audience a b",
            "audiences --state alive", "publish", "stop c --wait 31", "stop c --if-version x", "export big --json --format csv",
        ]
        for line in wrong {
            let found = try run(line, against: server)
            #expect(found.code == 64 && found.output.isEmpty && found.errors.hasPrefix("audienced: "), "\(line)")
        }
    }

    @Test func whatBeginsLikeAnOptionCanBeAskedAbout() throws {
        let server = try CannedServer()
        _ = try run("explain big -- Email --x", against: server)
        #expect(server.requests.map(\.line) == ["GET /api/v1/audiences/big/members/Email/--x"])
    }
}
