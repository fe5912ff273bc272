// The arguments of a command, read by what the command says it understands. No library for this can be had.
import Campaigns

struct Arguments {
    private(set) var values: [String: String] = [:]
    private(set) var flags: Set<String> = []
    private(set) var lists: [String: [String]] = [:]
    /// What belongs to no option, in order.
    private(set) var operands: [String] = []

    /// Reads `--name value`, `--name value value…`, `--flag` and, where the command takes them, operands; everything else is refused.
    init(_ arguments: [String], of command: Command) throws(CommandFailure) {
        var place = 0
        while place < arguments.count {
            let name = arguments[place]
            place += 1
            guard let option = command.options.first(where: { $0.name == name }) else {
                guard command.operands != nil, !name.hasPrefix("-"), !name.isEmpty else { throw Self.unknown(name, command) }
                operands.append(name)
                continue
            }
            // Another option in the place of the value was not meant to be one.
            let end = arguments[place...].firstIndex { $0.hasPrefix("--") } ?? arguments.count
            switch option.kind {
            case .flag:
                flags.insert(name)
            case .value:
                guard place < end else { throw Self.refusal("\(name) needs a value", command) }
                guard values.updateValue(arguments[place], forKey: name) == nil else {
                    throw Self.refusal("\(name) is given twice", command)
                }
                place += 1
            case .list:
                guard place < end else { throw Self.refusal("\(name) needs a value", command) }
                lists[name, default: []] += arguments[place..<end]
                place = end
            }
        }
        if let missing = command.options.first(where: { $0.isRequired && values[$0.name] == nil }) {
            throw Self.refusal("\(missing.name) is required", command)
        }
    }

    /// The value of an option that the command requires.
    func required(_ name: String) -> String {
        guard let value = values[name] else { preconditionFailure("\(name) is not declared as required") }
        return value
    }

    private static func unknown(_ name: String, _ command: Command) -> CommandFailure {
        let known = command.options.map(\.name)
        let parts = name.split(separator: "=", maxSplits: 1).map(String.init)
        if parts.count == 2, known.contains(parts[0]) {
            return refusal("unknown option \(name)", command, hint: "write \(parts[0]) \(parts[1])")
        }
        let slip = NearestName.slip(of: parts.first ?? name, among: known + ["--help"])
        return refusal(
            name.hasPrefix("-") ? "unknown option \(name)" : "\(shown(name)) belongs to no option", command,
            hint: slip.map { "did you mean \($0)?" })
    }

    /// A refusal with what the command understands.
    static func refusal(_ message: String, _ command: Command, hint: String? = nil) -> CommandFailure {
        let end = "audienced \(command.name) --help explains each"
        return CommandFailure(.usage, message + (hint.map { " — \($0)" } ?? "") + "\n\(command.synopsis)\n\(end)")
    }
}
