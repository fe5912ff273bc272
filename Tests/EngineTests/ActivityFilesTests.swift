// Goal: each activity has its file in the rooms, so that one that is new is missed by its name and not where it is first used. Method: what
// `ActivityType` says that it is must be what each room makes of it.
import Testing

@testable import Campaigns
@testable import Engine
@testable import Oracle

@Suite struct ActivityFilesTests {
    @Test(arguments: ActivityType.allCases)
    func eachRoomKnowsIt(type: ActivityType) {
        guard let definition = type.definition else { return }
        #expect(definition is any PopulationMaker.Type, "no file in Sources/Engine/Populations")
        #expect(definition is any EvaluatedActivity.Type, "no file in Sources/Oracle/Activities")
        #expect(definition is any RandomActivity.Type, "no file in Tests/EngineTests/Activities")
    }
}
