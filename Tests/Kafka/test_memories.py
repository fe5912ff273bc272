"""Goal: show that the checks of memories.py and populations.py can fail: a good history passes every check, and one corruption per check is
found by it. Run: python3 -m unittest discover Tests/Kafka"""
import unittest

import memories
import populations
import scratch
from memories import EVER, SEEN, SETTLED, STILL
from populations import Row
from stream import MEMBERS, REQUESTS, UPDATES, Event, Record

START_MS = 1_790_000_000_000
FRANCE = (1, {"email": "e", "country": "FR"})


class History:
    """The events of campaign `memory`, written by hand: one person, `a`, and the commits that move it."""

    def __init__(self):
        self.events, self.requests = [], 0

    def event(self, topic, sequence, after_ms, value):
        self.events.append(Event(Record(topic, 0, len(self.events), None, {}, b""), sequence, 0, value | {"time": START_MS + after_ms}))

    def member(self, sequence, after_ms, audience, now):
        value = {"audience": audience, "identity": {"id": "a"}, "status": "realized" if now else "exited"}
        self.event(MEMBERS, sequence, after_ms, value | ({"rows": now[0], "attributes": now[1]} if now else {}))

    def request(self, sequence, after_ms, activity):
        self.requests += 1
        value = {"activity": activity, "identity": {"id": "a"}, "address": "e", "attributes": {"country": "FR"}, "key": "a", "request": self.requests}
        self.event(REQUESTS, sequence, after_ms, value)

    def update(self, sequence, after_ms, kind, **more):
        self.event(UPDATES, sequence, after_ms, {"type": kind, "campaign": "memory"} | more)


def good():
    """Published empty; `a` enters, settles, leaves, comes back within the cooldown, leaves, and comes back after it."""
    history = History()
    history.update(1, 0, "campaign.live")
    history.update(1, 0, "alert.raised", rows=0)
    history.member(2, 1_000, SEEN, FRANCE)
    history.member(2, 1_000, EVER, FRANCE)
    history.request(2, 1_000, "welcome")
    history.request(2, 1_000, "again")
    history.member(3, 3_000, SETTLED, FRANCE)
    history.member(3, 3_000, STILL, FRANCE)
    history.member(4, 4_000, SEEN, None)
    history.member(4, 4_000, SETTLED, None)
    history.update(4, 4_000, "alert.raised", rows=0)
    history.member(5, 5_000, SEEN, FRANCE)
    history.member(6, 6_000, SEEN, None)
    history.member(6, 6_000, STILL, None)
    history.update(6, 6_000, "alert.raised", rows=0)
    history.member(7, 7_000, SEEN, FRANCE)
    history.request(7, 7_000, "again")
    history.update(8, 8_999, "barrier.reached")
    history.member(9, 9_000, SETTLED, FRANCE)
    history.member(9, 9_000, STILL, FRANCE)
    return history


class MemoriesTest(unittest.TestCase):
    def failing(self, change=lambda history: None):
        history = good()
        change(history)
        return {name for name, problems in memories.check_memories(history.events).items() if problems}

    def remove(self, sequence, topic, name):
        """Without the event of an audience, an activity or a type in a commit."""
        def change(history):
            kept = [e for e in history.events if not (e.sequence == sequence and e.record.topic == topic
                                                      and name in (e.value.get("audience"), e.value.get("activity"), e.value.get("type")))]
            self.assertEqual(len(kept), len(history.events) - 1)
            history.events = kept
        return self.failing(change)

    def test_good(self):
        self.assertEqual(self.failing(), set())

    def test_append(self):
        self.assertIn(EVER, self.remove(2, MEMBERS, EVER))
        self.assertEqual(self.failing(lambda h: h.member(4, 4_000, EVER, None)), {EVER})
        self.assertEqual(self.failing(lambda h: h.member(5, 5_000, EVER, (1, {"email": "e", "country": "DE"}))), {EVER})

    def test_wait(self):
        self.assertEqual(self.remove(3, MEMBERS, SETTLED), {SETTLED})                                           # too late
        self.assertEqual(self.remove(4, MEMBERS, SETTLED), {SETTLED})                                           # stays too long
        self.assertEqual(self.failing(lambda h: h.member(8, 8_999, SETTLED, FRANCE)), {SETTLED})                # too early
        self.assertEqual(self.failing(lambda h: h.member(5, 5_000, SETTLED, FRANCE)), {SETTLED})                # as if it had not left

    def test_frozen(self):
        self.assertIn(STILL, self.remove(3, MEMBERS, STILL))
        self.assertEqual(self.failing(lambda h: h.member(4, 4_000, STILL, None)), {STILL})                      # within an interval
        self.assertIn(STILL, self.failing(lambda h: h.update(7, 7_000, "campaign.live")))                       # not replaced at a publish

    def test_channel(self):
        self.assertEqual(self.remove(2, REQUESTS, "welcome"), {"welcome"})
        self.assertEqual(self.remove(7, REQUESTS, "again"), {"again"})
        self.assertEqual(self.failing(lambda h: h.request(2, 1_000, "welcome")), {"welcome"})                   # the same twice
        self.assertEqual(self.failing(lambda h: h.request(7, 7_000, "welcome")), {"welcome"})                   # once, and again
        self.assertEqual(self.failing(lambda h: h.request(5, 5_000, "again")), {"again"})                       # within the cooldown
        self.assertEqual(self.failing(lambda h: h.request(8, 8_999, "again")), {"again"})                       # without an entry

    def test_alert(self):
        self.assertEqual(self.remove(4, UPDATES, "alert.raised"), {"alert"})
        self.assertEqual(self.failing(lambda h: h.update(8, 8_999, "alert.raised", rows=1)), {"alert"})


class PopulationsTest(unittest.TestCase):
    def tables(self, customers, purchases):
        tables = scratch.Tables()
        for table, rows in (("customers", customers), ("purchases", purchases)):
            for row in rows:
                tables.apply({"table": table, "op": "u", "row": row})
        return tables

    def test_stable_hash(self):
        """Of nothing: FNV-1a's offset basis, finished. In stable order whoever comes or goes leaves the others where they are."""
        self.assertEqual(populations.stable_hash(""), 0xEFD01F60BA992926)
        rows = [Row((f"c{n}",)) for n in range(50)]
        ordered = populations.in_stable_order(rows, "s")
        self.assertNotEqual(ordered, rows)
        self.assertEqual(populations.in_stable_order(rows[1:], "s"), [row for row in ordered if row is not rows[0]])
        self.assertNotEqual(populations.in_stable_order(rows, "t"), ordered)

    def test_selection(self):
        """Four of one country and age, so the two who spent most stay; one without a country is a group of its own."""
        customers = [{"id": f"c{n}", "email": f"e{n}", "optin": True, "age": 30, "country": "IT"} for n in range(4)]
        customers.append({"id": "c4", "email": "e4", "optin": True, "age": 30})
        purchases = [{"id": f"p{n}", "customer_id": f"c{n}", "amount": 60 + 5 * n, "category": "books"} for n in range(4)]
        found = populations.selection(self.tables(customers, purchases), 0, {})
        self.assertEqual(found["doubles"], {"e0": (1, {"id": "c0"}), "e1": (1, {"id": "c1"})})
        spent = {"spent": 75.0, "top1_id": "p3", "top1_amount": 75, "top2_amount": None, "large": "books", "segmentCode": "B"}
        self.assertEqual((found["best"].keys(), found["best"]["e3"]), ({"e2", "e3"}, (1, spent)))
        self.assertEqual(sum(len(found[name]) for name in ("lucky", "tenth", "others")), 1)

    def test_journeys(self):
        """A German who bought twice in the garden, somebody who did once, and a purchase of nobody."""
        customers = [{"id": "c0", "email": "e0", "country": "DE", "age": 33}, {"id": "c1", "email": "e1", "country": "FR", "age": 33}]
        purchases = [{"id": f"p{n}", "customer_id": f"c{n // 2}", "amount": 60, "category": "garden"} for n in (0, 1, 2, 4)]
        audiences = {"recent-buyers": {"e1": (1, {"country": "IT"})}}
        found = populations.journeys(self.tables(customers, purchases), 0, audiences)
        self.assertEqual(found["readers"], {"e1": (1, {"country": "IT", "age": 33})})
        self.assertEqual(found["either"], {"e0": (1, {"id": "c0", "customer_id": "c0"}), "e1": (1, {"id": "c1", "customer_id": None})})
        self.assertEqual(found["both"], {"e1": (1, {"id": "c1", "country": "IT"})})
        self.assertEqual(found["foreign"], {"e1": (1, {"id": "c1"})})
        self.assertEqual((found["even"], found["odd"]), ({}, {"e1": (1, {"id": "c1"})}))


if __name__ == "__main__":
    unittest.main()
