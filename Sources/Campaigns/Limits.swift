// The bounds of contract §10, and those that follow from them: one place, so that no module invents its own.

/// How much is read, kept and sent at most.
public enum Limits {
    /// Bytes of one input record, control or change (10 MiB). Past it: dead letter.
    public static let inputRecordBytes = 10 * 1024 * 1024

    /// Levels of arrays and objects in one input record. Past it: dead letter.
    public static let jsonDepth = 64

    /// UTF-8 bytes of one identity value (1 KiB). Past it the row is counted as rejected.
    public static let identityBytes = 1024

    /// UTF-8 bytes of one key text: the fields of a primary key, joined with `|` (1 KiB). Past it the row is counted as rejected.
    public static let keyTextBytes = 1024

    /// What a topic of outputs takes at least (64 KiB): every event in its shortest form. A start refuses one that takes less.
    public static let smallestTopicBytes = 64 * 1024

    /// Bytes of one encoded member event (1 MiB). Past it the event goes out without attributes, marked `"truncated": true`.
    public static let memberEventBytes = 1024 * 1024

    /// Member events, and requests of channels, of one commit, beside those of audiences with less to say. What is past it waits for the
    /// next commits.
    public static let eventsPerCommit = 8192

    /// Rows that windows pass at one instant and that one commit tells, for each of its events. What is past it waits for the next commits.
    public static let rowsPerEvent = 8

    /// UTF-8 bytes of one expression text (64 KiB). Past it: refused at publish.
    public static let expressionBytes = 64 * 1024

    /// How deep parentheses, calls, CASE, IN lists, NOT and unary minus may stand in each other in one expression text, and how
    /// deep groups may stand in each other in one group tree. Past it: refused at publish.
    public static let expressionDepth = 100

    /// Members of one IN list. Past it: refused at publish.
    public static let membersOfIn = 10_000

    /// Nodes of one expression after BETWEEN and IS EMPTY, which repeat their left side, are written out. No expression of 64 KiB
    /// comes near it unless it nests them to explode. Past it: refused at publish.
    public static let expressionNodes = 200_000

    /// Operators `+ - || * / %` in one expression text: in a row they nest without parentheses. Past it: refused at publish.
    public static let expressionOperators = 1000

    /// UTF-8 bytes of a text that Replace, LPad, RPad or `||` makes (1 MiB, what an event may hold). Past it: null.
    public static let computedTextBytes = memberEventBytes

    /// UTF-8 bytes of a LIKE pattern: what the longest expression can write out. Past it: unknown.
    public static let likePatternBytes = expressionBytes

    /// Fields of one schema: more than tables of databases have. Past it: refused at publish.
    public static let fields = 4096

    /// Links of one schema. Past it: refused at publish.
    public static let links = 1000

    /// Values of one enum. Past it: refused at publish.
    public static let enumValues = 10_000

    /// Mistakes of one expression that are told, and warnings about it: more than anybody mends in one go.
    public static let expressionMistakes = 50

    /// UTF-8 bytes of the label of an audience, which goes out with every update, of a schema or of a field (1 KiB). Past it: refused at
    /// publish.
    public static let labelBytes = 1024

    /// UTF-8 bytes of all problems of one definition (128 KiB), so that they fit in one event however they are escaped. The problems
    /// past it are not told.
    public static let problemBytes = 128 * 1024

    /// UTF-8 bytes of one text of a problem (4 KiB). Past it: cut.
    public static let problemTextBytes = 4096

    /// UTF-8 bytes of the reason in a dead letter's headers (8 KiB). Past it: cut.
    public static let reasonBytes = 8192

    /// Activities of one campaign. Past it: refused at publish.
    public static let activities = 500

    /// How deep conditions and columns of activities may stand on one another, from a save back to its sources: what is evaluated nests as
    /// deep. Past it: refused at publish.
    public static let populationLevels = 1000

    /// What the populations of one campaign are made of: for each combine its inbounds times their columns, for each split the square of
    /// its subsets, for each output its columns. Past it: refused at publish.
    public static let populationParts = 1_000_000

    /// Channel activities of one campaign. Past it: refused at publish.
    public static let channelActivities = 10

    /// Characters of an identifier (contract §1).
    public static let identifierCharacters = 128

    /// For how long the version of a deleted row is held (30 days). Past it a late older change of that row is applied, and counted.
    public static let deletedVersionMilliseconds: Int64 = 30 * 86_400_000
}
