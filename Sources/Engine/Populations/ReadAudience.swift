// read-audience: "Every record of the dimension whose `identityField` value is a current member of the audience. `attributes` carries the
// audience's attribute columns." Records lead by their identity to the table of the audience (Audiences/AudienceTables), whose rows are its
// members.
import Campaigns

extension ReadAudience: PopulationMaker {
    func populations(of inbounds: Inbounds, in engine: inout Engine) -> [String: Population] {
        [Transition.main: engine.population(of: self)]
    }
}

extension Engine {
    fileprivate mutating func population(of read: ReadAudience) -> Population {
        var frame = Frame(table: tables.number(of: read.dimension))
        let audience = audienceTable(read.audience, carrying: read.columns)
        let identity = intern(.column(ColumnNumber(read.identityField), of: frame.table))
        let link = valueLink(identity, to: audience.table)
        for column in read.columns {
            frame.columns[column.name] = follow(link, intern(.column(audience.columns[column.name]!.column, of: audience.table)))
        }
        return Population(frame: frame, who: follow(link, build(.literal(.boolean(true)), table: audience.table)))
    }
}
