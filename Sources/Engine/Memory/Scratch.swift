// Memory that is used again.
import Campaigns

/// Memory that is used again, so that no change asks for any. Stacks: whoever appends truncates.
struct Scratch: ~Copyable {
    var conditions = Vector<Number<Condition>>()
    var rows = Vector<RowNumber>()
    /// What a change's cells are kept as, by column: codes of texts, booleans, days.
    var codes = Vector<Int32>()
    var keyBytes = Vector<UInt8>()
    /// The attributes of a member, as one JSON object.
    var attributeText = JSONText()
    var arguments = Vector<Value>()
    var course = Vector<CourseStep>()
    var termSteps = Vector<TermStep>()
    var termPieces = Vector<TermPiece>()
    var termStretches: [TermStretch: Range<Int>] = [:]
    /// Texts that expressions make.
    var texts = TextArena()
}
