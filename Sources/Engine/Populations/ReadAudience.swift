// read-audience: "Every record of the dimension whose `identityField` value is a current member of the audience."
import Campaigns

extension Engine {
    mutating func population(of read: ReadAudience) -> Population {
        preconditionFailure("refused when it is read")
    }
}
