// A plan that was saved (`plan --save`), for `publish --plan`: what it was made of is published over what it was made for, or nothing is.
import Campaigns
import HTTP
import Storage

struct SavedPlan {
    private struct Planned {
        let sha256: String
        /// nil: it was new.
        let baseVersion: Int64?
    }

    private let path: String
    /// By campaign.
    private let campaigns: [String: Planned]

    init(_ path: String) throws {
        self.path = path
        let file = try LineFile(path: path)
        let text = withExtendedLifetime(file) { Array(file.bytes) }
        guard let plan = JSON(text: text), let version = plan.integer("formatVersion") else {
            throw CommandFailure(.data, "\(path) is no plan — audienced plan FILE --save \(path) writes one")
        }
        guard version == PlannedCampaigns.formatVersion else {
            throw CommandFailure(.data, "\(path) is a plan of format \(version), and this program reads \(PlannedCampaigns.formatVersion)")
        }
        campaigns = plan.elements("campaigns").reduce(into: [:]) { found, campaign in
            guard let id = campaign.text("campaign"), let sha256 = campaign.text("sha256") else { return }
            found[id] = Planned(sha256: sha256, baseVersion: campaign.integer("baseVersion"))
        }
    }

    /// Throws when something else is to be published than was planned.
    func check(_ changes: [PublishedChange]) throws(CommandFailure) {
        var left = Set(campaigns.keys)
        for change in changes {
            guard let campaign = change.campaign, let planned = campaigns[campaign.id] else {
                throw CommandFailure(.refused, "\(change.name) is not in \(path); nothing was published")
            }
            guard planned.sha256 == PlannedCampaigns.sha256(of: campaign.definition) else {
                throw CommandFailure(
                    .refused, "\(change.name) is another definition than the one in \(path); nothing was published — plan it again")
            }
            left.remove(campaign.id)
        }
        if let missing = left.sorted().first {
            throw CommandFailure(
                .refused, "\(path) was made for campaign \(printable(missing)) too, which is in no file; nothing was published")
        }
    }

    /// What makes the server refuse a version that is not the one planned for.
    func headers(of change: PublishedChange) -> Headers {
        guard let campaign = change.campaign, let planned = campaigns[campaign.id] else { return [:] }
        return planned.baseVersion.map { ["If-Match": "\"\($0)\""] } ?? ["If-None-Match": "*"]
    }
}
