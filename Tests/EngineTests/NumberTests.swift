// Goal: a number is the place of a thing among those of its kind, in their order. Method: a vector is filled and read by the numbers that
// it gives.
import Testing

@testable import Engine

@Suite struct NumberTests {
    @Test func aVectorGivesTheNumbersOfItsElementsInOrder() {
        var values = Vector<Value>()
        #expect(Array(values.numbers) == [])
        var numbers: [Number<Value>] = []
        for number in 0..<20 {
            numbers.append(values.nextNumber)
            values.append(.integer(Int64(number)))
        }
        #expect(Array(values.numbers) == numbers && numbers == numbers.sorted() && Set(numbers).count == 20)
        values[numbers[7]] = .integer(-7)
        for (place, number) in numbers.enumerated() { #expect(values[number].integer == (place == 7 ? -7 : Int64(place))) }
    }

    @Test func numbersAreThoseOfTheFirstThingsInOrder() {
        #expect(Array(Numbers<TableRow>(count: 3)) == [RowNumber(0), RowNumber(1), RowNumber(2)])
        #expect(Array(Numbers<TableRow>(count: 0)).isEmpty)
        #expect(RowNumber.none.orNil == nil && RowNumber.noRecord.orNil == nil && RowNumber(0).orNil == RowNumber(0))
    }

    @Test func numbersAreFourBytes() {
        #expect(MemoryLayout<Number<Table>>.stride == 4)
    }
}
