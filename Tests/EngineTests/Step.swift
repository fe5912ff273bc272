// One step of a history.
import Campaigns
import Oracle

enum Step {
    case schema(Schema)
    case publish(Campaign)
    case stop(String)
    case delete(String)
    case advance(Int64)
    case upsert(table: String, row: Row)
    case remove(table: String, key: Key, version: Datum?)
    /// An update that may move a row to another key.
    case move(table: String, from: Key, to: Row)
    case truncate(String)
    case commit
}
