// A few numbers of one kind, ascending: those of things that somebody asks for, among all there ever were.

struct NumberList<Kind: ~Copyable>: ~Copyable {
    private var numbers = Vector<Number<Kind>>()

    var count: Int { numbers.count }

    subscript(place: Int) -> Number<Kind> { numbers[place] }

    /// Copies of them as they are.
    var all: [Number<Kind>] { (0..<numbers.count).map { numbers[$0] } }

    mutating func insert(_ number: Number<Kind>) {
        let place = place(of: number)
        if place == numbers.count || numbers[place] != number { numbers.insert(number, at: place) }
    }

    mutating func remove(_ number: Number<Kind>) {
        let place = place(of: number)
        if place < numbers.count && numbers[place] == number { numbers.remove(at: place) }
    }

    private func place(of number: Number<Kind>) -> Int {
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
