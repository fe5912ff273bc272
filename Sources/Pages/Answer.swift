// What a page is made of: an answer of the API.
package import Campaigns

/// One answer: the value, or why there is none.
package struct Answer: Sendable {
    /// Of HTTP.
    package let status: Int
    /// A problem document where the status is not that of a success.
    package let json: JSON
    /// The commit that it shows, and its clock as a text; nil: it shows none.
    package let sequence: Int64?
    package let clock: String?

    package init(status: Int, json: JSON, sequence: Int64?, clock: String?) {
        self.status = status
        self.json = json
        self.sequence = sequence
        self.clock = clock
    }

    var isThere: Bool { status < 400 }
}
