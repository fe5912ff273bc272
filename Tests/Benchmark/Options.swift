// The command line of the benchmark.

struct Options {
    static let usage = """
        usage: audienced-benchmark [MEASUREMENT…] [OPTION…]

        Prints machine facts and then one JSON line per measurement: median, least and most of its repeats, its parameters, counts, and how
        busy the machine was. All of it takes about an hour and 5 GB of disk.
        Measurements (all of them when none is named):
        \(Measurement.allCases.map { "  \($0.rawValue.padded(to: 10))\($0.meaning)" }.joined(separator: "\n"))
        Options:
          --rows N             rows of the workload: one sixth customers, the others purchases (6000000)
          --campaigns N,…      live campaigns; the first is always the reference (1,10,100,1000)
          --skew uniform,zipf  how purchases fall on customers, and customers on countries (uniform,zipf)
          --rates N,…          changes per second of the latency measurement (1000,10000)
          --seconds N          how long each rate is held (20)
          --repeats N          (3)
          --brokers HOST:PORT  a Kafka for tests: topics benchmark-… are made there and left; without it what needs one is skipped
          --program FILE       the audienced to run instead of this build's own
          --folder DIR         where the workload is written and removed again ($TMPDIR or /tmp)
        """

    struct Help: Error {
        var text: String
    }

    var measurements: [Measurement] = []
    var rows = 6_000_000
    var campaigns = [1, 10, 100, 1000]
    var skews = Workload.Skew.allCases
    var rates = [1000, 10_000]
    var seconds = 20
    var repeats = 3
    var brokers: String?
    var program: String?
    var folder = environment("TMPDIR") ?? "/tmp"

    init(_ arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst() {
            if name == "--help" || name == "-h" { throw Help(text: Options.usage) }
            guard name.hasPrefix("--") else {
                guard let measurement = Measurement(rawValue: name) else { throw Failure("no measurement \(name)\n\(Options.usage)") }
                measurements.append(measurement)
                continue
            }
            guard let value = rest.popFirst() else { throw Failure("\(name) needs a value\n\(Options.usage)") }
            try set(name, value)
        }
        if measurements.isEmpty { measurements = Measurement.allCases }
    }

    private mutating func set(_ name: String, _ value: String) throws {
        func mistake() -> Failure { Failure("\(name) \(value) is not understood\n\(Options.usage)") }
        func number(_ text: some StringProtocol) throws -> Int {
            guard let number = Int(text), number > 0 else { throw mistake() }
            return number
        }
        func numbers() throws -> [Int] { try value.split(separator: ",").map { try number($0) } }
        switch name {
        case "--rows": rows = try number(value)
        case "--campaigns": campaigns = try numbers()
        case "--skew":
            skews = try value.split(separator: ",").map {
                guard let skew = Workload.Skew(rawValue: String($0)) else { throw mistake() }
                return skew
            }
        case "--rates": rates = try numbers()
        case "--seconds": seconds = try number(value)
        case "--repeats": repeats = try number(value)
        case "--brokers": brokers = value
        case "--program": program = value
        case "--folder": folder = value
        default: throw Failure("unknown option \(name)\n\(Options.usage)")
        }
    }
}

extension String {
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - count)) }
}
