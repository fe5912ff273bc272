// Goal: an answer may come later, from any thread, or never; streams end well; a server that stops hangs nowhere and aborts nothing.
// Method: handlers that keep their responders and streams, answered by the test; the times of the server made short.
import Glibc
import Synchronization
import Testing

@testable import HTTP

@Suite struct HTTPLaterTests {
    private func send(_ test: TestServer, _ head: String) throws -> RawConnection {
        let connection = try RawConnection(test.server.address)
        connection.write("\(head) HTTP/1.1\r\nHost: 127.0.0.1:\(test.server.address.port)\r\nConnection: close\r\n\r\n")
        return connection
    }

    @Test func answeredFromAnotherThread() throws {
        let test = try TestServer()
        let connections = try (0..<50).map { _ in try send(test, "GET /later") }
        #expect(eventually { test.responders.all.count == 50 })
        #expect(try status(ask(test.server, "GET /livez")) == 200)
        let responders = Kept<Responder>()
        for responder in test.responders.takeAll() { responders.add(responder) }
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(responders).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                let responders = Unmanaged<Kept<Responder>>.fromOpaque(argument!).takeRetainedValue()
                for responder in responders.all {
                    responder.answer(Response(text: "later"))
                    responder.answer(Response(text: "twice"))
                }
                return nil
            }, argument)
        for connection in connections { #expect(connection.readToEnd()?.hasSuffix("\r\n\r\nlater") == true) }
        pthread_join(thread, nil)
    }

    /// An answer from another thread at the very time the handler returns.
    @Test func answersRaceWithTheHandler() throws {
        let test = try TestServer()
        let isOver = Kept<Bool>()
        let pair = (test.responders, isOver)
        final class Pair: Sendable {
            let responders: Kept<Responder>
            let isOver: Kept<Bool>
            init(_ pair: (Kept<Responder>, Kept<Bool>)) { (responders, isOver) = pair }
        }
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                let pair = Unmanaged<Pair>.fromOpaque(argument!).takeRetainedValue()
                while pair.isOver.all.isEmpty {
                    for responder in pair.responders.takeAll() { responder.answer(Response(text: "raced")) }
                }
                return nil
            }, Unmanaged.passRetained(Pair(pair)).toOpaque())
        for _ in 0..<300 { #expect(try ask(test.server, "GET /later")?.hasSuffix("raced") == true) }
        isOver.add(true)
        pthread_join(thread, nil)
    }

    @Test func anAnswerThatDoesNotCome() throws {
        let test = try TestServer { $0.answer = .milliseconds(150) }
        let answer = try #require(try ask(test.server, "GET /later"))
        #expect(status(answer) == 503 && answer.contains("answer-too-late") && answer.contains("Retry-After: "))
        test.responders.all[0].answer(Response(text: "too late"))
    }

    @Test func aClientThatGoesAway() throws {
        let test = try TestServer()
        let calls = Atomic<Int>(0)
        try #require(try? autoclosed(test))
        let responder = test.responders.all[0]
        #expect(eventually { responder.isGone })
        responder.whenGone { calls.add(1, ordering: .relaxed) }
        #expect(calls.load(ordering: .relaxed) == 1)
        responder.answer(Response(body: .file(descriptor: temporaryFile([1]), size: 1)))
        #expect(try status(ask(test.server, "GET /livez")) == 200)
    }

    private func autoclosed(_ test: TestServer) throws {
        let connection = try send(test, "GET /later")
        #expect(eventually { test.responders.all.count == 1 })
        #expect(!test.responders.all[0].isGone)
        withExtendedLifetime(connection) {}
    }

    /// A handler's closures may hold the responder: they end with the request, whichever way it ends.
    @Test func closuresThatHoldTheResponder() throws {
        let test = try TestServer()
        let ended = Kept<Bool>()
        final class Question: Sendable {
            let ended: Kept<Bool>
            let responder: Responder
            init(_ ended: Kept<Bool>, _ responder: Responder) { (self.ended, self.responder) = (ended, responder) }
            deinit { ended.add(true) }
        }
        func holdAll() {
            for responder in test.responders.takeAll() {
                let question = Question(ended, responder)
                responder.whenGone { withExtendedLifetime(question) {} }
            }
        }
        let answered = try send(test, "GET /later")
        #expect(eventually { test.responders.all.count == 1 })
        let responder = test.responders.all[0]
        holdAll()
        responder.answer(Response(text: "now"))
        #expect(answered.readToEnd()?.hasSuffix("now") == true)
        #expect(eventually { ended.all.count == 1 })
        try autoclosed(test)
        holdAll()
        #expect(eventually { ended.all.count == 2 })
    }

    @Test func aStream() throws {
        let test = try TestServer()
        let client = try Client(test.server.address.base, timeout: .seconds(20))
        let connection = try send(test, "GET /events")
        #expect(eventually { test.streams.all.count == 1 })
        let stream = test.streams.all[0]
        stream.send(Array("1\n2".utf8), event: "a", id: "9")
        let text = connection.read(upTo: "data: 2\n\n")
        #expect(text.contains("Content-Type: text/event-stream\r\n") && text.contains("event: a\nid: 9\ndata: 1\ndata: 2\n\n"))
        stream.send(Array("last".utf8))
        stream.end()
        stream.send(Array("none".utf8))
        let rest = try #require(connection.readToEnd())
        #expect(rest.contains("data: last\n\n") && !rest.contains("none"))
        #expect(eventually { !stream.isOpen })
        let ended = Atomic<Bool>(false)
        stream.whenEnded { ended.store(true, ordering: .relaxed) }
        #expect(eventually { ended.load(ordering: .relaxed) })
        // Our own client reads them too.
        var events: [ServerEvent] = []
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                let streams = Unmanaged<Kept<EventStream>>.fromOpaque(argument!).takeRetainedValue()
                _ = eventually { streams.all.count == 2 }
                for number in 1...3 { streams.all[1].send(Array("\(number)".utf8), event: "e\(number)") }
                return nil
            }, Unmanaged.passRetained(test.streams).toOpaque())
        try client.events("/events") { event in
            events.append(event)
            return events.count < 3
        }
        pthread_join(thread, nil)
        #expect(events.map(\.data) == ["1", "2", "3"] && events.map(\.event) == ["e1", "e2", "e3"])
    }

    /// Each frame takes the place of the one that waits, so what is sent to somebody who does not read is held once.
    @Test func aReaderThatDoesNotRead() throws {
        let test = try TestServer()
        let connection = try send(test, "GET /events")
        #expect(eventually { test.streams.all.count == 1 })
        let stream = test.streams.all[0]
        let count = 300
        for number in 1...count { stream.send(Array("\(number) \(String(repeating: "x", count: 100_000))".utf8), event: "n") }
        #expect(try status(ask(test.server, "GET /livez")) == 200)
        stream.end()
        let text = try #require(connection.readToEnd())
        let numbers = text.matches(of: /data: ([0-9]+) x/).compactMap { Int($0.1) }
        #expect(numbers == numbers.sorted() && numbers.last == count && numbers.count < count)
    }

    @Test func heartbeatsAndTheEnd() throws {
        let test = try TestServer { $0.heartbeat = .milliseconds(50) }
        let connection = try send(test, "GET /events")
        #expect(connection.read(upTo: ":\n\n").contains(":\n\n"))
        let short = try TestServer { $0.sending = .milliseconds(100) }
        #expect(try ask(short.server, "GET /events")?.contains("200 OK") == true, "it ends by itself")
    }

    /// A peer that is cut off sends no end; the system gives up what it does not acknowledge.
    @Test func connectionsInheritTheirPatience() throws {
        let listener = try ListeningSocket.open(.tcp(host: "127.0.0.1", port: 0))
        defer { listener.close() }
        let connection = try RawConnection(listener.address)
        var accepted: Int32 = -1
        #expect(
            eventually {
                accepted = accept(listener.descriptor, nil, nil)
                return accepted >= 0
            })
        defer { close(accepted) }
        var timeout: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        #expect(getsockopt(accepted, Int32(IPPROTO_TCP), ListeningSocket.userTimeoutOption, &timeout, &length) == 0)
        #expect(timeout == ListeningSocket.unacknowledgedMilliseconds)
        withExtendedLifetime(connection) {}
    }

    @Test func streamsAreCounted() throws {
        let test = try TestServer { $0.streams = 2 }
        var connections = try (0..<2).map { _ in try send(test, "GET /events") }
        #expect(eventually { test.streams.all.count == 2 })
        let refused = try #require(try ask(test.server, "GET /events"))
        #expect(status(refused) == 429 && refused.contains("Retry-After: 10") && refused.contains("too-many-streams"))
        #expect(try status(ask(test.server, "HEAD /events")) == 429)
        connections.removeLast()
        #expect(eventually { test.streams.all.contains { !$0.isOpen } })
        #expect(eventually { (try? status(ask(test.server, "HEAD /events"))) == 200 })
        #expect(eventually { (try? status(ask(test.server, "HEAD /events"))) == 200 }, "one that only asks for the head takes none")
        #expect(connections.count == 1)
    }

    @Test(arguments: [0, 1, 20]) func stopping(count: Int) throws {
        let test = try TestServer()
        let later = try (0..<count).map { _ in try send(test, "GET /later") }
        let streams = try (0..<count).map { _ in try send(test, "GET /events") }
        let halves = try (0..<count).map { _ in try RawConnection(test.server.address) }
        for half in halves { half.write("GET /li") }
        #expect(eventually { test.responders.all.count == count && test.streams.all.count == count })
        test.server.stop()
        for connection in later {
            let answer = connection.readToEnd()
            #expect(status(answer) == 503 && answer?.contains(#""code":"stopping""#) == true)
        }
        for connection in streams { #expect(connection.readToEnd()?.hasSuffix("0\r\n\r\n") == true) }
        for half in halves { #expect(half.readToEnd() == "") }
        for responder in test.responders.all { responder.answer(Response(text: "after the end")) }
        for stream in test.streams.all { stream.send([1]) }
        test.server.stop()
        let address = test.server.address
        guard case .success(let found) = SocketAddresses.find(host: "127.0.0.1", port: address.port, toListen: false) else { return }
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        #expect(found.all[0].withPointer { connect(descriptor, $0, $1) } != 0)
        close(descriptor)
    }

    /// Readers of streams that read nothing hold up the end no more than the moment that the server waits.
    @Test func stoppingBesideAReaderThatDoesNotRead() throws {
        let test = try TestServer { $0.stopping = .milliseconds(100) }
        let connection = try send(test, "GET /events")
        #expect(eventually { test.streams.all.count == 1 })
        for number in 0..<16 { test.streams.all[0].send(Array(repeating: 65, count: 1 << 20), event: "\(number)") }
        test.server.stop()
        withExtendedLifetime(connection) {}
        #expect(!test.streams.all[0].isOpen)
    }
}
