// Percentages are exact decimals (decision 42): 0.07 % of 10,000 draws is 7, and 29 % of 100 rows are 29, whatever doubles make of it.

/// A number from 0 to 100, as it is written: digits × 10^exponent.
public struct Percentage: Hashable, Sendable {
    private let digits: Int64
    private let exponent: Int

    /// nil when the value is no number from 0 to 100.
    public init?(_ value: JSON) {
        switch value {
        case .integer(let number) where (0...100).contains(number): (digits, exponent) = (number, 0)
        case .double(let number) where number >= 0 && number <= 100:
            // The shortest text that reads back as the number is what was written.
            var (digits, exponent, isFraction) = (Int64(0), 0, false)
            let parts = DoubleText.text(of: number).split(separator: "e")
            for character in parts[0].utf8 {
                if character == UInt8(ascii: ".") {
                    isFraction = true
                } else {
                    digits = digits * 10 + Int64(character - UInt8(ascii: "0"))
                    if isFraction { exponent -= 1 }
                }
            }
            if parts.count > 1 { exponent += Int(parts[1])! }
            (self.digits, self.exponent) = (digits, exponent)
        default: return nil
        }
    }

    /// How many of the 10,000 draws 0, 1, 2 … are below it: "h mod 10000 < percent × 100" (semantics §4).
    var draws: Int {
        var (digits, exponent) = (digits, exponent + 2)
        while exponent > 0 {
            digits *= 10
            exponent -= 1
        }
        // What is left of a draw counts as a whole one: the draws are whole numbers.
        var isMore = false
        while exponent < 0 && digits > 0 {
            isMore = isMore || digits % 10 > 0
            digits /= 10
            exponent += 1
        }
        return Int(digits) + (isMore ? 1 : 0)
    }

    /// So much of so many rows, the rest of a row cut off: "floor(p/100 × rows)" (semantics §4).
    public func of(_ rows: Int) -> Int {
        // At most 17 digits of the one and 19 of the other.
        var (product, exponent) = (Int128(digits) * Int128(rows), exponent - 2)
        while exponent > 0 {
            product *= 10
            exponent -= 1
        }
        while exponent < 0 && product > 0 {
            product /= 10
            exponent += 1
        }
        return Int(product)
    }
}
