// The rows of the workload, one after the other, and beside them what the reference audience must then be: a benchmark that does not look
// at its result measures nothing.
import Campaigns

struct WorkloadRows {
    /// One change: its record is `text`.
    struct Row {
        /// The customer it is about, which keys it.
        var customer: Int
        /// Milliseconds since the Unix epoch.
        var time: Int64
    }

    let workload: Workload
    /// The record of the row made last, without a line end.
    private(set) var text = JSONText()
    private var random: RandomNumbers
    private let customersBySkew: ZipfNumbers
    private let countriesBySkew: ZipfNumbers
    /// Per purchase, whose it is.
    private var owners: [Int32] = []
    /// Per customer: would the reference's other two conditions hold.
    private var isEligible: [Bool] = []
    /// Purchases in the reference's categories.
    private var relevant: [(customer: Int, at: Int64)] = []

    init(_ workload: Workload) {
        self.workload = workload
        random = RandomNumbers(seed: workload.seed)
        let isSkewed = workload.skew == .zipf
        customersBySkew = ZipfNumbers(count: isSkewed ? workload.customers : 0, exponent: 0.9)
        countriesBySkew = ZipfNumbers(count: isSkewed ? Workload.countries.count : 0, exponent: 1)
        isEligible.reserveCapacity(workload.customers)
        owners.reserveCapacity(workload.purchases)
    }

    /// The rows to begin with: all customers, then all purchases.
    mutating func makeNext(_ number: Int) -> Row {
        let time = Workload.start + Int64(number) * Workload.loadMilliseconds / Int64(workload.rows)
        if number < workload.customers {
            isEligible.append(false)
            makeCustomer(number, score: random.fraction(), time: time)
            return Row(customer: number, time: time)
        }
        let at = Workload.start - Int64(random.fraction() * Double(Workload.historyDays * Workload.dayMilliseconds))
        return Row(customer: makePurchase(at: at, time: time), time: time)
    }

    /// How many members the reference audience has at an instant.
    func referenceSize(at now: Int64) -> Int {
        let start = now - Workload.windowDays * Workload.dayMilliseconds
        return Set(relevant.lazy.filter { $0.at >= start && isEligible[$0.customer] }.map(\.customer)).count
    }

    mutating func anyCustomer() -> Int {
        workload.skew == .zipf ? customersBySkew.next(&random) : random.below(workload.customers)
    }

    mutating func makeCustomer(_ number: Int, score: Double, time: Int64) {
        let country = workload.skew == .zipf ? countriesBySkew.next(&random) : random.below(Workload.countries.count)
        let hasOptedIn = random.below(2) == 0
        isEligible[number] = hasOptedIn && Workload.referenceCountries.contains(Workload.countries[country])
        begin("{\"table\":\"customers\",\"op\":\"u\",\"time\":", time)
        text.append(raw: ",\"row\":{\"id\":\"c")
        text.append(integer: Int64(number))
        text.append(raw: "\",\"email\":\"c")
        text.append(integer: Int64(number))
        text.append(raw: "@example.com\",\"country\":")
        text.append(string: Workload.countries[country])
        text.append(raw: ",\"age\":")
        text.append(integer: Int64(18 + random.below(70)))
        text.append(raw: ",\"tier\":")
        text.append(string: Workload.tiers[random.below(4)])
        text.append(raw: ",\"optin\":")
        text.append(boolean: hasOptedIn)
        text.append(raw: ",\"store\":")
        text.append(integer: Int64(random.below(1000)))
        text.append(raw: ",\"score\":")
        append(score, decimals: 3)
        text.append(raw: "}}")
    }

    /// A purchase that was not there before. Returns whose it is.
    mutating func makePurchase(at: Int64, time: Int64) -> Int {
        let customer = anyCustomer()
        let number = owners.count
        owners.append(Int32(customer))
        let category = random.below(100)
        if Workload.referenceCategories.contains(category) { relevant.append((customer, at)) }
        begin("{\"table\":\"purchases\",\"op\":\"u\",\"time\":", time)
        text.append(raw: ",\"row\":{\"id\":\"p")
        text.append(integer: Int64(number))
        text.append(raw: "\",\"customer_id\":\"c")
        text.append(integer: Int64(customer))
        text.append(raw: "\",\"amount\":")
        append(5 + random.fraction() * 95, decimals: 2)
        text.append(raw: ",\"category\":")
        text.append(integer: Int64(category))
        text.append(raw: ",\"at\":")
        text.append(integer: at)
        text.append(raw: "}}")
        return customer
    }

    /// A purchase goes, if it has not gone before. Returns whose it was.
    mutating func makeDelete(time: Int64) -> Int {
        let number = random.below(owners.count)
        begin("{\"table\":\"purchases\",\"op\":\"d\",\"time\":", time)
        text.append(raw: ",\"row\":{\"id\":\"p")
        text.append(integer: Int64(number))
        text.append(raw: "\"}}")
        return Int(owners[number])
    }

    private mutating func begin(_ start: StaticString, _ time: Int64) {
        text.bytes.removeAll(keepingCapacity: true)
        text.append(raw: start)
        text.append(integer: time)
    }

    /// A number with a fixed number of decimals, as databases write them.
    private mutating func append(_ value: Double, decimals: Int) {
        var scale: Int64 = 1
        for _ in 0..<decimals { scale *= 10 }
        let whole = Int64(value * Double(scale))
        text.append(integer: whole / scale)
        text.append(raw: ".")
        var place = scale / 10
        while place > 0 {
            text.bytes.append(UInt8(ascii: "0") + UInt8(whole / place % 10))
            place /= 10
        }
    }
}
