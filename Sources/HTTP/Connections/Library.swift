// The owner of the library's daemon, and the four functions that it calls, all on its one thread.
internal import CMicrohttpd
import Glibc

/// A running daemon of the library. `stop` is called once.
struct Library: @unchecked Sendable {
    private let daemon: OpaquePointer
    private let core: Unmanaged<ServerCore>

    init(_ core: ServerCore, listeningDescriptor: Int32) throws(ServerError) {
        self.core = Unmanaged.passRetained(core)
        var options = audienced_http_options()
        options.context = self.core.toOpaque()
        options.listening_descriptor = listeningDescriptor
        options.connections = UInt32(core.bounds.connections)
        // The sweeper is first to end a body; the library ends connections that nobody uses.
        options.idle_seconds = UInt32(max(core.bounds.idle, core.bounds.body).components.seconds) + 2
        options.connection_memory_bytes = ServerBounds.connectionMemoryBytes
        options.target = beginRequest
        options.request = continueRequest
        options.completed = completeRequest
        options.connection = noticeConnection
        guard let daemon = audienced_http_start(&options) else {
            self.core.release()
            throw .cannotStart
        }
        self.daemon = daemon
    }

    /// From now on nobody can connect; open connections go on.
    func stopListening() {
        let descriptor = MHD_quiesce_daemon(daemon)
        if descriptor >= 0 { close(descriptor) }
    }

    /// Every connection has to be resumed before.
    func stop() {
        MHD_stop_daemon(daemon)
        core.release()
    }
}

private func core(_ context: UnsafeMutableRawPointer?) -> ServerCore? {
    context.map { Unmanaged<ServerCore>.fromOpaque($0).takeUnretainedValue() }
}

/// The first line of a request is there: what this returns is the request's own object from now on.
private func beginRequest(
    _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
    guard let core = core(context), let target, let connection else { return nil }
    let descriptor = audienced_http_descriptor(connection)
    core.table.began(descriptor)
    let exchange = Exchange(core, target: String(cString: target), descriptor: descriptor)
    return Unmanaged.passRetained(exchange).toOpaque()
}

private func continueRequest(
    _: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
    _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?, _ uploadBytes: UnsafeMutablePointer<Int>?,
    _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
    guard let connection, let path, let method, let version, let uploadBytes, let object = object?.pointee else { return .NO }
    let exchange = Unmanaged<Exchange>.fromOpaque(object).takeUnretainedValue()
    let bytes = UnsafeRawBufferPointer(start: upload, count: upload == nil ? 0 : uploadBytes.pointee)
    let goesOn = exchange.step(connection, LibraryCall(method: method, path: path, version: version, bytes: bytes))
    if goesOn { uploadBytes.pointee = 0 }
    return goesOn ? .YES : .NO
}

private func completeRequest(
    _: UnsafeMutableRawPointer?, _: OpaquePointer?, _ object: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ code: MHD_RequestTerminationCode
) {
    guard let pointer = object?.pointee else { return }
    object?.pointee = nil
    Unmanaged<Exchange>.fromOpaque(pointer).takeRetainedValue().complete(isWhole: code == .REQUEST_TERMINATED_COMPLETED_OK)
}

private func noticeConnection(
    _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ code: MHD_ConnectionNotificationCode
) {
    guard let core = core(context), let connection else { return }
    let descriptor = audienced_http_descriptor(connection)
    if code == .CONNECTION_NOTIFY_STARTED { core.table.opened(descriptor) } else { core.table.closed(descriptor) }
}
