// read-audience in random histories: whether an audience that another campaign saves is there to be read is a question of luck.
import Oracle

@testable import Campaigns

extension ReadAudience: RandomActivity {
    var activity: Activity { .read(self) }

    static var weight: Int { 4 }

    static func add(to campaign: inout RandomCampaign, _ random: inout RandomNumbers) {
        let readable = campaign.audiences.readable(by: campaign.campaign.id)
        guard !readable.isEmpty else { return }
        let id = random.pick(readable)
        let audience = campaign.audiences.readable(id, by: campaign.campaign.id)!
        let fields = campaign.schemas.values.sorted { $0.name < $1.name }.flatMap { schema in
            schema.identities.filter { $0.namespace == audience.namespace }.map { (schema: schema.name, field: $0.field) }
        }
        guard !fields.isEmpty else { return }
        let (schema, field) = random.pick(fields)
        var columns: [Column] = []
        for (name, type) in audience.columns.sorted(by: { $0.key < $1.key }) where random.chance(60) {
            columns.append(Column(name: name, type: type))
        }
        campaign.add(
            .read(
                ReadAudience(
                    id: campaign.newId, position: campaign.campaign.activities.count, audience: id, namespace: audience.namespace,
                    dimension: schema, identityField: field, columns: columns)))
    }

    mutating func take(_ transitions: [Transition]) {}

    func outputs(
        from inbounds: [Campaign.Carried], joining joined: [Campaign.Carried], in schemas: [String: Schema]
    ) -> [String: Campaign.Carried]? {
        let types = Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.type) })
        return [Transition.main: Campaign.Carried(dimension: dimension, columns: types)]
    }

    func text(_ readable: Readable) -> String { "\(dimension) by [\(identityField)] in \(audience), with \(columns.map(\.name))" }

    var fewer: [ReadAudience] {
        changed { change in
            for column in columns.indices { change { $0.columns.remove(at: column) } }
        }
    }

    func meet(_ meeting: Meeting) {
        meeting.note("read-audience", Transition.main)
        if meeting.count(Transition.main) < meeting.all.rows.count { meeting.met.words.insert("read-audience: not all") }
        if !columns.isEmpty { meeting.met.words.insert("read-audience with attributes") }
    }

    static var isMetAtCommits: Bool { true }

    static var wanted: [String] { Met.someAndNotAll(["read-audience"]) + ["read-audience with attributes"] }
}
