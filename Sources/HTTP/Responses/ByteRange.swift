// The header `Range`: a part of a file, so that a download that broke goes on.

/// Which bytes of a file a request wants.
enum ByteRange: Equatable {
    case all
    case part(Range<Int64>)
    /// It begins behind the end: 416.
    case beyond

    /// What is not understood, and several ranges at once, mean the whole file, which RFC 9110 allows.
    init(_ header: String?, size: Int64) {
        self = .all
        guard let header, header.lowercased().hasPrefix("bytes=") else { return }
        let bounds = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false).map { $0.trimmed }
        guard bounds.count == 2, !header.contains(",") else { return }
        let numbers = bounds.map(Self.number)
        switch (numbers[0], numbers[1]) {
        case (let first?, let last?):
            if first > last { return }
            self = first < size ? .part(first..<min(last, size - 1) + 1) : .beyond
        case (let first?, nil) where bounds[1].isEmpty: self = first < size ? .part(first..<size) : .beyond
        case (nil, let length?) where bounds[0].isEmpty: self = length > 0 && size > 0 ? .part(max(0, size - length)..<size) : .beyond
        default: return
        }
    }

    /// Digits alone: no sign.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }
}
