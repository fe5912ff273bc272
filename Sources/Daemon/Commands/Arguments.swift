// The arguments of a command, read by what the command says it understands. No library for this can be had.
import Campaigns

struct Arguments {
    private(set) var values: [String: String] = [:]
    private(set) var flags: Set<String> = []
    private(set) var lists: [String: [String]] = [:]
    /// What belongs to no option, in order.
    private(set) var operands: [String] = []

    /// Reads `--name value`, `--name value value…`, `--flag` and, where the command takes them, operands; everything else is refused. After
    /// `--` all are operands, also what begins like an option.
    init(_ arguments: [String], of command: Command) throws(CommandFailure) {
        var place = 0
        while place < arguments.count {
            let name = arguments[place]
            place += 1
            if name == "--", !command.operands.isEmpty {
                operands += arguments[place...]
                break
            }
            guard let option = command.options.first(where: { $0.name == name }) else {
                guard !command.operands.isEmpty, !name.hasPrefix("-"), !name.isEmpty else { throw Self.unknown(name, command) }
                operands.append(name)
                continue
            }
            // Another option in the place of the value was not meant to be one.
            let end = arguments[place...].firstIndex { $0.hasPrefix("--") } ?? arguments.count
            switch option.kind {
            case .flag:
                flags.insert(name)
            case .value, .choice:
                guard place < end else { throw Self.refusal("\(name) needs a value", command) }
                guard values.updateValue(arguments[place], forKey: name) == nil else {
                    throw Self.refusal("\(name) is given twice", command)
                }
                if case .choice(_, let words) = option.kind { try Self.check(arguments[place], for: name, among: words, command) }
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
        try checkOperands(of: command)
    }

    private func checkOperands(of command: Command) throws(CommandFailure) {
        for (place, operand) in command.operands.enumerated() {
            guard place < operands.count else {
                if operand.count == .one { throw Self.refusal("\(operand.name) is missing", command) }
                continue
            }
            if !operand.choices.isEmpty { try Self.check(operands[place], for: operand.name, among: operand.choices, command) }
        }
        if let last = command.operands.last, last.count != .several, operands.count > command.operands.count {
            throw Self.refusal("\(shown(operands[command.operands.count])) is one word too many", command)
        }
    }

    private static func check(
        _ word: String, for name: String, among known: [String], _ command: Command
    ) throws(CommandFailure) {
        guard !known.contains(word) else { return }
        throw refusal("\(name) is not \(shown(word))", command, hint: NearestName.hint(for: word, among: known))
    }

    /// The value of an option that is a whole number; nil when it is not given.
    func integer(_ name: String, within range: ClosedRange<Int>, of command: Command) throws(CommandFailure) -> Int? {
        guard let text = values[name] else { return nil }
        guard let value = Int(text), range.contains(value) else {
            let hint =
                range.upperBound == .max
                ? "a number from \(range.lowerBound) on" : "a number from \(range.lowerBound) to \(range.upperBound)"
            throw Self.refusal("\(name) is not \(shown(text))", command, hint: hint)
        }
        return value
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
