// Goal: conditions of a campaign are told in words where there are some, by their places, and never guessed. Method: a campaign with all
// activities that have conditions, read by the real reader.
import Campaigns
import Testing

@testable import Daemon

@Suite struct CampaignWordsTests {
    @Test func conditionsAreTold() throws {
        let house = House()
        house.control(Sample.publish())
        let identity = #""identity":{"field":"email","namespace":"Email"}"#
        house.control(
            Sample.publish(
                campaign: #"""
                    {"id":"c","activities":[
                    {"id":"b","type":"build-audience","dimension":"people","filter":{"and":["n > 3","email IS NOT NULL"]}},
                    {"id":"odd","type":"build-audience","dimension":"people","filter":"n % 2 = 1"},
                    {"id":"all","type":"build-audience","dimension":"people"},
                    {"id":"p","type":"split","from":"b","subsets":[{"name":"x"},{"name":"y","filter":"n IN (5, 6)"}]},
                    {"id":"t","type":"test","from":"p.y","conditions":[{"name":"many","when":"recCount >= 10"}]},
                    {"id":"a","type":"alert","from":"t.many","title":"Many"},
                    {"id":"s","type":"save-audience","from":"a","audience":{"id":"v"},\#(identity)}]}
                    """#))
        #expect(house.rejected == 0)
        house.machine.summarizes = true
        let words = try #require(house.machine.summary().campaigns["c"]??.words)
        #expect(words["b"]?.text("filter") == "n is more than 3 and email is there")
        #expect(words["p"]?.members.map(\.name) == ["subsets[1].filter"] && words["p"]?.text("subsets[1].filter") == "n is 5 or 6")
        #expect(words["t"]?.text("conditions[0].when") == "recCount is at least 10")
        #expect(words["a"]?.text("when") == "recCount is more than 0")
        #expect(words["odd"] == nil && words["all"] == nil && words["s"] == nil, "\(words)")
    }
}

extension JSON {
    fileprivate var members: [JSON.Member] {
        if case .object(let members) = self { members } else { [] }
    }
}
