// Goal: no client keeps the server from answering others: contradictory heads, slow heads and bodies, half-open connections, noise.
// Method: bytes on sockets, with the times of the server made short; each test ends with a question that is answered. Nothing is judged by
// how long it took.
import Glibc
import Testing

@testable import HTTP

@Suite struct HTTPHostileClientTests {
    /// A whole head, line by line → status; the connection is closed behind it, so no second request is taken out of the body.
    @Test(arguments: [
        (["GET /livez HTTP/1.1", "Host: HOST", "Host: HOST"], 400), (["GET /livez HTTP/1.1", "Host: HOST", "Host: evil"], 400),
        (["POST /items HTTP/1.1", "Host: HOST", "Content-Length: 2", "Content-Length: 2"], 400),
        (["POST /items HTTP/1.1", "Host: HOST", "Content-Length: 30", "Transfer-Encoding: chunked"], 400),
        (["POST /items HTTP/1.1", "Host: HOST", "Transfer-Encoding: gzip, chunked"], 400),
        (["POST /items HTTP/1.1", "Host: HOST", "Content-Length: -1"], 400),
        (["POST /items HTTP/1.1", "Host: HOST", "Content-Length: 1x"], 400),
        (["GET /livez HTTP/1.1"], 400), (["GET /livez HTTP/1.0"], 400),
    ])
    func contradictions(lines: [String], expected: Int) throws {
        let test = try TestServer()
        let connection = try RawConnection(test.server.address)
        let host = "127.0.0.1:\(test.server.address.port)"
        let smuggled = "GET /counts HTTP/1.1\r\nHost: \(host)\r\n\r\n"
        connection.write((lines.map { $0.replacing("HOST", with: host) } + ["", smuggled]).joined(separator: "\r\n"))
        let answer = try #require(connection.readToEnd())
        #expect(status(answer) == expected)
        #expect(!answer.contains("ETag"), "what stood in the body was answered")
        #expect(try status(ask(test.server, "GET /livez")) == 200)
    }

    @Test func aZeroByteCutsNothing() throws {
        let test = try TestServer()
        for target in ["/livez\0/x", "/items/a/b\0c", "/livez?\0"] {
            let answer = try #require(try ask(test.server, "GET \(target)"))
            #expect(status(answer) != 200, "\(answer.prefix(40))")
        }
        let answer = try ask(test.server, "GET /livez", headers: ["Authorization: Bearer a\0b"])
        #expect(status(answer) != 200)
    }

    @Test func aSlowHeadIsClosed() throws {
        let test = try TestServer { $0.head = .milliseconds(200) }
        let connection = try RawConnection(test.server.address)
        connection.write("GET /livez HTTP/1.1\r\n")
        // A byte now and then keeps an idle connection for ever; not ours.
        var isClosed = false
        for _ in 0..<400 where !isClosed {
            connection.write("a")
            usleep(20_000)
            var byte: UInt8 = 0
            let count = recv(connection.descriptor, &byte, 1, Int32(MSG_DONTWAIT))
            isClosed = count == 0 || count < 0 && errno != EAGAIN
        }
        #expect(isClosed)
        #expect(try status(ask(test.server, "GET /livez")) == 200)
    }

    @Test func aSlowBodyIsTold() throws {
        let test = try TestServer { $0.body = .milliseconds(200) }
        let connection = try RawConnection(test.server.address)
        let host = "127.0.0.1:\(test.server.address.port)"
        connection.write("POST /items:validate HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\n{")
        let answer = try #require(connection.readToEnd())
        #expect(status(answer) == 408 && answer.contains(#""code":"body-too-slow""#))
    }

    @Test func aBodyOfUnknownLengthIsBounded() throws {
        let test = try TestServer()
        let host = "127.0.0.1:\(test.server.address.port)"
        func send(chunks: Int) throws -> String? {
            let connection = try RawConnection(test.server.address)
            connection.write("POST /items/a:stop HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\n")
            connection.write("Authorization: Bearer \(secrets[.publish]!)\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
            for _ in 0..<chunks { connection.write("1000\r\n\(String(repeating: " ", count: 4096))\r\n") }
            connection.write("0\r\n\r\n")
            return connection.readToEnd()
        }
        // No token is configured: refused before a byte of the body is read.
        #expect(try status(send(chunks: 2)) == 401)
        let open = try TestServer(access: Access(tokens: tokens()))
        let connection = try RawConnection(open.server.address)
        connection.write("POST /items/a:stop HTTP/1.1\r\nHost: 127.0.0.1:\(open.server.address.port)\r\nContent-Type: application/json\r\n")
        connection.write("Authorization: Bearer \(secrets[.publish]!)\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<8 { connection.write("1000\r\n\(String(repeating: " ", count: 4096))\r\n") }
        connection.write("0\r\n\r\n")
        let answer = connection.readToEnd()
        #expect(status(answer) == 413)
        let endless = try RawConnection(open.server.address)
        endless.write("POST /items/a:stop HTTP/1.1\r\nHost: 127.0.0.1:\(open.server.address.port)\r\nContent-Type: application/json\r\n")
        endless.write("Authorization: Bearer \(secrets[.publish]!)\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<1000 { endless.write("1000\r\n\(String(repeating: " ", count: 4096))\r\n") }
        #expect(endless.readToEnd() == "")
        #expect(try status(ask(open.server, "GET /livez")) == 200)
    }

    @Test func manyBodiesAtOnce() throws {
        let test = try TestServer { $0.heldBodyBytes = 100_000 }
        let host = "127.0.0.1:\(test.server.address.port)"
        func send(_ path: String, bytes: Int) throws -> RawConnection {
            let connection = try RawConnection(test.server.address)
            connection.write("POST \(path) HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\nConnection: close\r\n")
            connection.write("Content-Length: \(bytes)\r\n\r\n\(String(repeating: " ", count: bytes))")
            return connection
        }
        let first = try send("/keep", bytes: 80_000)
        #expect(eventually { test.responders.all.count == 1 })
        #expect(try status(send("/items:validate", bytes: 50_000).readToEnd()) == 429)
        #expect(try status(send("/items:validate", bytes: 20_000).readToEnd()) == 200)
        for responder in test.responders.takeAll() { responder.answer(Response(text: "")) }
        #expect(status(first.readToEnd()) == 200)
        #expect(eventually { (try? status(send("/items:validate", bytes: 50_000).readToEnd())) == 200 })
    }

    @Test func whoWaitsToBeAskedForTheBody() throws {
        let test = try TestServer()
        let host = "127.0.0.1:\(test.server.address.port)"
        let head = "POST /items:validate HTTP/1.1\r\nHost: \(host)\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
        let accepted = try RawConnection(test.server.address)
        accepted.write(head + "Content-Length: 2\r\n\r\n")
        #expect(accepted.read(upTo: "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n")
        accepted.write("{}")
        #expect(accepted.read(upTo: "}").hasPrefix("HTTP/1.1 200"))
        let refused = try RawConnection(test.server.address)
        refused.write(head + "Content-Length: 20000000\r\n\r\n")
        #expect(status(refused.readToEnd()) == 413)
    }

    @Test func halfOpenHeads() throws {
        let test = try TestServer()
        let connections = try (0..<500).map { _ in
            let connection = try RawConnection(test.server.address)
            connection.write("GET /livez HTTP/1.1\r\nHo")
            return connection
        }
        for _ in 0..<20 { #expect(try status(ask(test.server, "GET /livez")) == 200) }
        #expect(connections.count == 500)
    }

    /// Who comes when all connections are taken waits until one that sends nothing is ended.
    @Test func allConnectionsTaken() throws {
        let test = try TestServer {
            $0.connections = 3
            $0.head = .milliseconds(200)
        }
        let connections = try (0..<6).map { _ in try RawConnection(test.server.address) }
        for connection in connections { connection.write("GET /li") }
        #expect(try status(ask(test.server, "GET /livez")) == 200)
        for connection in connections { #expect(connection.readToEnd() == "") }
    }

    @Test func oneConnectionManyRequests() throws {
        let test = try TestServer()
        let connection = try RawConnection(test.server.address)
        let head = "GET /counts HTTP/1.1\r\nHost: 127.0.0.1:\(test.server.address.port)\r\n\r\n"
        // Three at once, then one by one, refusals between them.
        connection.write(head + head + head)
        var text = ""
        while text.components(of: "[1]") < 3, let piece = connection.readSome(), !piece.isEmpty {
            text += String(decoding: piece, as: UTF8.self)
        }
        #expect(text.components(of: "HTTP/1.1 200") == 3)
        connection.write("PUT /counts HTTP/1.1\r\nHost: 127.0.0.1:\(test.server.address.port)\r\nContent-Length: 4\r\n\r\nGET ")
        #expect(connection.read(upTo: "}").hasPrefix("HTTP/1.1 405"))
        connection.write(head)
        #expect(connection.read(upTo: "[1]").hasPrefix("HTTP/1.1 200"))
    }

    /// The seed is printed with what fails.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func noise(seed: UInt64) throws {
        var random = Noise(state: seed)
        let test = try TestServer(access: Access(tokens: tokens(), readsAreOpen: true)) {
            $0.head = .milliseconds(300)
            $0.body = .milliseconds(300)
            $0.answer = .milliseconds(300)
        }
        let host = "127.0.0.1:\(test.server.address.port)"
        let words = [
            "GET ", "POST ", "HEAD ", "/items/a/b", "/items:validate", "/events", "/later", "/file", " HTTP/1.1\r\n", "Host: \(host)\r\n",
            "\r\n", "\r\n\r\n",
            "Content-Length: 5\r\n", "Transfer-Encoding: chunked\r\n", "Content-Type: application/json\r\n", "?limit=1&q=%41", "%00", "\0",
            "5\r\n",
            "Expect: 100-continue\r\n", "Connection: keep-alive\r\n", "Range: bytes=0-1\r\n", "ffffffffffffffff\r\n", ":", " ", "é",
            "HTTP/1.0\r\n",
            "GET /counts HTTP/1.1\r\nHost: \(host)\r\n\r\n", "Authorization: Basic YTpi\r\n",
        ].map { Array($0.utf8) }
        for round in 0..<150 {
            let connection = try RawConnection(test.server.address)
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                if Bool.random(using: &random) {
                    connection.write(words.randomElement(using: &random)!)
                } else {
                    connection.write((0..<Int.random(in: 1...200, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) })
                }
            }
            if round % 25 == 0 { #expect(try status(ask(test.server, "GET /livez")) == 200, "seed \(seed), round \(round)") }
        }
        #expect(try status(ask(test.server, "GET /livez")) == 200, "seed \(seed)")
        for responder in test.responders.takeAll() { responder.answer(Response(text: "")) }
    }
}

/// SplitMix64.
private struct Noise: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
        return value ^ value >> 31
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
