// Vectors of what tests have in arrays.
@testable import Engine

extension Vector where Element: BitwiseCopyable {
    init(_ elements: [Element]) {
        self.init()
        for element in elements { append(element) }
    }
}
