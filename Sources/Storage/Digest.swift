// SHA-256 of bytes, streams and files, as lower-case hexadecimal text: for manifests and dead letters. The one owner of libcrypto's
// digest handle.

internal import CCrypto
import Glibc

/// A SHA-256 under way. Not thread-safe; ends with `finish()`.
public struct Digest: ~Copyable {
    private let context: OpaquePointer

    /// Begins a digest of nothing yet.
    public init() {
        // These calls fail only without memory or with a broken libcrypto: nothing that data can bring about.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            fatalError("libcrypto offers no SHA-256")
        }
        self.context = context
    }

    /// Adds the bytes behind those added before.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, !bytes.isEmpty else { return }
        precondition(EVP_DigestUpdate(context, start, bytes.count) == 1, "libcrypto refuses to go on with a digest")
    }

    /// The digest of everything added: 64 hexadecimal digits in lower case. Called once, as the last step.
    public mutating func finish() -> String {
        let digest = [UInt8](unsafeUninitializedCapacity: Int(EVP_MAX_MD_SIZE)) { target, count in
            var written: UInt32 = 0
            precondition(EVP_DigestFinal_ex(context, target.baseAddress, &written) == 1, "libcrypto refuses to end a digest")
            count = Int(written)
        }
        return Self.hexadecimal(digest)
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// The SHA-256 of the bytes: 64 hexadecimal digits in lower case.
    public static func sha256(of bytes: UnsafeRawBufferPointer) -> String {
        var digest = Digest()
        digest.append(bytes)
        return digest.finish()
    }

    /// The SHA-256 of the bytes: 64 hexadecimal digits in lower case.
    public static func sha256(of bytes: [UInt8]) -> String {
        bytes.withUnsafeBytes { sha256(of: $0) }
    }

    /// The SHA-256 of a file, read in pieces.
    public static func sha256(ofFile path: String) throws(StorageError) -> String {
        let file = try OpenFile.reading(path)
        var digest = Digest()
        while true {
            let part = try file.read(maximumBytes: 1 << 20)
            if part.isEmpty { return digest.finish() }
            part.withUnsafeBytes { digest.append($0) }
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
