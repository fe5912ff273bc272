"""Goal: snapshots (contract §5): snapshot(s0) plus the member events with s0 < sequence <= s1 is snapshot(s1), exactly; never half of one.

    python3 Tests/Kafka/snapshots.py PROGRAM [--changes 30000] [--seed N]

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: a broker of our own. Changes are written in parts, a barrier after each is a snapshot point; in a second phase the daemon is killed
(-9) at random moments after a barrier was requested, and what lies in the folder is looked at before the next start. Then an interval
instead of barriers, a start with nothing to do, and retention. At the end every snapshot that was ever seen is compared with what the
member events say, and every one is announced exactly once."""
import argparse
import csv
import hashlib
import io
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from pathlib import Path

import zstandard

from broker import Broker, Daemon, Deployment, Missing, Tail, Writer, wait_for
from checks import Checks
from stream import MEMBERS, check, report
from workload import FREQUENT, RECENT_1, RECENT_2, SCHEMAS, SPENDERS, generate, publish

PARTS, KILLS = 6, 6
CAUSES = {"change", "publish", "definition"}
# Texts that CSV must quote, in names and values.
ODD = {"id": "odd", "name": "odd", "activities": [
    {"id": "build", "type": "build-audience", "dimension": "customers", "filter": "age >= 30"},
    {"id": "save", "type": "save-audience", "from": "build", "audience": {"id": "odd", "label": "Odd, \"quoted\""},
     "identity": {"field": "email", "namespace": "Email"},
     "attributes": [{"source": "country", "name": "the \"country\", quoted"}, {"source": "age", "name": "age"}, {"source": "optin", "name": "optin"}]}]}


class Snapshot:
    """One snapshot as it lies in the folder; problems are collected in `problems`."""

    def __init__(self, folder):
        self.folder, self.audience, self.sequence, self.problems, self.members = folder, folder.parent.name, int(folder.name), [], {}
        try:
            self.manifest = json.loads((folder / "manifest.json").read_bytes())
            contents = {file["name"]: self.content(file) for file in self.manifest["files"]}
            if {path.name for path in folder.iterdir()} != {*contents, "manifest.json"}:
                self.problems.append(f"holds {sorted(path.name for path in folder.iterdir())}")
            self.read(contents["members.ndjson.zst"].decode(), contents["members.csv.zst"].decode())
        except (OSError, ValueError, KeyError, zstandard.ZstdError) as error:
            self.problems.append(f"{type(error).__name__} {error}")
        self.problems = [f"{self.audience}/{self.sequence}: {problem}" for problem in self.problems]

    def content(self, file):
        raw = (self.folder / file["name"]).read_bytes()
        if (hashlib.sha256(raw).hexdigest(), len(raw)) != (file["sha256"], file["bytes"]):
            self.problems.append(f"{file['name']} is not what the manifest says")
        return zstandard.ZstdDecompressor().stream_reader(raw).read()

    def read(self, lines, table):
        rows = [json.loads(line) for line in lines.splitlines()] if "\u2028" not in lines else [json.loads(line) for line in lines.split("\n") if line]
        self.members = {row["identity"]["id"]: (row["rows"], row["attributes"]) for row in rows}
        names = [row["identity"]["id"].encode() for row in rows]
        if names != sorted(set(names)):
            self.problems.append("not sorted by identity, or one is there twice")
        wanted = {"audience": self.audience, "sequence": self.sequence, "size": len(rows), "rows": sum(row["rows"] for row in rows), "namespace": "Email"}
        self.problems += [f"manifest: {name} is {self.manifest.get(name)!r}, not {value!r}" for name, value in wanted.items() if self.manifest.get(name) != value]
        columns = [(column["name"], column["type"]) for column in self.manifest["columns"]]
        if columns[:3] != [("_namespace", "string"), ("_id", "string"), ("_rows", "integer")]:
            self.problems.append(f"columns: {columns}")
        self.agree(rows, table, columns)

    def agree(self, rows, table, columns):
        """CSV, read by Python's own reader (which does not tell null from an empty text: looked at in the raw text), against NDJSON."""
        if rows and not table.endswith("\r\n") or table.count("\n") != table.count("\r\n"):
            self.problems.append("CSV: lines do not end with CR LF")
        header, *found = csv.reader(io.StringIO(table, newline=""), strict=True)
        if header != [name for name, _ in columns]:
            self.problems.append(f"CSV: header {header}")
        def text(value):
            return "" if value is None else value if isinstance(value, str) else json.dumps(value)
        wanted = [[row["identity"]["namespace"], row["identity"]["id"], str(row["rows"]), *map(text, row["attributes"].values())] for row in rows]
        self.problems += [f"CSV has {b}, NDJSON {a}" for a, b in zip(wanted, found) if a != b]
        empty = sum(value == "" for row in rows for value in row["attributes"].values())
        if len(wanted) != len(found) or table.count('""') - 2 * table.count('""country""') < empty:
            self.problems.append(f"CSV: {len(found)} rows of {len(wanted)}, or an empty text is not quoted")


class Run:
    def __init__(self, options, broker, folder, checks):
        self.options, self.checks, self.random = options, checks, random.Random(options.seed)
        changes = generate(options.seed, options.changes, int(time.time() * 1000))
        count = PARTS + KILLS + 2
        self.parts = [changes[len(changes) * n // count:len(changes) * (n + 1) // count] for n in range(count)]
        self.deployment = Deployment(broker.bootstrap, f"snapshots-{os.urandom(4).hex()}", folder)
        self.deployment.create_inputs()
        self.writer, self.daemon = Writer(self.deployment), None
        self.folder = Path(folder) / "data" / "snapshots"
        self.seen = {}                          # (audience, sequence) -> Snapshot, also of those that are removed later

    def start(self, **settings):
        wanted = {"every": "PT1H", "formats": ["ndjson", "csv"], "keep": 1000} | settings
        self.daemon = Daemon(self.options.program, self.deployment.config("data", snapshots=wanted))

    def catch_up(self, name=None):
        return self.tail.barrier(name or self.writer.barrier(), self.daemon)["sequence"]

    def feed(self):
        self.writer.changes(self.parts.pop(0))

    def end(self, name):
        code = self.daemon.terminate()
        self.checks.add(f"{name}: the daemon ends with 0 on SIGTERM", [] if code == 0 else [f"exit code {code}\n{self.daemon.last_words()}"])

    def names(self, hidden=False):
        """(audience, name) of what lies in the folder."""
        if not self.folder.exists():
            return set()
        return {(audience, name) for audience in os.listdir(self.folder) for name in os.listdir(self.folder / audience) if hidden or not name.startswith(".")}

    def look(self, title):
        """Reads every snapshot that is new; none may be half."""
        problems = []
        for audience, name in sorted(self.names()):
            if not name.isdigit():
                problems.append(f"{audience}/{name} is no sequence")
            elif (audience, int(name)) not in self.seen:
                found = self.seen[audience, int(name)] = Snapshot(self.folder / audience / name)
                problems += found.problems
        self.checks.add(f"{title}: every snapshot is whole, and its files agree", problems)

    # ------------------------------------------------------------------------------------------------------------- the phases

    def barriers(self):
        """Without kills: each audience that changed since its last snapshot has one at the barrier."""
        points = []
        for number in range(PARTS):
            self.feed()
            if number == 2:
                self.writer.control(publish(RECENT_2))
            points.append(self.catch_up())
        at_rest = self.catch_up()
        self.end("barriers")
        self.look("barriers")
        events = self.check_stream("barriers").events
        problems, last = [], {}
        for point in points:
            changed = {event.value["audience"] for event in events if event.value.get("type") == "audience.updated"
                       and last.get(event.value["audience"], 0) < event.sequence <= point}
            there = {audience for audience, sequence in self.seen if sequence == point}
            problems += [f"barrier at {point}: {audience} changed and has no snapshot" for audience in changed - there]
            problems += [f"barrier at {point}: {audience} has a snapshot and did not change" for audience in there - changed]
            last |= dict.fromkeys(there, point)
        problems += [f"{audience} has one at {at_rest}, where nothing had changed" for audience, sequence in self.seen if sequence >= at_rest]
        self.checks.add("barriers: exactly the audiences that changed have a snapshot of that commit", problems)

    def kills(self):
        self.start()
        left = 0
        for number in range(KILLS):
            self.feed()
            barrier = self.writer.barrier()
            if number % 2 == 0:
                self.being_written()
            else:
                self.daemon.run_until(self.random.uniform(0, 0.6))
            self.daemon.kill()
            left += any(name.startswith(".") for _, name in self.names(hidden=True))
            self.look(f"kill {number + 1}")
            self.start()
            self.catch_up(barrier)
        since = self.catch_up()
        self.settle()
        problems = [f"{audience}/{name} is left over" for audience, name in self.names(hidden=True) if not name.isdigit()]
        self.end("kills")
        self.checks.add("kills: the next start removes what was half", problems)
        self.look("kills")
        events = self.check_stream("kills").events
        changed = {event.value["audience"]: event.sequence for event in events if event.value.get("type") == "audience.updated" and event.sequence <= since}
        newest = defaultdict(int)
        for audience, sequence in self.seen:
            newest[audience] = max(newest[audience], sequence)
        self.checks.add("kills: a snapshot that was due at a barrier is made up for",
                        [f"{audience} changed at {at}, its newest is {newest[audience]}" for audience, at in changed.items() if newest[audience] < at])
        self.checks.add(f"kills: {left} of {KILLS} found a snapshot half written, and hidden", [] if left else ["none did"])

    def being_written(self):
        """Until a snapshot is seen under its hidden name; as often as not it is still there at the kill that follows."""
        wait_for("a snapshot being written", 20, lambda: any(name.startswith(".") for _, name in self.names(hidden=True)), 0)

    def settle(self):
        """Until everything in the folder is announced."""
        def announced():
            self.tail.receive(0.05)
            names = {(event["audience"], str(event["snapshot"]["sequence"])) for event in self.tail.events if event["type"] == "audience.snapshot"}
            return self.names() <= names
        wait_for("the announcement of every snapshot", 30, announced)

    def idle(self):
        """A start with nothing to do writes none and announces none."""
        before = self.names()
        self.start(every="PT1S")
        self.catch_up()
        self.daemon.run_until(3)
        self.end("idle")
        self.checks.add("idle: a replayed journal writes no snapshot, and an announcement makes none",
                        [f"{name} was not there" for name in self.names() - before])

    def interval(self):
        before = self.names()
        self.start(every="PT1S")
        self.feed()
        wait_for("a snapshot by the interval", 20, lambda: self.names() - before)
        self.settle()
        self.end("interval")
        self.look("interval")

    def retention(self):
        time.sleep(1.1)
        self.start(keep=2, **{"for": "PT1S"}, every="PT1S")
        self.feed()
        self.catch_up()
        def pruned():
            counts = defaultdict(int)
            for audience, _ in self.names(hidden=True):
                counts[audience] += 1
            return all(count == 2 for count in counts.values())
        try:
            wait_for("the removal of old snapshots", 20, pruned)
            problems = []
        except Missing as missing:
            problems = [f"{missing}: {sorted(self.names(hidden=True))}"]
        self.checks.add("retention: with keep 2 and a short `for`, two of each audience are left", problems)
        self.settle()
        self.end("retention")
        self.look("retention")
        newest = defaultdict(list)
        for audience, sequence in sorted(self.seen):
            newest[audience] = [*newest[audience], str(sequence)][-2:]
        kept = {(audience, name) for audience, names in newest.items() for name in names}
        self.checks.add("retention: the newest are kept", [f"{name}" for name in kept ^ self.names()])

    def refusal(self):
        self.start(formats=["ndjson", "parquet"])
        code = self.daemon.ended(10)
        words = self.daemon.last_words()
        self.checks.add("parquet is refused at start with 64 and its name",
                        [] if code == 64 and "snapshots.formats[1]: parquet is not supported yet" in words else [f"{code}: {words}"])

    # ------------------------------------------------------------------------------------------------------------- the checks

    def check_stream(self, title):
        self.records = self.deployment.read_committed()
        result = check(self.records, self.deployment.group, self.deployment.counts, CAUSES)
        report(result, self.checks, title)
        return result

    def verify(self):
        """Every snapshot against the member events, and against where its manifest says to go on."""
        result = self.check_stream("the whole stream")
        members, problems, places = defaultdict(list), [], []
        for event in result.events:
            if event.member:
                members[event.member[0]].append(event)
        for (audience, sequence), snapshot in sorted(self.seen.items()):
            held = {}
            before = max((other for name, other in self.seen if name == audience and other < sequence), default=0)
            held = dict(self.seen[audience, before].members) if before else {}
            for event in members[audience]:
                if before < event.sequence <= sequence:
                    if event.value["status"] == "exited":
                        held.pop(event.member[2], None)
                    else:
                        held[event.member[2]] = (event.value["rows"], event.value["attributes"])
            if held != snapshot.members:
                problems.append(f"{audience}: snapshot({before}) plus events is not snapshot({sequence}): "
                                f"{[name for name in held.keys() | snapshot.members.keys() if held.get(name) != snapshot.members.get(name)][:3]}")
            ends = snapshot.manifest["outputs"].get(self.deployment.prefix + MEMBERS, {})
            places += [f"{audience}/{sequence}: {event} is {'not ' if event.sequence > sequence else ''}behind {ends}" for event in members[audience]
                       if (event.record.offset >= ends.get(str(event.record.partition), -1)) != (event.sequence > sequence)]
        self.checks.add(f"snapshot(s0) plus the events up to s1 is snapshot(s1), {len(self.seen)} times", problems if self.seen else ["there was none"])
        self.checks.add("`outputs` of a manifest parts the events before it from those after it", places)
        self.announcements(result.events)

    def announcements(self, events):
        told, problems = defaultdict(int), []
        for event in events:
            if event.value.get("type") == "audience.snapshot":
                name = event.value["audience"], event.value["snapshot"]["sequence"]
                told[name] += 1
                if name in self.seen and self.seen[name].manifest != event.value["snapshot"]:
                    problems.append(f"{event}: not the manifest of {name}")
                if event.sequence <= name[1]:
                    problems.append(f"{event} announces a snapshot of {name[1]}")
        problems += [f"{name} is announced {told[name]} times" for name in self.seen if told[name] != 1]
        # One that came and went between two looks is announced too.
        self.checks.add(f"{len(told)} snapshots are announced, each once, with their manifest", problems)

    def all(self):
        self.start()
        self.deployment.wait_for_outputs()
        self.tail = Tail(self.deployment)
        for schema in SCHEMAS:
            self.writer.control({"type": "schema.published", "schema": schema})
        for campaign in (RECENT_1, FREQUENT, SPENDERS, ODD):
            self.writer.control(publish(campaign))
        self.barriers()
        self.kills()
        self.idle()
        self.interval()
        self.retention()
        self.refusal()
        self.verify()

    def leave(self):
        if self.daemon and self.daemon.process.poll() is None:
            self.daemon.kill()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--changes", type=int, default=30_000)
    parser.add_argument("--seed", type=int, default=1)
    options, checks = parser.parse_args(), Checks()
    options.program = os.path.abspath(options.program)
    with Broker() as broker, tempfile.TemporaryDirectory(prefix="snapshots-") as folder:
        run = Run(options, broker, folder, checks)
        try:
            run.all()
        except Missing as missing:
            checks.add("the run", [str(missing)])
        except Exception:
            checks.add("the run", [traceback.format_exc()])
        finally:
            run.leave()
            if checks.failed and os.environ.get("KEEP"):
                shutil.copytree(folder, os.environ["KEEP"], dirs_exist_ok=True)
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
