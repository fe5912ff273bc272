// Goal: no text becomes markup. Method: texts that would break out of where they stand, in every page's places.
import Testing

@testable import Pages

@Suite struct HTMLTests {
    @Test func textIsEscapedWhereverItStands() {
        let text = "<script>\"'&\0"
        let html: HTML = "<p title=\"\(text)\">\(text)</p>"
        #expect(
            String(decoding: html.bytes, as: UTF8.self)
                == "<p title=\"&lt;script&gt;&quot;&#39;&amp;\u{fffd}\">&lt;script&gt;&quot;&#39;&amp;\u{fffd}</p>")
        #expect(("<b>\(html)</b>" as HTML).bytes.count == html.bytes.count + 7)
    }

    @Test func addressesAreEncodedPieceByPiece() {
        #expect(
            Address("audiences", "a/b", "members", query: [("who", "x&y=z"), ("none", nil)]).text
                == "/audiences/a%2Fb/members?who=x%26y%3Dz")
        #expect(Address("campaigns:plan").ofAPI.text == "/api/v1/campaigns:plan")
        #expect(Address("").text == "/")
    }
}
