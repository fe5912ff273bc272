"""Goal: windows end by the wall clock alone: each exit is committed at most 1 s after its edge, never before it, with cause `time`.

    python3 Tests/Kafka/clock.py PROGRAM

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: rows whose `at` lies so that windows of 5 seconds, 10 minutes, 3 hours and a day end 3 to 15 seconds after they were written, over
a column of the dimension and over a link (EXISTS, COUNT, SUM); some enter by the clock instead, some after a wait besides. Behind a limit
and a deduplication of one row the next takes its place in the commit in which the clock takes the one before. After the barrier nothing is written any more.
Then the records are checked by stream.py, and each change by the clock against its edge."""
import argparse
import os
import sys
import tempfile
import time
import traceback

from broker import Broker, Daemon, Deployment, Missing, Tail, Writer
from checks import Checks
from scratch import instant_ms
from stream import check, report
from workload import CUSTOMER_TOPIC, DAY_MS, NAMESPACE, PURCHASE_TOPIC, campaign, plain, publish

FIRST_MS, LAST_MS, STEP_MS = 3_000, 15_000, 137         # edges, from the moment the rows are written
LATE_MS = 1_000
TURN_MS = 2 * LATE_MS - 500     # between edges of rows that take turns: further apart than a change may be late

SCHEMAS = [
    {"name": "customers", "primaryKey": ["id"], "identities": [{"field": "email", "namespace": NAMESPACE}], "links": [],
     "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "kind", "type": "string"}, {"name": "seen", "type": "datetime"}]},
    {"name": "purchases", "primaryKey": ["id"], "identities": [],
     "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"}, {"name": "amount", "type": "double"}, {"name": "at", "type": "datetime"}],
     "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"}]},
]
# audience -> (condition, length of the window, whether the edge is an exit)
WINDOWS = {
    "seconds": ("seen >= SubSeconds(NOW(), 5)", 5_000, True),
    "minutes": ("EXISTS(purchases WHERE at >= MinutesAgo(10))", 600_000, True),
    "hours": ("COUNT(purchases WHERE at >= HoursAgo(3)) >= 1", 3 * 3_600_000, True),
    "days": ("SUM(purchases.amount WHERE at >= DaysAgo(1)) > 0", DAY_MS, True),
    "past": ("seen <= SubSeconds(NOW(), 5)", 5_000, False),
    "waited": ("seen <= SubSeconds(NOW(), 5)", 7_000, False),
    "limited": ("seen >= SubSeconds(NOW(), 5)", 5_000, True),
    "single": ("seen >= SubSeconds(NOW(), 5)", 5_000, True),
}
# What stands between the condition and the audience. The rows of `TURNS` are in one after the other, the earliest edge first.
BETWEEN = {
    "waited": {"id": "between", "type": "wait", "from": "build", "duration": "PT2S"},
    "limited": {"id": "between", "type": "split", "from": "build", "subsets": [{"name": "first", "limit": {"count": 1}, "sort": {"by": "seen", "order": "asc"}}]},
    "single": {"id": "between", "type": "deduplication", "from": "build", "fields": ["kind"], "method": {"lowest": "seen"}},
}
TURNS = {"limited": "between.first", "single": "between"}
LATEST_MS = {"waited": 2 * LATE_MS}             # the wait begins with a change by the clock


def definition(name):
    plain = campaign(name, f"kind = '{name}' AND {WINDOWS[name][0]}", zone="UTC")
    if name in BETWEEN:
        plain["activities"][-1]["from"] = TURNS.get(name, "between")
        plain["activities"].insert(1, BETWEEN[name])
    return plain


def rows(now_ms):
    """The changes, and member -> (audience, edge): the last instant of its window, or the first at which it is in."""
    changes, edges, number = [], {}, 0
    for name, (_, length, _) in WINDOWS.items():
        for edge in range(now_ms + FIRST_MS + number % STEP_MS, now_ms + LAST_MS, TURN_MS if name in TURNS else STEP_MS):
            key, number = f"{name}{number}", number + 1
            at = edge - length
            # Rows that take turns share a partition: whose turn comes first is read first.
            changes.append(plain(CUSTOMER_TOPIC, name if name in TURNS else key, "customers", "u", {"id": key, "email": key, "kind": name, "seen": at}))
            changes.append(plain(PURCHASE_TOPIC, key, "purchases", "u", {"id": key, "customer_id": key, "amount": 1, "at": at}))
            edges[key] = (name, edge)
    return changes, edges


def moves(events):
    """member -> [(status, cause, time in ms)] in order."""
    found = {}
    for event in events:
        if event.member:
            value = event.value
            found.setdefault((event.member[0], event.member[2]), []).append((value["status"], value["cause"], instant_ms(value["time"])))
    return found


def judge(edges, found, title):
    """Problems by check, and how late the changes by the clock were."""
    problems, late = {"history": [], "cause": [], "not early": [], "at most 1 s late": [], "turns": []}, []
    for name in TURNS:
        turn = [found.get((name, key), []) for key, (audience, _) in sorted(edges.items(), key=lambda item: item[1][1]) if audience == name]
        problems["turns"] += [f"{name}: {after} after {before}" for before, after in zip(turn, turn[1:])
                              if not (before and after and after[0] == ("realized", "time", before[-1][2]))]
    for key, (name, edge) in edges.items():
        leaves = WINDOWS[name][2]
        history = found.pop((name, key), [])
        if [status for status, _, _ in history] != (["realized", "exited"] if leaves else ["realized"]):
            problems["history"].append(f"{key}: {history}")
            continue
        status, cause, time_ms = history[-1]
        delay = time_ms - edge
        late.append(delay)
        if cause != "time":
            problems["cause"].append(f"{key}: {status} with cause {cause!r}")
        if delay < (1 if leaves else 0):        # `at >= x` is still true at the edge itself
            problems["not early"].append(f"{key}: {status} {-delay} ms before its edge")
        if delay > LATEST_MS.get(name, LATE_MS):
            problems["at most 1 s late"].append(f"{key}: {status} {delay} ms after its edge")
    problems["history"] += [f"{member} in {name}, which it was never to be in" for name, member in found]
    return {f"{title}: {name}": found for name, found in problems.items()}, late


def run(program, bootstrap, folder, checks):
    deployment = Deployment(bootstrap, f"clock-{os.urandom(4).hex()}", folder)
    deployment.create_inputs()
    writer, daemon = Writer(deployment), Daemon(program, deployment.config("data"))
    try:
        deployment.wait_for_outputs()
        tail = Tail(deployment)
        for schema in SCHEMAS:
            writer.control({"type": "schema.published", "schema": schema})
        for name in WINDOWS:
            writer.control(publish(definition(name)))
        tail.barrier(writer.barrier(), daemon)
        now_ms = int(time.time() * 1000)
        changes, edges = rows(now_ms)
        writer.changes(changes)
        tail.barrier(writer.barrier(), daemon)
        spare = now_ms + FIRST_MS - int(time.time() * 1000)
        checks.add("every row is in before the first edge", [] if spare > 0 else [f"the barrier came {-spare} ms after it"])

        def settled():
            """Whether audience.updated has told of every change by the clock."""
            told = sum(event["exited" if WINDOWS[event["audience"]][2] else "entered"] for event in tail.events if event.get("type") == "audience.updated")
            return told >= len(edges)
        deadline = now_ms / 1000 + LAST_MS / 1000 + 5
        while not settled() and time.time() < deadline:
            daemon.must_run("the end of the windows")
            tail.receive(0.1)
        code = daemon.terminate()
        checks.add("the daemon ends with 0 on SIGTERM", [] if code == 0 else [f"exit code {code}\n{daemon.last_words()}"])
        result = check(deployment.read_committed(), deployment.group, deployment.counts, {"change", "time"})
        report(result, checks, "stream")
        judged, late = judge(edges, moves(result.events), "edges")
        for name, problems in judged.items():
            checks.add(name, problems)
        late.sort()
        if late:
            print(f"{len(late)} edges; commit clock after the edge: p50 {late[len(late) // 2]} ms, max {late[-1]} ms")
    finally:
        if daemon.process.poll() is None:
            daemon.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    options, checks = parser.parse_args(), Checks()
    with Broker() as broker, tempfile.TemporaryDirectory(prefix="clock-") as folder:
        try:
            run(os.path.abspath(options.program), broker.bootstrap, folder, checks)
        except Missing as missing:
            checks.add("the run", [str(missing)])
        except Exception:
            checks.add("the run", [traceback.format_exc()])
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
