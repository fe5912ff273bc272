// Goal: of a control event it is told what it asked for and of what, also when it was refused. Method: control events of each kind through
// the state machine.
import Campaigns
import Testing

@testable import Daemon
@testable import Wire

@Suite struct PublicationsTests {
    @Test func whatTheyWereAbout() {
        let house = House()
        house.machine.summarizes = true
        house.control(Sample.publish())
        house.control(Sample.publish(campaign: Sample.campaign("c", audience: "vip")))
        house.control(#"{"type":"campaign.stopped","campaignId":"c"}"#)
        house.control(#"{"type":"campaign.deleted","campaignId":"c"}"#)
        house.control(#"{"type":"campaign.deleted","campaignId":"c"}"#)
        house.control(Sample.publish(campaign: Sample.campaign("wrong", audience: "vip", filter: "nothing = 1")))
        house.control(#"{"type":"campaign.stopped","campaignId":"x","time":"soon"}"#)
        house.control(
            Sample.publish(campaign: Sample.campaign(String(repeating: "n", count: 100_000), audience: "vip", filter: "nothing = 1")))
        house.control("{}")
        let told = house.machine.takeChange().publications.map { publication in
            let about = [publication.type?.rawValue, publication.schema, publication.campaign, publication.version.map { "\($0)" }]
            return (about.compactMap(\.self) + (publication.problems == nil ? [] : ["refused"])).joined(separator: " ")
        }
        #expect(
            told == [
                "schema.published people", "campaign.published c 1", "campaign.stopped c 1", "campaign.deleted c 1",
                "campaign.deleted c refused", "campaign.published wrong refused", "x refused",
                "campaign.published refused", "refused",
            ])
    }
}
