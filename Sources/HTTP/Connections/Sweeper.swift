// The thread that looks after the times of connections.
import Glibc

/// Looks a few times a second, once when there is no connection. Ends with `stop()`.
final class Sweeper: Sendable {
    private let core: ServerCore
    /// A pipe: what is written into one end wakes the thread, which waits at the other.
    private let wakeUp: (read: Int32, write: Int32)
    // Written once, before anybody else has the object.
    nonisolated(unsafe) private var thread = pthread_t()

    private static let busyMilliseconds: Int32 = 100
    private static let quietMilliseconds: Int32 = 500

    init(_ core: ServerCore) throws(ServerError) {
        self.core = core
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw .cannotStart }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        wakeUp = (ends[0], ends[1])
        let body = Unmanaged.passRetained(self).toOpaque()
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Sweeper>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body)
        guard code == 0 else {
            Unmanaged<Sweeper>.fromOpaque(body).release()
            closeEnds()
            throw .cannotStart
        }
    }

    /// Called once.
    func stop() {
        _ = write(wakeUp.write, "x", 1)
        pthread_join(thread, nil)
        closeEnds()
    }

    private func closeEnds() {
        close(wakeUp.read)
        close(wakeUp.write)
    }

    private func run() {
        while true {
            var wait = pollfd(fd: wakeUp.read, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, core.table.isEmpty ? Self.quietMilliseconds : Self.busyMilliseconds) > 0 { return }
            let findings = core.table.sweep()
            for exchange in findings.late { exchange.endLate() }
            for exchange in findings.gone { exchange.clientLeft() }
            for exchange in findings.streams { exchange.beat() }
        }
    }
}
