// What operators have to decide at the end of a commit: a heap of marks, each once.

/// What was marked, each once, and taken in the order of operators.
struct Marks: ~Copyable {
    private var marks = Vector<Mark>()
    private var places = IntegerMap()
    /// Marks as a heap: none is lower than the one at half its place.
    private var heap = Vector<Number<Mark>>()

    /// How many wait to be decided.
    var count: Int { heap.count }

    mutating func mark(_ mark: Mark) {
        let key = IntegerMap.key(mark.operation, mark.item)
        if let place = places.find(key) {
            marks[place].cause = mark.cause
            return
        }
        places.insert(key, Int32(marks.count))
        heap.append(marks.nextNumber)
        marks.append(mark)
        rise(from: heap.count - 1)
    }

    /// The operator that decides next, if it is of a stratum or a lower one; nil when there is none.
    func lowest(through stratum: Int32 = .max) -> OperatorNumber? {
        guard !heap.isEmpty, marks[heap[0]].stratum <= stratum else { return nil }
        return marks[heap[0]].operation
    }

    /// The next mark of the operator that decides now; nil when there are no more.
    mutating func take(of operation: OperatorNumber) -> Mark? {
        guard !heap.isEmpty, marks[heap[0]].operation == operation else { return nil }
        let lowest = marks[heap[0]]
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return lowest
    }

    mutating func removeAll() {
        marks.removeAll()
        places.removeAll()
        heap.removeAll()
    }

    private func isBefore(_ a: Number<Mark>, _ b: Number<Mark>) -> Bool {
        let (first, second) = (marks[a], marks[b])
        if first.stratum != second.stratum { return first.stratum < second.stratum }
        return first.operation != second.operation ? first.operation < second.operation : a < b
    }

    private mutating func rise(from place: Int) {
        var place = place
        while place > 0, isBefore(heap[place], heap[(place - 1) / 2]) {
            heap.swap(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func sink() {
        var place = 0
        while true {
            var lower = place * 2 + 1
            if lower >= heap.count { return }
            if lower + 1 < heap.count, isBefore(heap[lower + 1], heap[lower]) { lower += 1 }
            if !isBefore(heap[lower], heap[place]) { return }
            heap.swap(place, lower)
            place = lower
        }
    }
}
