"""Goal: poison never stops the loop (contract §3, §4, §10): of every bad record one dead letter, and nothing else is affected; an output that a
topic does not take goes in a smaller form.

    python3 Tests/Kafka/poison.py PROGRAM

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: a broker of our own whose input topics take 100 MiB. Every kind of poison is written between two good rows, to partitions of two change
topics, one of them mapped to a table; control events in the same way between good ones. Each dead letter is compared with what was
written, byte by byte, and its reason read; the good rows must all have entered. Then the same with kills inside the transaction; then with output
topics whose limits are lowered while the daemon runs. At the end every committed event is checked by stream.py."""
import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import time
import traceback
from dataclasses import dataclass, field

from confluent_kafka import Producer

from broker import QUIET, Broker, Daemon, Deployment, Missing, Tail, Watch, Writer
from checks import Checks
from stream import DEAD, MEMBERS, UPDATES, check, report
from workload import CONTROL_TOPIC, CUSTOMER_TOPIC, PURCHASE_TOPIC, SCHEMAS, campaign, publish

MIB = 1 << 20
LARGEST = 10 * MIB                              # contract §10
HUGE = 101_000_000                              # librdkafka receives 100 MB by default; a broker takes requests of 100 MiB
SMALL = 64 * 1024                               # the least that the daemon asks of an output topic
ABOUT = ["topic", "partition", "offset", "stage", "exception.message"]
HEADERS = [("trace", b"\x00\xff"), ("empty", b""), ("none", None), ("trace", "é".encode())]
FIVE = {"id": "five", "activities": [
    {"id": "build", "type": "build-audience", "dimension": "custmers", "filter": "optin = TRUE"},
    {"id": "other", "type": "build-audience", "dimension": "customers", "filter": "optn = TRUE"},
    {"id": "save", "type": "save-audence", "from": "build"},
    {"id": "keep", "type": "save-audience", "from": "othr", "audience": {"id": "kept"}, "identity": {"field": "email", "namespace": "Email"}, "colour": 1}]}
FIVE_PROBLEMS = {                               # path -> what message and hint must name
    "activities[0].dimension": "customers", "activities[1].filter": "optin", "activities[2].type": "save-audience",
    "activities[3].from": "other", "activities[3].colour": "label"}

# The first ten by id, once of each address and after a second: what gives way to whom must not change by poison and kills.
TEN = {"id": "ten", "activities": [
    {"id": "build", "type": "build-audience", "dimension": "customers", "filter": "optin = TRUE"},
    {"id": "one", "type": "deduplication", "from": "build", "fields": ["email"], "method": {"lowest": "id"}},
    {"id": "part", "type": "split", "from": "one", "subsets": [{"name": "first", "limit": {"count": 10}, "sort": {"by": "id", "order": "asc"}}]},
    {"id": "later", "type": "wait", "from": "part.first", "duration": "PT1S"},
    *({"id": f"save-{name}", "type": "save-audience", "from": origin, "audience": {"id": name}, "identity": {"field": "email", "namespace": "Email"}}
      for name, origin in (("ten", "part.first"), ("ten-later", "later")))]}


def row(name, table="customers", **more):
    content = {"id": name, "email": f"{name}@x", "optin": True} if table == "customers" else {"id": name}
    return json.dumps({"table": table, "op": "u", "row": content | more}).encode()


def deep(levels):
    """A row with so many levels; the member that has them is unknown and ignored."""
    return row("deep", more=0).replace(b'"more": 0', b'"more": ' + b"[" * (levels - 2) + b"]" * (levels - 2))


def sized(size, end=b"}}"):
    """A row of so many bytes, which is malformed when it does not end."""
    start = b'{"table": "customers", "op": "u", "row": {"id": "big", "more": "'
    return start + b"x" * (size - len(start) - 1 - len(end)) + b'"' + end


@dataclass
class Poison:
    """A record that must be refused. `reason`: what the dead letter's message must say, as a pattern."""
    name: str
    topic: str
    value: bytes | None
    reason: str
    key: bytes | None = b"k"
    headers: list = field(default_factory=lambda: list(HEADERS))
    timestamp: int = 1_600_000_000_000
    stage: str = "CHANGE"
    place: tuple = ()                           # (topic, partition, offset), once it is written
    short: list | None = None                   # what its dead letter says in `truncated`, when it does not fit
    has_own_time: bool = True


def changes():
    """Kinds of poison among changes, of a size that every topic takes."""
    both = {
        "malformed JSON": (row("m")[:-1], r"malformed JSON: line 1, column \d+: ',' or '}' expected, but the text ends"),
        "no JSON at all": (b"hello", r"malformed JSON: line 1, column 1: a value expected"),
        "an empty value": (b"", r"malformed JSON: "),
        "a lone surrogate": (row("m").replace(b'"m@x"', b'"\\ud800"'), r"malformed JSON: "),
        "invalid UTF-8": (row("m").replace(b"m@x", b"\xff\xfe"), r"malformed JSON: line 1, column \d+: this is no UTF-8"),
        "65 levels": (deep(65), r"malformed JSON: line 1, column \d+: more than 64 levels"),
        "no object": (b"[1]", r'a change is a JSON object: .*"row"'),
        "a wrong type": (row("m", age="old"), r"^customers\.age: a whole number of 64 bits is expected, not a text$"),
        "a wrong enum value": (row("m", "purchases", category="hats"), r"^purchases\.category: one of shoes, books, garden is expected, not this text$"),
        "an instant without an offset": (row("m", "purchases", at="2026-03-01T09:30:00"), r"^purchases\.at: an instant \(RFC 3339 with an offset"),
        "a null primary key": (row(None), r"^customers\.id: null key; "),
        "a primary key that is missing": (b'{"table": "customers", "op": "d", "row": {}}', r"^customers\.id: null key; "),
        "an unknown table": (row("m", "nobody"), r'^unknown table "nobody"; publish its schema first$'),
        "an unknown op": (row("m").replace(b'"op": "u"', b'"op": "x"'), r'unknown op; it is "u" or "d"'),
        "no row": (b'{"table": "customers", "op": "u", "row": 5}', r"^row: an object with the fields of customers is expected"),
        "an unknown change request": (b'{"_change_request_type": "x", "id": "m"}', r'unknown _change_request_type; it is "u", "U", "d" or "D"'),
    }
    found = [Poison(name, topic, *kind) for name, kind in both.items() for topic in (CUSTOMER_TOPIC, PURCHASE_TOPIC)]
    found += [
        Poison("no change event", CUSTOMER_TOPIC, b'{"type": "unheard.of"}', r"not a change event: it has no op and row; .*mapped"),
        Poison("another ce_type", CUSTOMER_TOPIC, b'{"type": "a", "table": "customers", "op": "u", "row": {"id": "m"}}', r"type of the CloudEvent",
               headers=[("ce_type", b"b")]),
        Poison("a batch of CloudEvents", CUSTOMER_TOPIC, b"[]", r"one event per record", headers=[("content-type", b"application/cloudevents-batch+json")]),
        Poison("a tombstone without a key", PURCHASE_TOPIC, None, r"^purchases: a tombstone has a key", key=None),
        Poison("a tombstone, key invalid UTF-8", PURCHASE_TOPIC, None, r"^purchases: the key of a tombstone .*no UTF-8", key=b'{"id": "\xff"}'),
        Poison("a tombstone, key of another type", PURCHASE_TOPIC, None, r"^purchases\.id: a text is expected, not a number", key=b'{"id": 5}'),
        Poison("a tombstone, null key", PURCHASE_TOPIC, None, r"^purchases\.id: null key", key=b'{"id": null}'),
        Poison("a key that is no UTF-8 beside a bad value", CUSTOMER_TOPIC, b"{", r"malformed JSON", key=b"\xff\x00\xfe"),
        Poison("no key, no headers", CUSTOMER_TOPIC, b"{", r"malformed JSON", key=None, headers=[]),
        Poison("a dead letter sent again", CUSTOMER_TOPIC, b"{", r"malformed JSON", headers=[("__connect.errors.topic", b"before"), ("__connect.errors.offset", b"7")]),
    ]
    return found


def controls():
    """Kinds of poison among control events; the last three are rejected, the others unreadable."""
    def control(name, value, reason):
        return Poison(name, CONTROL_TOPIC, value if isinstance(value, bytes) or value is None else json.dumps(value).encode(), reason, stage="CONTROL")
    return [
        control("control: malformed JSON", b'{"type": ', r"malformed JSON: line 1, column 10: a value expected"),
        control("control: invalid UTF-8", b'{"type": "\xff"}', r"no UTF-8"),
        control("control: no value", None, r"a control event has a value"),
        control("control: 65 levels", b'{"type": "barrier.requested", "id": ' + b"[" * 64 + b"]" * 64 + b"}", r"more than 64 levels"),
        control("control: unknown type", {"type": "campaign.publshed", "campaign": {"id": "five"}}, r'^unknown event type "campaign\.publshed"; known: .*campaign\.published'),
        control("control: no type", {"campaign": {}}, r"^a control event has a type$"),
        control("control: clock.advanced beside the wall clock", {"type": "clock.advanced", "to": 0}, r"needs `clock: events`"),
        control("control: a barrier with a name of 2 KiB", {"type": "barrier.requested", "id": "b" * 2048}, r"^id: has 2048 bytes \(at most 1024"),
        control("control: a campaign with five mistakes", publish(FIVE), "".join(f"(?=.*{re.escape(path)}: )" for path in FIVE_PROBLEMS)),
    ]


class Run:
    def __init__(self, program, broker, folder, checks):
        self.program, self.checks = program, checks
        self.deployment = Deployment(broker.bootstrap, f"poison-{os.urandom(4).hex()}", folder)
        self.deployment.create_inputs(**{"max.message.bytes": 100 * MIB, "message.timestamp.after.max.ms": 2**63 - 1})
        self.writer, self.daemon = Writer(self.deployment), None
        self.producer = Producer({"bootstrap.servers": broker.bootstrap, "enable.idempotence": True, "linger.ms": 1,
                                  "message.max.bytes": HUGE + MIB, **QUIET})
        self.poison, self.wanted, self.good = [], {}, 0

    # ------------------------------------------------------------------------------------------------------------- the daemon

    def start(self):
        inputs = [{"topic": CUSTOMER_TOPIC}, {"topic": PURCHASE_TOPIC, "table": "purchases"}]
        self.daemon = Daemon(self.program, self.deployment.config("data", topics={"prefix": self.deployment.prefix, "changes": inputs}))

    def begin(self):
        self.start()
        self.deployment.wait_for_outputs()
        self.tail, self.watch = Tail(self.deployment), Watch(self.deployment)
        self.watch.topics.append(DEAD)
        kept = self.deployment.setting(DEAD, "retention.ms")
        self.checks.add("dead letters, which have the time of their originals, are kept for ever", [] if kept == "-1" else [f"retention.ms={kept}"])
        for schema in SCHEMAS:
            self.writer.control({"type": "schema.published", "schema": schema})
        self.writer.control(publish(campaign("all", "optin = TRUE", {"country": "country"})))
        self.writer.control(publish(TEN))
        self.catch_up()

    def catch_up(self, name=None):
        self.flush()
        self.tail.barrier(name or self.writer.barrier(), self.daemon)

    def end(self, title):
        code = self.daemon.terminate()
        self.checks.add(f"{title}: the daemon ends with 0 on SIGTERM", [] if code == 0 else [f"exit code {code}\n{self.daemon.last_words()}"])

    # ------------------------------------------------------------------------------------------------------------- writing

    def send(self, topic, partition, key, value, headers=(), timestamp=None, poison=None):
        def done(error, message):
            self.writer.done(error, message)
            if poison and not error:
                poison.place = (topic, message.partition(), message.offset())
        more = {} if timestamp is None else {"timestamp": timestamp}
        self.producer.produce(self.deployment.prefix + topic, value, key, partition, headers=list(headers), on_delivery=done, **more)

    def flush(self):
        if self.producer.flush(60) or self.writer.failed:
            raise Missing(f"acknowledgement of what was written: {self.writer.failed[:3]}")

    def enter(self, topic, partition, **more):
        """A good row: its member must enter with its country, and stay."""
        self.good += 1
        name = f"good{self.good}"
        self.send(topic, partition, name.encode(), row(name, **more))
        self.wanted[f"{name}@x"] = more.get("country")

    def write(self, poisons):
        """Each between two good rows of its partition; all kinds on both topics, spread over the partitions."""
        for number, poison in enumerate(poisons):
            topic, partition = (CUSTOMER_TOPIC, 0) if poison.topic == CONTROL_TOPIC else (poison.topic, number % 4)
            self.enter(topic, partition)
            self.send(poison.topic, 0 if poison.topic == CONTROL_TOPIC else partition, poison.key, poison.value, poison.headers, poison.timestamp, poison)
            self.enter(topic, partition)
            if len(poison.value or b"") > MIB:
                self.flush()
        self.flush()
        self.poison += poisons

    # ------------------------------------------------------------------------------------------------------------- the phases

    def kinds(self):
        self.write(changes())
        self.write(controls())
        # What looks like poison and is none: a key of any bytes, 64 levels, a tombstone where no table is mapped.
        self.send(CUSTOMER_TOPIC, 1, b"\xff\xfe", row("odd-key", country="FR"), HEADERS)
        self.send(CUSTOMER_TOPIC, 1, b"k", deep(64))
        self.send(CUSTOMER_TOPIC, 1, None, None)
        self.wanted |= {"odd-key@x": "FR", "deep@x": None}
        self.writer.control(publish(campaign("after", "optin = TRUE AND country = 'FR'")))
        self.catch_up()

    def large(self):
        """Around 10 MiB; 8 MiB are what the daemon's dead letter topic takes."""
        malformed = r"malformed JSON: line 1, column \d+: ',' or '}' expected, but the text ends"
        over = rf"^the record has {LARGEST + 1} bytes; at most {LARGEST} are read$"
        self.write([
            Poison("malformed, 7 MiB", CUSTOMER_TOPIC, sized(7 * MIB, b"}"), malformed),
            Poison("malformed, 10 MiB", PURCHASE_TOPIC, sized(LARGEST, b"}"), malformed, short=[]),
            Poison("good but for its one byte over 10 MiB", CUSTOMER_TOPIC, sized(LARGEST + 1), over, short=[]),
            Poison("malformed, one byte over 10 MiB", PURCHASE_TOPIC, sized(LARGEST + 1, b"}"), over, short=[]),
            Poison("control: over 10 MiB", CONTROL_TOPIC, sized(LARGEST + 1), over, short=[], stage="CONTROL"),
        ])
        self.send(CUSTOMER_TOPIC, 2, b"k", sized(LARGEST).replace(b'"big"', b'"b16"'))
        self.send(CUSTOMER_TOPIC, 2, b"k", row("b16", country="10 MiB"))
        self.wanted["b16@x"] = "10 MiB"
        self.catch_up()

    def kills(self):
        """Killed inside a transaction that has dead letters (more poison comes until there is one), and once they are committed."""
        for number in range(4):
            self.write(changes()[number * 7:number * 7 + 7])
            if number % 2 == 0:
                self.watch.freeze_inside(self.daemon, [DEAD], lambda: self.write([changes()[number]]))
            else:
                self.catch_up()
            self.daemon.kill()
            self.start()
            self.catch_up()

    def lowered(self):
        """Output topics whose limits are lowered while the daemon runs: it notices by a refused record."""
        big = "x" * (MIB + 1000)
        self.enter(CUSTOMER_TOPIC, 0, country="small")
        self.enter(CUSTOMER_TOPIC, 1, country=big)
        self.wanted[f"good{self.good}@x"] = None                    # over 1 MiB: without attributes
        self.enter(CUSTOMER_TOPIC, 1, country="y" * 500_000)
        self.catch_up()
        for topic in (MEMBERS, UPDATES, DEAD):
            self.deployment.set(topic, "max.message.bytes", SMALL)
        self.deployment.set(DEAD, "message.timestamp.after.max.ms", 3_600_000)
        self.enter(CUSTOMER_TOPIC, 2, country="z" * 100_000)
        self.wanted[f"good{self.good}@x"] = None
        for number in range(2000):                                  # together more than one batch of 64 KiB
            self.enter(CUSTOMER_TOPIC, number % 4, country="FR" if number % 2 else "DE")
        self.catch_up()
        self.write([
            Poison("100 KB, a topic of 64 KiB", CUSTOMER_TOPIC, sized(100_000, b"}"), r"malformed JSON", short=[]),
            Poison("a header of 100 KB", PURCHASE_TOPIC, b"{", r"malformed JSON", headers=[("h", b"h" * 100_000)], short=["headers"]),
            Poison("a key of 100 KB", CUSTOMER_TOPIC, b"{", r"malformed JSON", key=b"k" * 100_000, short=["headers", "key"]),
            Poison("a tombstone with a key of 100 KB", PURCHASE_TOPIC, None, r"tombstone", key=b"k" * 100_000, short=["headers", "key"]),
            Poison("from the year 2100", CUSTOMER_TOPIC, b"{", r"malformed JSON", timestamp=4_102_444_800_000, has_own_time=False),
            # librdkafka has no other way to say "now".
            Poison("from 1970", CUSTOMER_TOPIC, b"{", r"malformed JSON", timestamp=0, has_own_time=False),
            Poison("control: a campaign with 5000 mistakes", CONTROL_TOPIC, json.dumps(publish({"id": "many", "activities": [], **{f"m{n}": 0 for n in range(5000)}})).encode(),
                   r"^.*; and \d+ more problems$", stage="CONTROL"),
        ])
        self.catch_up()
        self.daemon.kill()
        self.start()
        self.catch_up()
        self.deployment.set(DEAD, "max.message.bytes", 12 * MIB)    # read at the next start
        self.end("lowered")
        self.start()
        self.write([Poison("malformed, 10 MiB, a topic of 12 MiB", CUSTOMER_TOPIC, sized(LARGEST, b"}"), r"malformed JSON"),
                    Poison("more than librdkafka receives by default", CUSTOMER_TOPIC, sized(HUGE), r"^the record has 101000000 bytes", short=[])])
        self.catch_up()

    def impossible(self):
        """Topics with which some output could never be sent end a start."""
        for topic, name, value, right, word in ((DEAD, "cleanup.policy", "compact", "delete", "cleanup.policy=compact"),
                                                (MEMBERS, "max.message.bytes", SMALL - 1, SMALL, f"{SMALL} or more")):
            self.deployment.set(topic, name, value)
            self.start()
            code, said = self.daemon.ended(30), self.daemon.last_words().splitlines()[-1]
            self.leave()
            self.checks.add(f"a start with {name}={value} ends with 65 and says what to set",
                            [] if code == 65 and topic in said and word in said else [f"exit code {code}: {said}"])
            self.deployment.set(topic, name, right)

    # ------------------------------------------------------------------------------------------------------------- the checks

    def verify(self):
        letters = {}
        for message in self.deployment.messages([DEAD]):
            headers = message.headers() or []
            about = {name: raw.decode() for name, raw in headers[-len(ABOUT):]}
            place = (about["__connect.errors.topic"].removeprefix(self.deployment.prefix), int(about["__connect.errors.partition"]), int(about["__connect.errors.offset"]))
            letters.setdefault(place, []).append(message)
        problems = [f"{poison.name}: {len(letters.get(poison.place, []))} dead letters" for poison in self.poison if len(letters.get(poison.place, [])) != 1]
        problems += [f"a dead letter of {place}, which is none of ours" for place in letters.keys() - {poison.place for poison in self.poison}]
        self.checks.add(f"{len(self.poison)} bad records of {len({poison.name for poison in self.poison})} kinds: one dead letter each, and no other", problems)
        parts = {"key, value, headers and time as they were": [], "reason": []}
        for poison in self.poison:
            for message in letters.get(poison.place, [])[:1]:
                parts["key, value, headers and time as they were"] += [f"{poison.name}: {problem}" for problem in self.differences(poison, message)]
                reason = dict(message.headers())["__connect.errors.exception.message"].decode()
                if not re.search(poison.reason, reason, re.DOTALL):
                    parts["reason"].append(f"{poison.name}: {reason[:300]}")
        for name, found in parts.items():
            self.checks.add(f"dead letters: {name}", found)
        self.checks.add("the log counts each, by topic and reason", self.log())
        lines = [line for line in self.daemon.log.read_text().splitlines() if "starting again from the journal" in line]
        self.checks.add("the daemon started again by itself when a topic refused a record, and says why",
                        [] if lines and all("MSG_SIZE_TOO_LARGE" in line for line in lines) and len(lines) <= 3 else lines or ["it did not"])
        self.rejections()
        self.members()

    def differences(self, poison, message):
        headers, value = message.headers(), message.value()
        about = [(f"__connect.errors.{name}", None) for name in ABOUT]
        if [name for name, _ in headers[-len(ABOUT):]] != [name for name, _ in about]:
            yield f"the last headers are {headers[-len(ABOUT):]}"
        if dict(headers)["__connect.errors.stage"].decode() != poison.stage:
            yield f"stage {dict(headers)['__connect.errors.stage']}"
        left_out = poison.short or []
        if headers[:-len(ABOUT)] != ([] if "headers" in left_out else poison.headers):
            yield f"headers {headers[:-len(ABOUT)]!r:.200}"
        if message.key() != (None if "key" in left_out else poison.key):
            yield f"key {message.key()!r:.100}"
        kind, time_ms = message.timestamp()
        if poison.has_own_time and (kind, time_ms) != (1, poison.timestamp):
            yield f"timestamp {time_ms} of kind {kind}"
        if not poison.has_own_time and abs(time_ms - time.time() * 1000) > 600_000:
            yield f"timestamp {time_ms}, not the time of sending"
        if poison.short is None:
            if value != poison.value:
                yield f"value {value!r:.200}"
        else:
            original = poison.value or b""
            wanted = {"size": len(original), "sha256": hashlib.sha256(original).hexdigest()} | ({"truncated": left_out} if left_out else {})
            if value is None or len(value) > 1000 or json.loads(value) != wanted:
                yield f"value {value!r:.200}"

    def log(self):
        lines = self.daemon.log.read_text().splitlines()
        said = {}
        for line in lines:
            if match := re.search(r" warning dead letters topic=(\S+) reason=[a-z-]+ count=(\d+) ", line):
                topic = match[1].removeprefix(self.deployment.prefix)
                said[topic] = said.get(topic, 0) + int(match[2])
        # Those of the last minute, and of a life that was killed, are said by nobody.
        problems = [f"{topic}: {count} dead letters of {sent}" for topic, count in said.items()
                    if count > (sent := sum(poison.place[0] == topic for poison in self.poison))]
        problems += [f"nothing of {topic}" for topic in {poison.place[0] for poison in self.poison} - said.keys()]
        return problems + [f"{len(line)} characters: {line[:100]}" for line in lines if len(line) > 20_000]

    def rejections(self):
        events = [json.loads(message.value()) for message in self.deployment.messages([UPDATES])]
        found = {event["campaign"]: event["problems"] for event in events if event["type"] == "campaign.rejected"}
        said = {problem["path"]: f"{problem['message']} {problem['hint']}" for problem in found.get("five", [])}
        self.checks.add("campaign.rejected names all five mistakes, their paths, and what was meant",
                        [f"{path}: {said.get(path)}" for path, word in FIVE_PROBLEMS.items() if word not in said.get(path, "")]
                        + ([f"{len(said)} problems: {said}"] if len(said) != 5 else []))
        many = found.get("many", [{"message": ""}])
        rest = re.match(r"(\d+) more problems do not fit", many[-1]["message"])
        self.checks.add("of 5000 mistakes those that fit are named, and that there are more",
                        [] if rest and 100 < len(many) < 5000 else [f"{len(many)} problems, the last {many[-1]}"])

    def members(self):
        names = [name for name in (*self.deployment.outputs, self.deployment.journal) if name != DEAD]
        records = [self.deployment.record(message) for message in self.deployment.messages(names)]
        result = check(records, self.deployment.group, self.deployment.counts, {"change", "publish"}, {"ten-later": {"time"}})
        # What is rejected is checked above; the other rejections are the clock event and the long barrier.
        result.problems["accepted"] = [text for text in result.problems["accepted"] if not re.search(r"'campaign': ('five'|'many'|None)", text)]
        report(result, self.checks, "stream")
        got = {name: (attributes or {}).get("country") for name, (_, attributes) in result.members["all"].items()}
        problems = [f"{name} is missing" for name in self.wanted.keys() - got.keys()] + [f"{name} is unexpected" for name in got.keys() - self.wanted.keys()]
        problems += [f"{name}: {got[name]!r:.50} instead of {self.wanted[name]!r:.50}" for name in self.wanted.keys() & got.keys() if got[name] != self.wanted[name]]
        self.checks.add(f"{len(self.wanted)} good rows took effect, and no other", problems)
        wanted = {name for name, country in self.wanted.items() if country == "FR"}
        got = set(result.members["after"])
        self.checks.add("the campaign published behind the poison follows", [] if wanted == got else [f"{len(wanted ^ got)} differ: {sorted(wanted ^ got)[:5]}"])
        ids = sorted((address.removesuffix("@x") for address in self.wanted), key=str.encode)[:10]
        wanted = {f"{name}@x": (1, {"id": name}) for name in ids}
        for name in ("ten", "ten-later"):
            got = result.members[name]
            self.checks.add(f"the first ten by id: {name}", [] if wanted == got else [f"{sorted(got)} instead of {sorted(wanted)}"])

    def all(self):
        for phase in (self.begin, self.kinds, self.large, self.kills, self.lowered):
            start = time.monotonic()
            phase()
            print(f"{phase.__name__}: {time.monotonic() - start:.1f} s", flush=True)
        self.end("at the end")
        self.verify()
        self.impossible()                       # last: a topic that is compacted for a moment loses dead letters

    def leave(self):
        if self.daemon and self.daemon.process.poll() is None:
            self.daemon.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    options, checks = parser.parse_args(), Checks()
    with Broker() as broker, tempfile.TemporaryDirectory(prefix="poison-") as folder:
        run = None
        try:
            run = Run(os.path.abspath(options.program), broker, folder, checks)
            run.all()
        except Missing as missing:
            checks.add("the run", [str(missing)])
        except Exception:
            checks.add("the run", [traceback.format_exc()])
        finally:
            if run:
                run.leave()
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
