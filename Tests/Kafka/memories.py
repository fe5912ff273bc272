"""Goal: what remembers (append, frozen, wait, channel, alert) against what there was to remember, commit by commit.

Python on purpose: it shares no code with the product.

Method: campaign `memory` of activities.py saves the rows behind all its activities as audience `seen`, one identity a row, so the member events
of `seen` say what each commit made of them, and when. From nothing else it follows what the activities that remember must say in the same
commit. A commit that says nothing anywhere cannot be seen; the one check that could mind (`still`) allows for it."""
from collections import Counter, defaultdict

from activities import COOLDOWN_MS, SCHEDULE_MS, WAIT_MS
from scratch import instant_ms
from stream import MEMBERS, REQUESTS

SEEN, EVER, STILL, SETTLED = "seen", "ever", "still", "settled"
REMEMBERING = {EVER, STILL, SETTLED}
CHECKS = {
    EVER: "append: the members are everybody that was ever one, as last seen",
    SETTLED: "wait: in once it was there for the duration, in the first commit from then on, and as long as it stays",
    STILL: "frozen: replaced as a whole, once in each interval at most, at a publish too, and by nothing else",
    "welcome": "channel, once: one request of each identity, in the commit in which it first appeared",
    "again": "channel, every entry: one request each time it appears, but within the cooldown",
    "alert": "alert: raised in the commits in which its condition becomes true",
}


class Commit:
    """What one commit said about the campaign."""

    def __init__(self, time_ms):
        self.time_ms, self.members, self.requests, self.alerts, self.publish = time_ms, defaultdict(dict), defaultdict(list), [], False


def commits(events):
    """sequence -> commit, of all that said anything."""
    found = {}
    for event in events:
        commit = found.setdefault(event.sequence, Commit(instant_ms(event.value["time"])))
        value = event.value
        if event.record.topic == MEMBERS:
            gone = value["status"] == "exited"
            commit.members[value["audience"]][value["identity"]["id"]] = None if gone else (value["rows"], value.get("attributes"))
        elif event.record.topic == REQUESTS:
            commit.requests[value["activity"]].append(value)
        elif value.get("campaign") == "memory" and value["type"] == "alert.raised":
            commit.alerts.append(value["rows"])
        elif value.get("campaign") == "memory" and value["type"] == "campaign.live":
            commit.publish = True
    return sorted(found.items())


def fold(members, changes):
    for identity, now in changes.items():
        if now is None:
            members.pop(identity, None)
        else:
            members[identity] = now


class Memories:
    """Follows the commits in their order; `problems`: by check."""

    def __init__(self):
        self.problems = {name: [] for name in CHECKS}
        self.seen, self.ever, self.still, self.settled = {}, {}, {}, {}         # as the events say
        self.wanted_ever, self.since, self.present = {}, {}, set()
        self.sent, self.raised, self.published_ms, self.interval, self.was, self.ids = {"welcome": {}, "again": {}}, False, None, None, {}, Counter()

    def follow(self, events):
        for sequence, commit in commits(events):
            self.was = dict(self.seen)
            for name, members in ((SEEN, self.seen), (EVER, self.ever), (STILL, self.still), (SETTLED, self.settled)):
                fold(members, commit.members[name])
            where = f"commit {sequence}"
            self.append(where, commit)
            self.wait(where, commit)
            self.frozen(where, commit)
            self.channels(where, commit)
            self.alert(where, commit)
        for name, kept in ((EVER, self.ever), (STILL, self.still), (SETTLED, self.settled), *self.sent.items()):
            if not kept:
                self.problems[name].append("there was never any")
        return self.problems

    def compare(self, name, where, wanted, got):
        if wanted != got:
            differ = [key for key in wanted.keys() | got.keys() if wanted.get(key) != got.get(key)]
            self.problems[name] += [f"{where}: {key!r} is {got.get(key)} instead of {wanted.get(key)}" for key in sorted(differ)[:5]]

    def append(self, where, commit):
        fold(self.wanted_ever, {identity: now for identity, now in commit.members[SEEN].items() if now is not None})
        self.compare(EVER, where, self.wanted_ever, self.ever)

    def wait(self, where, commit):
        for identity in commit.members[SEEN]:
            if identity not in self.seen:
                self.since.pop(identity, None)
            else:
                self.since.setdefault(identity, commit.time_ms)
        wanted = {identity: now for identity, now in self.seen.items() if self.since[identity] + WAIT_MS <= commit.time_ms}
        self.compare(SETTLED, where, wanted, self.settled)

    def frozen(self, where, commit):
        if commit.publish:
            self.published_ms, self.interval = commit.time_ms, 0
            self.compare(STILL, where, self.seen, self.still)
            return
        if self.published_ms is None:
            return
        interval = (commit.time_ms - self.published_ms) // SCHEDULE_MS
        changed = bool(commit.members[STILL])
        if changed and interval == self.interval:
            self.problems[STILL].append(f"{where}: changed again in interval {interval}")
        if changed:
            self.compare(STILL, where, self.seen, self.still)
        elif interval > self.interval and self.still not in (self.seen, self.was):
            # It was replaced here, or unseen in a commit before, by what already stood: it is the one or the other.
            self.compare(STILL, where, self.seen, self.still)
        self.interval = interval

    def channels(self, where, commit):
        present = {identity for identity, (_, attributes) in self.seen.items() if attributes["email"] is not None}
        entered, self.present = present - self.present, present
        for name, last in self.sent.items():
            due = {who for who in entered if who not in last or name == "again" and commit.time_ms >= last[who] + COOLDOWN_MS}
            last |= dict.fromkeys(due, commit.time_ms)
            wanted = {who: (self.seen[who][1]["email"], {"country": self.seen[who][1]["country"]}, who, commit.time_ms) for who in due}
            requests = commit.requests[name]
            got = {r["identity"]["id"]: (r["address"], r["attributes"], r["key"], instant_ms(r["time"])) for r in requests}
            if len(got) < len(requests):
                self.problems[name].append(f"{where}: {len(requests)} requests of {len(got)} identities")
            self.compare(name, where, wanted, got)
            self.ids.update(request["request"] for request in requests)
            self.problems[name] += [f"{where}: request {request['request']} is there twice" for request in requests if self.ids[request["request"]] > 1]

    def alert(self, where, commit):
        if self.published_ms is None:
            return
        rows = sum(rows for rows, _ in self.seen.values())
        wanted = [rows] if rows % 5 == 0 and not self.raised else []
        self.raised = rows % 5 == 0
        if commit.alerts != wanted:
            self.problems["alert"].append(f"{where}: raised with {commit.alerts} instead of {wanted} rows")


def check_memories(events):
    """Problems by check, one entry each whether there are any or not."""
    return Memories().follow(events)
