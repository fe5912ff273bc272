// How much of everything a client gets (contract §8). Tests make the times short.

/// What no request may exceed.
public struct ServerBounds: Sendable {
    /// Open connections. Further ones wait until one ends.
    public var connections = 1024
    /// Event streams. The next one is told to come back.
    public var streams = 32
    /// From the first line to the empty one.
    public var headBytes = 16 << 10
    /// The path with its query.
    public var targetBytes = 8 << 10
    /// All bodies that are held at once: what one connection may send, times the connections, is more memory than there is.
    public var heldBodyBytes = 64 << 20
    /// A head has to be there.
    public var head = Duration.seconds(5)
    /// A body has to be there, counted from the head.
    public var body = Duration.seconds(10)
    /// An answer has to be given, counted from the body.
    public var answer = Duration.seconds(30)
    /// A connection without a request is kept.
    public var idle = Duration.seconds(10)
    /// An answer, file or stream may take.
    public var sending = Duration.seconds(3600)
    /// A stream that says nothing sends a comment, and so notices that nobody is there.
    public var heartbeat = Duration.seconds(15)
    /// A stopping server waits for answers that are under way.
    public var stopping = Duration.seconds(2)

    public init() {}

    /// Of one connection, both directions. A head that does not fit in it is refused by the library itself, without a problem document.
    static let connectionMemoryBytes = 32 << 10
    /// A reader of a stream takes nothing: then it is given up. A suspended laptop is forgiven, a dead one not for ever.
    static let unreadStreamSeconds: UInt32 = 60
    /// Rejected requests whose body is at most this long are read to their end first: closing at once could lose the answer on its way.
    static let drainedBytes = 64 << 10
    /// Of a body whose length nobody told and which is too long, read before the connection is cut.
    static let excessBytes = 1 << 20
}
