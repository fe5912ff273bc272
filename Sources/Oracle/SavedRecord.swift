// What one record gives to an audience, where the activities on the way decide each row by itself: then the other records are not needed.
public import Campaigns

extension Evaluator {
    /// What a record of a build-audience gives by a save, which takes from the activities of the campaign.
    public func saved(_ key: Key, by save: SaveAudience, of campaign: Campaign) -> Evaluation.Saved {
        let population = evaluate(campaign, isPublishing: false).populations[save.from]!
        return saved(save, from: population.with(population.rows.filter { $0.keys[0] == key }))
    }
}
