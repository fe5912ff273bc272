// Numbers of things as tests write them: the parts are tried with numbers that nobody gave them.
@testable import Engine

extension Number: ExpressibleByIntegerLiteral where Kind: ~Copyable {
    init(integerLiteral value: Int32) {
        self.init(value)
    }
}

extension RandomNumbers {
    /// A number of whatever kind is asked for.
    mutating func any<Kind: ExpressibleByIntegerLiteral>(_ range: ClosedRange<Int>) -> Kind where Kind.IntegerLiteralType == Int32 {
        Kind(integerLiteral: Int32(number(range)))
    }
}
