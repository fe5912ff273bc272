// Every code of a problem that an answer may have: its status, its title, and the page that explains it. The list is closed; clients may
// rely on it.

/// Why a request was not done: the last part of `type`, stable.
public enum ProblemCode: String, Sendable, CaseIterable {
    case requestMalformed = "request-malformed"
    case headersRepeated = "headers-repeated"
    case pathMalformed = "path-malformed"
    case queryMalformed = "query-malformed"
    case queryUnknown = "query-unknown"
    case queryRepeated = "query-repeated"
    case queryInvalid = "query-invalid"
    case bodyMalformed = "body-malformed"
    case cursorInvalid = "cursor-invalid"
    case tokenNeeded = "token-needed"
    case tokenUnknown = "token-unknown"
    case roleTooSmall = "role-too-small"
    case originForeign = "origin-foreign"
    case notFound = "not-found"
    case methodNotAllowed = "method-not-allowed"
    case notAcceptable = "not-acceptable"
    case bodyTooSlow = "body-too-slow"
    case versionDiffers = "version-differs"
    case sequenceNotReached = "sequence-not-reached"
    case bodyTooLong = "body-too-long"
    case targetTooLong = "target-too-long"
    case contentTypeUnknown = "content-type-unknown"
    case rangeBeyondEnd = "range-beyond-end"
    case hostForeign = "host-foreign"
    case definitionInvalid = "definition-invalid"
    case tooManyStreams = "too-many-streams"
    case tooBusy = "too-busy"
    case headTooLong = "head-too-long"
    case fault = "fault"
    case starting = "starting"
    case stopping = "stopping"
    case fenced = "fenced"
    case kafkaUnreachable = "kafka-unreachable"
    case answerTooLate = "answer-too-late"
    case memoryShort = "memory-short"

    /// Of the answer.
    public var status: Int {
        switch self {
        case .requestMalformed, .headersRepeated, .pathMalformed, .queryMalformed, .queryUnknown, .queryRepeated, .queryInvalid,
            .bodyMalformed, .cursorInvalid:
            400
        case .tokenNeeded, .tokenUnknown: 401
        case .roleTooSmall, .originForeign: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .bodyTooSlow: 408
        case .versionDiffers, .sequenceNotReached: 412
        case .bodyTooLong: 413
        case .targetTooLong: 414
        case .contentTypeUnknown: 415
        case .rangeBeyondEnd: 416
        case .hostForeign: 421
        case .definitionInvalid: 422
        case .tooManyStreams, .tooBusy: 429
        case .headTooLong: 431
        case .fault: 500
        case .starting, .stopping, .fenced, .kafkaUnreachable, .answerTooLate, .memoryShort: 503
        }
    }

    /// Seconds after which it is worth trying again; nil when trying again changes nothing.
    public var retryAfter: Int? {
        switch self {
        case .tooManyStreams: 10
        case .tooBusy, .starting: 1
        case .stopping, .fenced, .kafkaUnreachable, .answerTooLate: 5
        case .memoryShort: 60
        default: nil
        }
    }

    /// A few words, the same each time.
    public var title: String {
        switch self {
        case .requestMalformed: "The request is malformed"
        case .headersRepeated: "Headers contradict each other"
        case .pathMalformed: "The path is malformed"
        case .queryMalformed: "The query is malformed"
        case .queryUnknown: "A parameter is not known"
        case .queryRepeated: "A parameter is given twice"
        case .queryInvalid: "A parameter has a value that does not fit"
        case .bodyMalformed: "The body is malformed"
        case .cursorInvalid: "The cursor is not one of this list"
        case .tokenNeeded: "A token is needed"
        case .tokenUnknown: "The token is not known"
        case .roleTooSmall: "The token's role does not allow that"
        case .originForeign: "The request comes from another page"
        case .notFound: "There is no such thing"
        case .methodNotAllowed: "The method is not for this path"
        case .notAcceptable: "The answer has no type that is wanted"
        case .bodyTooSlow: "The body took too long"
        case .versionDiffers: "The version is another one"
        case .sequenceNotReached: "That commit is not there yet"
        case .bodyTooLong: "The body is too long"
        case .targetTooLong: "The path is too long"
        case .contentTypeUnknown: "The body has another type"
        case .rangeBeyondEnd: "The range begins behind the end"
        case .hostForeign: "The host is not this server's"
        case .definitionInvalid: "The definition has problems"
        case .tooManyStreams: "All event streams are taken"
        case .tooBusy: "Too much is asked at once"
        case .headTooLong: "The head is too long"
        case .fault: "That is a mistake of this program"
        case .starting: "The daemon is starting"
        case .stopping: "The daemon is stopping"
        case .fenced: "Another daemon has taken over"
        case .kafkaUnreachable: "Kafka cannot be reached"
        case .answerTooLate: "The answer took too long"
        case .memoryShort: "There is too little memory for that"
        }
    }

    /// What it means and what to do, in a paragraph.
    var help: String { Self.helps[self] ?? title }

    /// Where the daemon's manual says more; nil where there is no more to say.
    public var manual: String? {
        switch self {
        case .bodyTooLong, .targetTooLong, .headTooLong, .tooManyStreams, .bodyTooSlow, .answerTooLate: "/manual/limits#the-api"
        case .tokenNeeded, .tokenUnknown, .roleTooSmall: "/manual/operations#before-the-first-start"
        case .definitionInvalid: "/manual/expressions"
        case .versionDiffers: "/manual/operations#change-a-campaign"
        case .memoryShort: "/manual/operations#how-large"
        case .starting: "/manual/alerts#starting"
        case .stopping: "/manual/alerts#stopping"
        case .fenced: "/manual/alerts#fenced"
        case .kafkaUnreachable: "/manual/alerts#kafka-unreachable"
        default: nil
        }
    }
}
