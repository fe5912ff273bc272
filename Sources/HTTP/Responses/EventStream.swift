// Server-sent events: frames for one reader, from any thread. Who does not read holds up nobody and costs no more than one frame for each
// kind of event: a newer frame takes the place of the one that waits.
internal import CMicrohttpd
import Glibc
import Synchronization

/// One open stream. It ends when `end` is called, when the client goes away, when the server stops, and after an hour.
public final class EventStream: Sendable {
    private struct State {
        /// The frame that is on its way, and how much of it is.
        var sending: [UInt8] = []
        var sent = 0
        var waiting: [(event: String?, bytes: [UInt8])] = []
        var lastFrame = ContinuousClock.now
        var isEnded = false
        var isCompleted = false
        var suspended: ConnectionHandle?
        /// Of the library, while it has the stream.
        var connection: ConnectionHandle?
        var whenEnded: [@Sendable () -> Void] = []
    }

    /// Kinds of events that wait at once; of one kind more the oldest is dropped.
    static let maximumWaiting = 16

    private let core: ServerCore
    private let state = Mutex(State())

    init(_ core: ServerCore) {
        self.core = core
    }

    /// Sends a frame. One of the same event that waits for its reader is replaced.
    /// - Parameter id: what the client says in `Last-Event-ID` when it comes back.
    public func send(_ data: [UInt8], event: String? = nil, id: String? = nil) {
        enqueue(Self.frame(data, event: event, id: id), event: event)
    }

    /// No more frames; those that wait are still sent.
    public func end() {
        state.withLock { state in
            state.isEnded = true
            Self.resume(&state)
        }
    }

    /// Whether it is worth sending more.
    public var isOpen: Bool { state.withLock { !$0.isEnded && !$0.isCompleted } }

    /// Calls the body once, on any thread, when nothing can be sent any more; at once if that is so.
    public func whenEnded(_ body: @escaping @Sendable () -> Void) {
        let isOver = state.withLock { state in
            if !state.isCompleted { state.whenEnded.append(body) }
            return state.isCompleted
        }
        if isOver { body() }
    }

    /// A comment, when nothing was sent for long: so a peer that is gone is noticed, and programs on the way keep the connection.
    func beat(after silence: Duration) {
        let isSilent = state.withLock { state in
            state.lastFrame + silence <= .now && state.waiting.isEmpty && state.sent == state.sending.count
        }
        if isSilent { enqueue(Array(":\n\n".utf8), event: nil) }
    }

    private func enqueue(_ frame: [UInt8], event: String?) {
        state.withLock { state in
            if state.isEnded || state.isCompleted { return }
            state.lastFrame = .now
            if let place = state.waiting.firstIndex(where: { $0.event == event }) {
                state.waiting.remove(at: place)
            } else if state.waiting.count == Self.maximumWaiting {
                state.waiting.removeFirst()
            }
            state.waiting.append((event, frame))
            Self.resume(&state)
        }
    }

    private static func resume(_ state: inout State) {
        guard let handle = state.suspended else { return }
        state.suspended = nil
        MHD_resume_connection(handle.pointer)
    }

    /// The bytes of a frame: a line feed in the data begins a new line `data:`, and in a name there is none.
    static func frame(_ data: [UInt8], event: String?, id: String?) -> [UInt8] {
        func line(_ name: String, _ value: String) -> [UInt8] {
            Array("\(name): \(value.filter { !$0.isNewline && $0 != "\0" })\n".utf8)
        }
        var frame: [UInt8] = []
        if let event { frame += line("event", event) }
        if let id { frame += line("id", id) }
        frame += Array("data: ".utf8)
        let isOneLine = data.withUnsafeBytes { bytes in
            bytes.isEmpty || memchr(bytes.baseAddress!, 10, bytes.count) == nil && memchr(bytes.baseAddress!, 13, bytes.count) == nil
        }
        if isOneLine {
            frame += data
        } else {
            for byte in data where byte != UInt8(ascii: "\r") {
                frame.append(byte)
                if byte == UInt8(ascii: "\n") { frame += Array("data: ".utf8) }
            }
        }
        frame.append(UInt8(ascii: "\n"))
        return frame + [UInt8(ascii: "\n")]
    }

    // The library's thread.

    func queue(on connection: OpaquePointer, headers: Headers) -> Bool {
        state.withLock { $0.connection = ConnectionHandle(pointer: connection) }
        audienced_http_set_idle(connection, ServerBounds.unreadStreamSeconds)
        let reader = Unmanaged.passRetained(self).toOpaque()
        let response = MHD_create_response_from_callback(
            audienced_http_unknown_size, 4096,
            { context, _, buffer, room in
                guard let context, let buffer else { return audienced_http_end_with_error }
                let stream = Unmanaged<EventStream>.fromOpaque(context).takeUnretainedValue()
                return stream.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: room))
            }, reader, { context in if let context { Unmanaged<EventStream>.fromOpaque(context).release() } })
        guard let response else {
            Unmanaged<EventStream>.fromOpaque(reader).release()
            return false
        }
        var headers = headers
        headers["Content-Type"] = MediaType.events
        // A proxy must not keep events until its buffer is full.
        headers["X-Accel-Buffering"] = "no"
        SecurityHeaders.add(to: &headers)
        return PreparedResponse.queue(response, status: 200, headers: headers, on: connection)
    }

    /// As much as fits; suspends the connection when there is nothing.
    private func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            if state.sent == state.sending.count {
                if state.waiting.isEmpty {
                    guard !state.isEnded, let connection = state.connection else { return audienced_http_end_of_stream }
                    MHD_suspend_connection(connection.pointer)
                    state.suspended = connection
                    return 0
                }
                state.sending = state.waiting.removeFirst().bytes
                state.sent = 0
            }
            let count = min(buffer.count, state.sending.count - state.sent)
            state.sending.withUnsafeBytes { buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[state.sent..<state.sent + count])) }
            state.sent += count
            return count
        }
    }

    /// The library is done with the connection, or never got the stream.
    func complete() {
        let callbacks: [@Sendable () -> Void]? = state.withLock { state in
            if state.isCompleted { return nil }
            state.isCompleted = true
            state.suspended = nil
            state.connection = nil
            let callbacks = state.whenEnded
            state.whenEnded = []
            return callbacks
        }
        guard let callbacks else { return }
        core.returnStream()
        for callback in callbacks { callback() }
    }
}
