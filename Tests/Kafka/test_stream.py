"""Goal: show that the checker of stream.py can fail: a good stream passes every rule, and one corruption per rule is found by it.
Also the computation from scratch, on tables small enough to see. Run: python3 -m unittest discover Tests/Kafka"""
import json
import unittest

import scratch
import stream
import workload
from stream import DEAD, MEMBERS, REQUESTS, UPDATES, Record

GROUP, PARTITIONS = "test", {MEMBERS: 4, UPDATES: 4, REQUESTS: 4, DEAD: 1}
TIME = "2026-03-01T09:30:{:02d}.000Z"


class Topics:
    """Writes a stream as the contract wants it, so that a test can spoil one thing of it."""

    def __init__(self):
        self.records, self.ends, self.held, self.sequence = [], {}, {}, 0

    def append(self, topic, key, headers, value):
        person = "|".join(key.split("|")[-2:]) if topic in (MEMBERS, REQUESTS) else key
        partition = stream.partition_of(person, PARTITIONS[topic])
        offset = self.ends.get((topic, partition), 0)
        self.ends[topic, partition] = offset + 1
        self.records.append(Record(topic, partition, offset, key, headers, value))

    def add(self, topic, key, kind, value, n):
        value |= {"sequence": self.sequence, "time": TIME.format(self.sequence)}
        headers = {"ce_specversion": "1.0", "ce_source": f"audienced/{GROUP}", "ce_type": kind, "ce_time": value["time"], "ce_id": f"{self.sequence}-{n}"}
        self.append(topic, key, headers, json.dumps(value).encode())
        if value.get("status") == "exited":
            self.append(topic, key, {}, None)

    def commit(self, *changes, barrier=None):
        """One commit: (identity, status, rows, attributes) of audience `a`, in the order of the output."""
        self.sequence += 1
        n, counts = 0, dict.fromkeys(("realized", "existing", "exited"), 0)
        for identity, status, rows, attributes in changes:
            value = {"audience": "a", "identity": {"namespace": "Email", "id": identity}, "status": status, "rows": rows, "cause": "change",
                     "campaign": "a", "campaignVersion": 1}
            if status == "exited":
                self.held.pop(identity)
            else:
                value["attributes"], self.held[identity] = attributes, rows
            self.add(MEMBERS, f"a|Email|{identity}", stream.TYPES[status], value, n)
            counts[status] += 1
            n += 1
        if changes:
            value = {"type": "audience.updated", "audience": "a", "label": "A", "size": len(self.held), "rows": sum(self.held.values()), "rejected": 0,
                     "entered": counts["realized"], "updated": counts["existing"], "exited": counts["exited"], "complete": True,
                     "campaign": "a", "campaignVersion": 1}
            self.add(UPDATES, "a", "audience.updated", value, n)
            n += 1
        if barrier:
            ends = {str(partition): end for (topic, partition), end in self.ends.items() if topic == MEMBERS}
            self.add(UPDATES, barrier, "barrier.reached", {"type": "barrier.reached", "id": barrier, "offsets": {}, "outputs": {f"x.{MEMBERS}": ends}}, n)

    def request(self, identity):
        """One more event of the newest commit: what a channel asks for."""
        value = {"request": "r", "campaign": "a", "activity": "mail", "channel": "email", "category": "marketing", "address": "x", "template": None,
                 "identity": {"namespace": "Email", "id": identity}, "attributes": {}, "schema": "customers", "key": "c"}
        self.add(REQUESTS, f"a|mail|Email|{identity}", "channel.requested", value, 0)


def good():
    topics = Topics()
    topics.commit(("é", "realized", 1, {"x": 1}), barrier="b0")
    topics.commit(("a", "realized", 1, {"x": 1}), ("b", "realized", 2, {"x": 2}))
    topics.commit(("a", "existing", 2, {"x": 1}))
    topics.commit(("a", "existing", 2, {"x": None}), ("b", "exited", 0, None), barrier="b1")
    topics.commit(("b", "realized", 1, {"x": 3}))
    topics.commit()
    topics.request("b")
    return topics.records


def spoil(record, **members):
    """Replaces members of the value."""
    record.value = json.dumps(json.loads(record.value) | members).encode()


def find(records, topic, sequence, **members):
    """The one record of a commit whose value has these members."""
    for record in records:
        value = json.loads(record.value or b"{}")
        if record.topic == topic and record.value and value["sequence"] == sequence and all(value.get(name) == wanted for name, wanted in members.items()):
            return record
    raise LookupError(f"{topic} at {sequence}: {members}")


def moved(record, sequence, n):
    """The record as an event of another commit."""
    record.headers |= {"ce_id": f"{sequence}-{n}", "ce_time": TIME.format(sequence)}
    spoil(record, sequence=sequence, time=TIME.format(sequence))


class StreamTest(unittest.TestCase):
    def failing(self, change, **options):
        """The rules that a good stream fails after `change(records)`, which changes the list or returns another."""
        records = good()
        records = change(records) or records
        result = stream.check(records, GROUP, PARTITIONS, **options)
        return {rule for rule, problems in result.problems.items() if problems}

    def assertFinds(self, rule, change, **options):
        self.assertIn(rule, self.failing(change, **options))

    def test_a_good_stream_passes_in_any_order_of_records(self):
        self.assertEqual(self.failing(lambda records: None), set())
        self.assertEqual(self.failing(lambda records: records[::-1]), set())

    def test_fold(self):
        self.assertEqual(stream.check(good(), GROUP, PARTITIONS).members["a"], {"é": (1, {"x": 1}), "a": (2, {"x": None}), "b": (1, {"x": 3})})

    def test_every_rule_has_a_test(self):
        tested = {name.removeprefix("test_rule_").replace("_", " ") for name in dir(self) if name.startswith("test_rule_")}
        self.assertEqual(tested, {rule.replace("_", " ") for rule in stream.RULES})

    def test_rule_readable(self):
        self.assertFinds("readable", lambda r: setattr(r[0], "value", b"{"))
        self.assertFinds("readable", lambda r: setattr(find(r, UPDATES, 3), "value", None))
        self.assertFinds("readable", lambda r: setattr(r[0], "topic", REQUESTS))
        self.assertFinds("readable", lambda r: setattr(r[-1], "value", None))
        self.assertFinds("readable", lambda r: setattr(r[-1], "value", json.dumps({"campaign": "a", "activity": "mail", "identity": {"namespace": "Email", "id": "b"}}).encode()))
        self.assertFinds("readable", lambda r: spoil(find(r, MEMBERS, 4, status="exited"), attributes={"x": 1}))
        self.assertFinds("readable", lambda r: spoil(find(r, MEMBERS, 2, rows=2), rows=0))

    def test_rule_headers(self):
        for name in ("ce_specversion", "ce_source", "ce_type", "ce_time", "ce_id"):
            with self.subTest(name):
                self.assertFinds("headers", lambda r: r[2].headers.update({name: "other"}))
                self.assertFinds("headers", lambda r: r[2].headers.pop(name) and None)
        self.assertFinds("headers", lambda r: spoil(r[2], sequence=7))

    def test_rule_keys(self):
        self.assertFinds("keys", lambda r: setattr(r[0], "key", "a|Email|other"))
        self.assertFinds("keys", lambda r: setattr(r[0], "partition", (r[0].partition + 1) % 4))
        self.assertFinds("keys", lambda r: setattr(find(r, UPDATES, 3), "key", "other"))

        def by_the_whole_key(records):
            for record in records:
                if record.topic == MEMBERS:
                    record.partition = stream.partition_of(record.key, PARTITIONS[MEMBERS])
        self.assertFinds("keys", by_the_whole_key)
        self.assertFinds("keys", lambda r: setattr(r[-1], "key", "a|other|Email|b"))
        self.assertFinds("keys", lambda r: setattr(r[-1], "partition", (r[-1].partition + 1) % 4))

    def test_rule_ce_id_once(self):
        self.assertFinds("ce_id once", lambda r: r + [find(r, MEMBERS, 3)])
        self.assertFinds("ce_id once", lambda r: r + [r[-1]])
        self.assertFinds("ce_id once", lambda r: find(r, UPDATES, 3).headers.update(ce_id="3-0"))

    def test_rule_order(self):
        def swap(records):
            first, second = find(records, MEMBERS, 2, rows=1), find(records, MEMBERS, 2, rows=2)
            first.headers["ce_id"], second.headers["ce_id"] = "2-1", "2-0"
        self.assertFinds("order", swap)
        self.assertFinds("order", lambda r: spoil(find(r, MEMBERS, 3), time=TIME.format(1)))
        self.assertFinds("order", lambda r: spoil(find(r, MEMBERS, 2, rows=1), time=TIME.format(59)))

    def test_rule_alternation(self):
        self.assertFinds("alternation", lambda r: r.remove(find(r, MEMBERS, 4, status="exited")))
        self.assertFinds("alternation", lambda r: r.remove(find(r, MEMBERS, 2, rows=1)))
        self.assertFinds("alternation", lambda r: spoil(find(r, MEMBERS, 3), status="realized"))

    def test_rule_tombstones(self):
        def tombstone(records):
            return next(record for record in records if record.topic == MEMBERS and record.value is None)
        self.assertFinds("tombstones", lambda r: r.remove(tombstone(r)))
        self.assertFinds("tombstones", lambda r: tombstone(r).headers.update(ce_id="4-1"))
        self.assertFinds("tombstones", lambda r: setattr(tombstone(r), "key", "a|Email|a"))
        self.assertFinds("tombstones", lambda r: setattr(tombstone(r), "offset", 99))
        self.assertFinds("tombstones", lambda r: setattr(find(r, MEMBERS, 3), "value", None))

    def test_rule_sequence_grows(self):
        self.assertFinds("sequence grows", lambda r: moved(find(r, MEMBERS, 3), 2, 9))

    def test_rule_real_updates(self):
        self.assertFinds("real updates", lambda r: spoil(find(r, MEMBERS, 3), rows=1))

    def test_rule_causes(self):
        self.assertFinds("causes", lambda r: spoil(r[0], cause="whim"))
        self.assertFinds("causes", lambda r: spoil(r[0], cause="repair"), causes={"change"})
        self.assertFinds("causes", lambda r: spoil(r[0], cause="repair"), causes={"change"}, more_causes={"b": {"repair"}})
        self.assertNotIn("causes", self.failing(lambda r: spoil(r[0], cause="repair"), causes={"change"}, more_causes={"a": {"repair"}}))

    def test_rule_one_update(self):
        self.assertFinds("one update", lambda r: r.remove(find(r, UPDATES, 3)))

        def twice(records):
            copy = Record(**vars(find(records, UPDATES, 3)))
            copy.headers = copy.headers | {"ce_id": "3-7"}
            return records + [copy]
        self.assertFinds("one update", twice)

    def test_rule_counts(self):
        for name in ("entered", "updated", "exited", "size", "rows"):
            with self.subTest(name):
                self.assertFinds("counts", lambda r: spoil(find(r, UPDATES, 4, type="audience.updated"), **{name: 17}))
        self.assertFinds("counts", lambda r: r.remove(find(r, MEMBERS, 5)))

    def test_rule_complete(self):
        self.assertFinds("complete", lambda r: spoil(find(r, UPDATES, 5), complete=False))
        self.assertNotIn("complete", self.failing(lambda r: spoil(find(r, UPDATES, 3), complete=False)))

    def test_rule_accepted(self):
        self.assertFinds("accepted", lambda r: spoil(find(r, UPDATES, 3), type="campaign.rejected", problems=[]))

    def test_rule_barriers(self):
        self.assertFinds("barriers", lambda r: spoil(find(r, UPDATES, 4, id="b1"), id="b0"))
        self.assertFinds("barriers", lambda r: spoil(find(r, UPDATES, 4, id="b1"), outputs={}))

    def test_a_commit_repeated_whole_is_found(self):
        """What a journal record in a transaction of its own leads to: the same commit again after a kill."""
        found = self.failing(lambda r: r + [record for record in r if record.value and json.loads(record.value)["sequence"] == 3])
        self.assertLessEqual({"ce_id once", "sequence grows", "real updates", "one update"}, found)

    def test_murmur2_as_java(self):
        """The values of Kafka's own UtilsTest."""
        known = {b"21": -973932308, b"foobar": -790332482, b"a-little-bit-long-string": -985981536, b"a-little-bit-longer-string": -1486304829,
                 b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971, b"abc": 479470107}
        self.assertEqual({text: (value + 2**31) % 2**32 - 2**31 for text, value in ((t, stream.murmur2(t)) for t in known)}, known)


class DeadLetterTest(unittest.TestCase):
    def letter(self, at, **other):
        names = {"topic": "x.t", "partition": "1", "offset": str(at), "stage": "VALUE_CONVERTER", "exception.message": "why"} | other
        return Record(DEAD, 0, at, "k", {f"__connect.errors.{name}": text for name, text in names.items()}, b"bad")

    def test_exactly_the_poison(self):
        poison = {("t", 1, 5): b"bad", ("t", 1, 6): b"bad"}
        good = [self.letter(5), self.letter(6)]
        self.assertEqual(stream.check_dead_letters(good, "x.", poison), [])
        for bad in (good[:1], good + good[:1], good + [self.letter(7)], [self.letter(5, offset="6"), good[1]], [self.letter(5, stage=None), good[1]]):
            self.assertTrue(stream.check_dead_letters(bad, "x.", poison))
        self.assertTrue(stream.check_dead_letters(good, "x.", poison | {("t", 1, 5): b"else"}))


class ScratchTest(unittest.TestCase):
    NOW = 1_790_000_000_000

    def tables(self, *changes):
        tables = scratch.Tables()
        for table, op, row in changes:
            tables.apply({"table": table, "op": op, "row": row})
        return tables

    def test_versions(self):
        for changes, left in [([("u", 5), ("u", 4)], 5), ([("u", 5), ("d", 4)], 5), ([("u", 5), ("d", 5)], None), ([("d", 5), ("u", 4)], None),
                              ([("d", 5), ("u", 5)], 5), ([("u", 5), ("d", None), ("u", 4)], None), ([("u", 5), ("u", None), ("u", 4)], None)]:
            tables = self.tables(*(("customers", op, {"id": "c", "updated": version}) for op, version in changes))
            self.assertEqual(tables.rows["customers"].get("c", {}).get("updated"), left, changes)

    def test_rows_share_an_identity_and_the_lowest_id_gives_the_attributes(self):
        customers = [{"id": "c9", "email": "e", "age": 20, "optin": None}, {"id": "c10", "email": "e", "age": 30},
                     {"id": "c8", "email": "", "age": 20}, {"id": "c7", "age": 20}]
        tables = self.tables(*(("customers", "u", row) for row in customers))
        self.assertEqual(scratch.members(tables, scratch.DORMANT, self.NOW), {"e": (2, {"optin": None, "email": "e"})})

    def test_null_is_neither(self):
        three = [("purchases", "u", {"id": f"p{n}", "customer_id": "c", "amount": 20}) for n in range(3)]
        for country, inside in (("FR", True), ("DE", False), (None, False)):
            tables = self.tables(("customers", "u", {"id": "c", "email": "e", "country": country}), *three)
            self.assertEqual("e" in scratch.members(tables, scratch.FREQUENT, self.NOW), inside)

    def test_instants(self):
        self.assertEqual({scratch.instant_ms(text) for text in (0, "1970-01-01T00:00:00.000Z", "1970-01-01T02:00:00.000+02:00")}, {0})

    def test_workload_is_seeded(self):
        one, two, other = (workload.generate(seed, 2000, self.NOW) for seed in (1, 1, 2))
        self.assertEqual(one, two)
        self.assertNotEqual(one, other)
        self.assertEqual({change.topic for change in one}, {workload.CUSTOMER_TOPIC, workload.PURCHASE_TOPIC})

    def test_a_moved_purchase_does_not_depend_on_the_order_of_partitions(self):
        changes = [change.content for change in workload.generate(3, 5000, self.NOW) if change.content and change.content["table"] == "purchases"]
        moving = [content for content in changes if int(content["row"]["id"][1:]) % 10 == 0]
        forward, backward = scratch.Tables(), scratch.Tables()
        for content in moving:
            forward.apply(content)
        for content in reversed(moving):
            backward.apply(content)
        self.assertTrue(forward.rows["purchases"])
        self.assertEqual(forward.rows, backward.rows)


if __name__ == "__main__":
    unittest.main()
