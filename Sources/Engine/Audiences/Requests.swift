// What a commit says besides who is a member: requests of channels, and alerts (semantics §4, contract §4).
public import Campaigns

extension Difference {
    /// A channel of a campaign, which many requests have in common.
    public struct Sender: Equatable {
        /// The id of the campaign.
        public var campaign: String
        /// What it sends, how and why.
        public var channel: Channel
    }

    /// One request of a channel. Its texts are in the difference (`withTexts`).
    public struct Request: BitwiseCopyable {
        /// The number of its sender.
        public var sender: Int
        /// Whether it is about a row with a key.
        public var hasKey: Bool
        var identityStart: Int
        var identityEnd: Int
        var addressEnd: Int
        var keyEnd: Int
        var attributesEnd: Int
    }

    /// The texts of a request. The pointers are valid within the call.
    public struct RequestTexts {
        /// Who it is for.
        public var identity: UnsafeRawBufferPointer
        /// Where it goes.
        public var address: UnsafeRawBufferPointer
        /// The key text of the row that it is about; nil of a row without a key.
        public var key: UnsafeRawBufferPointer?
        /// As a JSON object.
        public var attributes: UnsafeRawBufferPointer
    }

    /// An alert that was raised.
    public struct Alert: Equatable {
        /// The id of the campaign.
        public var campaign: String
        /// The id of the activity.
        public var activity: String
        /// What is said.
        public var title: String?
        /// What is said besides.
        public var message: String?
        /// How many there are in its inbound.
        public var rows: Int

        public init(campaign: String, activity: String, title: String?, message: String?, rows: Int) {
            self.campaign = campaign
            self.activity = activity
            self.title = title
            self.message = message
            self.rows = rows
        }
    }

    /// The identity, address, key text and attributes of a request.
    public func withTexts<Result>(of request: Request, _ body: (RequestTexts) -> Result) -> Result {
        bytes.withUnsafeBytes { all in
            func part(_ start: Int, _ end: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: all[start..<end]) }
            return body(
                RequestTexts(
                    identity: part(request.identityStart, request.identityEnd), address: part(request.identityEnd, request.addressEnd),
                    key: request.hasKey ? part(request.addressEnd, request.keyEnd) : nil,
                    attributes: part(request.keyEnd, request.attributesEnd)))
        }
    }

    /// The number of a channel as a sender.
    func sender(_ channel: Channel, of campaign: String) -> Int {
        let sender = Sender(campaign: campaign, channel: channel)
        if let found = sendersOf[campaign]?.first(where: { senders[$0] == sender }) { return found }
        sendersOf[campaign, default: []].append(senders.count)
        senders.append(sender)
        return senders.count - 1
    }

    /// Adds a request; `attributes` is a JSON object.
    func append(
        sender: Int, identity: UnsafeRawBufferPointer, address: UnsafeRawBufferPointer, key: UnsafeRawBufferPointer?,
        attributes: UnsafeRawBufferPointer
    ) {
        var request = Request(
            sender: sender, hasKey: key != nil, identityStart: bytes.count, identityEnd: 0, addressEnd: 0, keyEnd: 0, attributesEnd: 0)
        bytes.append(contentsOf: identity)
        request.identityEnd = bytes.count
        bytes.append(contentsOf: address)
        request.addressEnd = bytes.count
        if let key { bytes.append(contentsOf: key) }
        request.keyEnd = bytes.count
        bytes.append(contentsOf: attributes)
        request.attributesEnd = bytes.count
        requests.append(request)
    }

    /// Sorts requests by campaign, activity, namespace and identity, and alerts by campaign and activity, each by UTF-8 bytes.
    func sortRequests() {
        func texts(_ sender: Sender) -> [String] { [sender.campaign, sender.channel.id, sender.channel.namespace] }
        func isBefore(_ a: [String], _ b: [String]) -> Bool {
            for (first, second) in zip(a, b) where first != second { return first.isBefore(second) }
            return false
        }
        let names = senders.map(texts)
        var order = Array(names.indices)
        let sorted = order.sorted { isBefore(names[$0], names[$1]) }
        for (place, (former, sender)) in zip(sorted, sorted.dropFirst()).enumerated() {
            if place == 0 { order[former] = 0 }
            order[sender] = isBefore(names[former], names[sender]) ? place + 1 : order[former]
        }
        bytes.withUnsafeBytes { all in
            requests.sort { a, b in
                if order[a.sender] != order[b.sender] { return order[a.sender] < order[b.sender] }
                return isLess(
                    UnsafeRawBufferPointer(rebasing: all[a.identityStart..<a.identityEnd]),
                    UnsafeRawBufferPointer(rebasing: all[b.identityStart..<b.identityEnd]))
            }
        }
        alerts.sort { isBefore([$0.campaign, $0.activity], [$1.campaign, $1.activity]) }
    }
}
