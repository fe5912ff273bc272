// Small texts that the system makes up as they are read (/proc, /sys): their size is not known before.

/// What the system says of itself in files.
public enum SystemText {
    private static let maximumBytes = 64 << 10

    /// The text of such a file; nil when it is not there, or may not be read.
    public static func read(_ path: String) -> String? {
        do throws(StorageError) {
            return String(decoding: try OpenFile.reading(path).read(maximumBytes: maximumBytes), as: UTF8.self)
        } catch {
            return nil
        }
    }
}
