"""Goal: show that the wall-clock test can fail. Run: python3 -m unittest discover Tests/Kafka"""
import unittest

import clock

EDGES = {"a": ("seconds", 10_000), "b": ("past", 10_000)}
GOOD = {("seconds", "a"): [("realized", "change", 9_000), ("exited", "time", 10_001)], ("past", "b"): [("realized", "time", 10_000)]}


class ClockTest(unittest.TestCase):
    def failing(self, **other):
        found = GOOD | {tuple(name.split("_")): history for name, history in other.items()}
        return {name for name, problems in clock.judge(EDGES, found, "t")[0].items() if problems}

    def test_good(self):
        self.assertEqual(self.failing(), set())
        self.assertEqual(self.failing(past_b=[("realized", "time", 11_000)]), set())

    def test_each_check_can_fail(self):
        entered = ("realized", "change", 9_000)
        self.assertEqual(self.failing(seconds_a=[entered, ("exited", "time", 10_000)]), {"t: not early"})
        self.assertEqual(self.failing(past_b=[("realized", "time", 9_999)]), {"t: not early"})
        self.assertEqual(self.failing(seconds_a=[entered, ("exited", "time", 11_001)]), {"t: at most 1 s late"})
        self.assertEqual(self.failing(seconds_a=[entered, ("exited", "change", 10_500)]), {"t: cause"})
        self.assertEqual(self.failing(seconds_a=[entered]), {"t: history"})
        self.assertEqual(self.failing(past_b=[]), {"t: history"})
        self.assertEqual(self.failing(past_a=[entered]), {"t: history"})

    def test_turns(self):
        edges = {"a": ("limited", 10_000), "b": ("limited", 11_500)}
        first, second = [("realized", "change", 9_000), ("exited", "time", 10_001)], [("realized", "time", 10_001), ("exited", "time", 11_501)]
        for other, wanted in ((second, set()), ([("realized", "time", 10_002), second[1]], {"t: turns"}), ([("realized", "change", 9_500), second[1]], {"t: turns"})):
            found = {("limited", "a"): first, ("limited", "b"): other}
            self.assertEqual({name for name, problems in clock.judge(edges, found, "t")[0].items() if problems}, wanted)

    def test_edges_lie_ahead(self):
        changes, edges = clock.rows(0)
        self.assertEqual(len(changes), 2 * len(edges))
        for _, edge in edges.values():
            self.assertTrue(clock.FIRST_MS <= edge < clock.LAST_MS)


if __name__ == "__main__":
    unittest.main()
