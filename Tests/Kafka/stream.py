"""Goal: check every committed record of every output topic against the rules of the stream (contract §4).

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: `check` takes the records as read with read_committed from the beginning to the end (`broker.read_committed`), in any order;
records of different partitions have no common order, so events are put in order by (sequence, n) of their `ce_id`. It returns the
problems by rule, one entry a rule whether there are any or not, and the members that the events leave behind. test_stream.py
corrupts a good stream once per rule."""
import json
import re
from bisect import bisect_right
from collections import Counter, defaultdict
from dataclasses import dataclass, field

MEMBERS, UPDATES, REQUESTS, DEAD = "audience-members", "audience-updated", "channel-requests", "audienced.dlq"
TYPES = {"realized": "audience.member.entered", "existing": "audience.member.updated", "exited": "audience.member.exited"}
CAUSES = {"change", "time", "publish", "definition", "upstream", "stop", "erasure", "repair"}
RULES = {
    "readable": "every record is a JSON object with the members that its kind has",
    "headers": "binary CloudEvents: version, id, source, type, time",
    "keys": "key and partition (murmur2, of a member event of namespace|identity) of every record",
    "ce_id once": "no ce_id twice over all topics",
    "order": "events of a commit in the contract's order, at one time; time never goes back",
    "alternation": "per member entered, updated*, exited",
    "tombstones": "a null value with the same key and no headers behind each exited, and nowhere else",
    "sequence grows": "per member",
    "real updates": "no update without a change",
    "causes": "only causes that can be here",
    "one update": "exactly one audience.updated per audience and commit that changed it",
    "counts": "entered, updated, exited, size and rows of audience.updated as the member events say",
    "complete": "the last audience.updated of an audience is complete",
    "accepted": "no definition was refused",
    "barriers": "a barrier is reached once, and its outputs cover every event up to its commit",
}


@dataclass
class Record:
    """One record as a consumer gives it; `topic` without the prefix."""
    topic: str
    partition: int
    offset: int
    key: str | None
    headers: dict
    value: bytes | None


@dataclass
class Event:
    """A record that could be read: its place in the stream and its content."""
    record: Record
    sequence: int
    n: int
    value: dict
    tombstone: Record | None = None

    @property
    def last_offset(self):
        """Of what belongs to the event."""
        return (self.tombstone or self.record).offset

    @property
    def member(self):
        """(audience, namespace, identity), or None for an event of audience-updated."""
        if self.record.topic != MEMBERS:
            return None
        return self.value["audience"], self.value["identity"]["namespace"], self.value["identity"]["id"]

    def __str__(self):
        return f"{self.record.topic}[{self.record.partition}]@{self.record.offset} ce_id {self.sequence}-{self.n}"


@dataclass
class Result:
    problems: dict = field(default_factory=lambda: {rule: [] for rule in RULES})
    members: dict = field(default_factory=lambda: defaultdict(dict))       # audience -> identity -> (rows, attributes)
    events: list = field(default_factory=list)
    records: int = 0


def murmur2(data):
    """Java's hash of a key, as Kafka's default partitioner uses it."""
    mask, m = 0xFFFFFFFF, 0x5BD1E995
    h = (0x9747B28C ^ len(data)) & mask
    whole = len(data) // 4 * 4
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i:i + 4], "little") * m & mask
        h = (h * m & mask) ^ ((k ^ k >> 24) * m & mask)
    rest = data[whole:]
    if rest:
        h = (h ^ int.from_bytes(rest, "little")) * m & mask
    h = (h ^ h >> 13) * m & mask
    return h ^ h >> 15


def partition_of(key, partitions):
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partitions


def check(records, group, partitions, causes=CAUSES, more_causes=None):
    """All rules. `partitions`: topic -> number of partitions; `causes`: those that can occur in this run, `more_causes`: audience ->
    those that can occur there besides."""
    result = Result(records=len(records))
    tombstones = [record for record in records if record.topic == MEMBERS and record.value is None]
    for record in records:
        if record.topic in (UPDATES, REQUESTS) or record.topic == MEMBERS and record.value is not None:
            read(record, group, partitions, result)
    result.events.sort(key=lambda event: (event.sequence, event.n))
    check_tombstones(tombstones, result)
    check_order(result)
    check_members(result, causes, more_causes or {})
    check_updates(result)
    check_barriers(result)
    return result


def read(record, group, partitions, result):
    """Reads one record into an event; checks what can be seen from it alone."""
    where = f"{record.topic}[{record.partition}]@{record.offset}"
    try:
        value = json.loads(record.value)
        key, kind, wanted = expected(record.topic, value)
        placing = "|".join(key.split("|")[-2:]) if record.topic in (MEMBERS, REQUESTS) else key
    except (TypeError, ValueError, KeyError) as error:
        result.problems["readable"].append(f"{where}: {type(error).__name__} {error}: {record.value!r:.200}")
        return
    result.problems["readable"] += [f"{where}: no {name!r}" for name in wanted if name not in value]
    if record.key != key:
        result.problems["keys"].append(f"{where}: key {record.key!r} instead of {key!r}")
    elif record.partition != partition_of(placing, partitions[record.topic]):
        result.problems["keys"].append(f"{where}: key {key!r} belongs into partition {partition_of(placing, partitions[record.topic])}")
    say = result.problems["headers"].append
    for name, text in {"ce_specversion": "1.0", "ce_source": f"audienced/{group}", "ce_type": kind, "ce_time": value.get("time")}.items():
        if record.headers.get(name) != text:
            say(f"{where}: {name} is {record.headers.get(name)!r} instead of {text!r}")
    found = re.fullmatch(r"(\d+)-(\d+)", record.headers.get("ce_id") or "")
    if not found:
        say(f"{where}: ce_id is {record.headers.get('ce_id')!r}")
        return
    sequence = int(found[1])
    if value.get("sequence", sequence) != sequence:
        say(f"{where}: ce_id {found[0]} with sequence {value['sequence']}")
    result.events.append(Event(record, sequence, int(found[2]), value))


def expected(topic, value):
    """Key, type and required members of a record; KeyError or TypeError where it lacks what these follow from."""
    if topic == MEMBERS:
        identity = value["identity"]
        wanted = ["rows", "cause", "campaign", "campaignVersion", "sequence", "time"]
        wanted += ["attributes"] if value["status"] != "exited" and not value.get("truncated") else []
        return "|".join((value["audience"], identity["namespace"], identity["id"])), TYPES[value["status"]], wanted
    if topic == REQUESTS:
        identity = value["identity"]
        wanted = ["request", "channel", "category", "address", "template", "attributes", "schema", "key", "time"]
        return "|".join((value["campaign"], value["activity"], identity["namespace"], identity["id"])), "channel.requested", wanted
    kind = value["type"]
    wanted = ["sequence", "time"]
    if kind == "audience.updated":
        wanted += ["label", "size", "rows", "entered", "updated", "exited", "rejected", "complete", "campaign", "campaignVersion"]
    if kind == "alert.raised":
        wanted += ["campaign", "activity", "title", "message", "rows"]
    if kind == "audience.snapshot":
        wanted += ["audience", "snapshot"]
    if kind.startswith("barrier."):
        return value["id"], kind, ["offsets", "outputs", *wanted]
    if kind.endswith(".rejected"):
        return value[kind.removesuffix(".rejected")] or "", kind, ["problems", *wanted]
    return value.get("audience") or value.get("campaign") or value["schema"], kind, wanted


def check_order(result):
    """ce_id, one time a commit, and the order within it: member events by audience, namespace, identity (UTF-8 bytes), then
    audience-updated, barriers last."""
    ids = Counter((event.sequence, event.n) for event in result.events)
    result.problems["ce_id once"] += [f"{sequence}-{n} is there {count} times" for (sequence, n), count in ids.items() if count > 1]
    say, before = result.problems["order"].append, None
    for event in result.events:
        if event.member:
            place = (0, *(part.encode() for part in event.member))
        else:
            place = (2,) if str(event.value.get("type")).startswith("barrier.") else (1,)
        if before:
            last, its_place = before
            if event.sequence == last.sequence and place < its_place:
                say(f"{event} comes after {last}")
            if event.sequence == last.sequence and event.value.get("time") != last.value.get("time"):
                say(f"{event}: time {event.value.get('time')}, but {last} has {last.value.get('time')}")
            if str(event.value.get("time")) < str(last.value.get("time")):
                say(f"{event}: time {event.value.get('time')} after {last.value.get('time')} of {last}")
        before = event, place


def check_tombstones(tombstones, result):
    """Each exited has its tombstone right behind it among the records of its key, which are all in one partition."""
    say, histories = result.problems["tombstones"].append, defaultdict(list)
    for event in result.events:
        if event.member:
            histories[event.record.partition, event.record.key].append((event.record.offset, event))
    for record in tombstones:
        histories[record.partition, record.key].append((record.offset, None))
        if record.headers:
            say(f"{record}: a tombstone with headers")
    by_offset = {(record.partition, record.offset): record for record in tombstones}
    for (partition, key), history in histories.items():
        gone = None
        for offset, event in sorted(history, key=lambda item: item[0]):
            if event is None and gone is None:
                say(f"{MEMBERS}[{partition}]@{offset}: a tombstone of {key!r} behind no exited")
            elif event is None:
                gone.tombstone = by_offset[partition, offset]
            elif gone is not None:
                say(f"{gone}: {key!r} exited without a tombstone")
            gone = event if event and event.value["status"] == "exited" else None
        if gone is not None:
            say(f"{gone}: {key!r} exited without a tombstone")


def check_members(result, causes, more_causes):
    """Each member's history, and who is left at the end."""
    newest, problems = {}, result.problems
    for event in result.events:
        if not event.member:
            continue
        audience, _, identity = event.member
        value, status, held = event.value, event.value["status"], result.members[audience].get(identity)
        now = (value.get("rows"), value.get("attributes"))
        if event.sequence <= newest.get(event.member, -1):
            problems["sequence grows"].append(f"{event}: {event.member} has an event at {newest[event.member]} already")
        newest[event.member] = event.sequence
        if (held is None) != (status == "realized"):
            problems["alternation"].append(f"{event}: {event.member} {status} while {'out' if held is None else 'in'}")
        if status == "existing" and held == now and not value.get("truncated"):
            problems["real updates"].append(f"{event}: {event.member} is as it was, {now}")
        if status == "exited" and value.get("attributes"):
            problems["readable"].append(f"{event}: exited with attributes")
        if status != "exited" and not (isinstance(value.get("rows"), int) and value["rows"] > 0):
            problems["readable"].append(f"{event}: {value.get('rows')} rows")
        if value.get("cause") not in causes | more_causes.get(audience, set()):
            problems["causes"].append(f"{event}: cause {value.get('cause')!r}")
        if status == "exited":
            result.members[audience].pop(identity, None)
        else:
            result.members[audience][identity] = now


def check_updates(result):
    """audience.updated against the member events of its commit; sizes and rows are followed apart from the members above, by
    adding up statuses, so that a broken history of one member does not hide."""
    sizes, rows, held = Counter(), Counter(), {}
    changed, reported, complete = defaultdict(Counter), Counter(), {}
    for event in result.events:
        if event.member:
            audience, gone = event.member[0], event.value["status"] == "exited"
            now = 0 if gone else event.value.get("rows") or 0
            sizes[audience] += {"realized": 1, "exited": -1}.get(event.value["status"], 0)
            rows[audience] += now - held.get(event.member, 0)
            held[event.member] = now
            changed[audience, event.sequence][event.value["status"]] += 1
            continue
        kind = event.value.get("type")
        if kind in ("campaign.rejected", "schema.rejected"):
            result.problems["accepted"].append(f"{event}: {event.value}")
        if kind != "audience.updated":
            continue
        audience = event.value["audience"]
        reported[audience, event.sequence] += 1
        complete[audience] = event.value.get("complete")
        commit = changed.get((audience, event.sequence), Counter())
        said = {"entered": commit["realized"], "updated": commit["existing"], "exited": commit["exited"], "size": sizes[audience], "rows": rows[audience]}
        result.problems["counts"] += [f"{event} of {audience}: {name} is {event.value.get(name)}, the members say {count}"
                                      for name, count in said.items() if event.value.get(name) != count]
    result.problems["one update"] += [f"no audience.updated of {audience} at {sequence}" for audience, sequence in changed if not reported[audience, sequence]]
    result.problems["one update"] += [f"{count} audience.updated of {audience} at {sequence}" for (audience, sequence), count in reported.items() if count > 1]
    result.problems["complete"] += [f"{audience} is not complete at the end" for audience, whole in complete.items() if whole is not True]


def check_barriers(result):
    """`outputs` of a barrier says how far to read to see everything up to its commit."""
    say, seen = result.problems["barriers"].append, Counter()
    ends = defaultdict(lambda: ([], []))        # partition of audience-members -> sequences, largest offset up to there
    for event in result.events:
        record = event.record
        if event.member:
            sequences, offsets = ends[record.partition]
            sequences.append(event.sequence)
            offsets.append(max(event.last_offset, offsets[-1] if offsets else -1))
        elif event.value.get("type") == "barrier.reached":
            seen[event.value.get("id")] += 1
    for event in result.events:
        if event.member or event.value.get("type") != "barrier.reached":
            continue
        given = {topic: parts for topic, parts in (event.value.get("outputs") or {}).items() if topic.endswith(MEMBERS)}
        upto = next(iter(given.values()), {})
        for partition, (sequences, offsets) in ends.items():
            place = bisect_right(sequences, event.sequence)
            if place and upto.get(str(partition), 0) <= offsets[place - 1]:
                say(f"{event}: outputs of partition {partition} end at {upto.get(str(partition))}, but offset {offsets[place - 1]} belongs to it")
    result.problems["barriers"] += [f"barrier {name} was reached {count} times" for name, count in seen.items() if count > 1]


def check_dead_letters(records, prefix, poison):
    """Problems of the dead letters: exactly the poison records, each once. `poison`: (topic, partition, offset) -> value, where topic
    is without the prefix."""
    problems, seen = [], Counter()
    for record in records:
        if record.topic != DEAD:
            continue
        said = {name: record.headers.get(f"__connect.errors.{name}") for name in ("topic", "partition", "offset", "stage", "exception.message")}
        problems += [f"dead letter {record.offset}: no header __connect.errors.{name}" for name, text in said.items() if not text]
        place = ((said["topic"] or "").removeprefix(prefix), int(said["partition"] or -1), int(said["offset"] or -1))
        seen[place] += 1
        if place not in poison:
            problems.append(f"dead letter of {place}, which is not poison: {said['exception.message']}")
        elif poison[place] != record.value:
            problems.append(f"dead letter of {place} has another value")
    problems += [f"{count} dead letters of {place}" for place, count in seen.items() if count > 1]
    return problems + [f"no dead letter of {place}" for place in poison.keys() - seen.keys()]


def report(result, checks, title):
    """Adds one check per rule."""
    for rule, problems in result.problems.items():
        checks.add(f"{title}: {rule}", problems)
