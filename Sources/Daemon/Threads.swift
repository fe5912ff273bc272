// The one way to start a thread.
package import Glibc

/// Of a thread: expressions are evaluated as deep as they may stand on one another (`Limits.populationLevels`), whatever the limit of the
/// process is. What is not used is not there.
private let stackBytes = 64 * 1024 * 1024

/// Runs the body on a new thread; join it.
package func startThread(_ body: @escaping @Sendable () -> Void) -> pthread_t {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    defer { pthread_attr_destroy(&attributes) }
    precondition(pthread_attr_setstacksize(&attributes, stackBytes) == 0, "a stack of that size")
    let box = Unmanaged.passRetained(Box(body)).toOpaque()
    let code = pthread_create(
        &thread, &attributes,
        { argument in
            guard let argument else { return nil }
            Unmanaged<Box>.fromOpaque(argument).takeRetainedValue().body()
            return nil
        }, box)
    precondition(code == 0, "a thread for the daemon")
    return thread
}
