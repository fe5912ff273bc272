// Where topics stand.

/// An offset per partition, by whole topic name.
public typealias TopicOffsets = [String: [Int32: Int64]]
