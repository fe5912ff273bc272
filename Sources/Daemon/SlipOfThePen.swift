// The known name that an unknown one was most likely meant to be, for people who write keys, options and commands by hand.
import Campaigns

extension NearestName {
    /// The known name that is at most two letters away, or that begins with what was given; nil when none does.
    static func slip(of name: String, among known: [String]) -> String? {
        if let best = nearest(to: name, among: known), best.distance <= max(1, min(2, best.name.utf8.count / 2)) { return best.name }
        return name.utf8.count < 4 ? nil : known.first { $0.hasPrefix(name) }
    }
}
