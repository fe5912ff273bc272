// The command line: a command and its options, each known by name. No library for this can be had.

struct Arguments {
    /// Options with a value, and flags without.
    private(set) var values: [String: String] = [:]
    private(set) var flags: Set<String> = []
    /// Options with several values, which end at the next option.
    private(set) var lists: [String: [String]] = [:]
    /// What belongs to no option, in order.
    private(set) var files: [String] = []

    /// Reads `--name value`, `--name value value…`, `--flag` and, where a command takes them, names of files; everything else is refused with
    /// the command's usage.
    init(
        _ arguments: [String], options: Set<String>, flags known: Set<String>, lists listed: Set<String> = [], takesFiles: Bool = false,
        usage: String
    ) throws(CommandFailure) {
        var place = 0
        while place < arguments.count {
            let name = arguments[place]
            place += 1
            if known.contains(name) {
                flags.insert(name)
            } else if options.contains(name) {
                guard place < arguments.count else { throw CommandFailure(.usage, "\(name) needs a value\n\(usage)") }
                values[name] = arguments[place]
                place += 1
            } else if listed.contains(name) {
                let end = arguments[place...].firstIndex { $0.hasPrefix("--") } ?? arguments.count
                guard place < end else { throw CommandFailure(.usage, "\(name) needs a value\n\(usage)") }
                lists[name, default: []] += arguments[place..<end]
                place = end
            } else if takesFiles && !name.hasPrefix("-") && !name.isEmpty {
                files.append(name)
            } else {
                throw CommandFailure(.usage, "unknown option \(name)\n\(usage)")
            }
        }
    }

    func required(_ name: String, usage: String) throws(CommandFailure) -> String {
        guard let value = values[name] else { throw CommandFailure(.usage, "\(name) is required\n\(usage)") }
        return value
    }
}
