"""Goal: the programs of the article about consumers keep what they promise: each member and each mail once, over kills of theirs and of the
daemon, and when events come twice.

Method: the program that people save is taken from the article; only the names of topic, broker and daemon are put into it. It follows a
daemon whose audience changes all the time, and is killed (-9) at random moments. At the end its database is compared with what a plain
reader of the events finds."""
import json
import random
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request

import zstandard

import articles
from broker import Daemon, Deployment, Tail, Writer, wait_for
from stream import MEMBERS
from workload import RECENT_1, SCHEMAS, generate, publish

AUDIENCE, KILLS = "recent-buyers", 8


def file(name):
    """The text of a file that the article has people save."""
    return next(step.text for step in articles.article("Downstream") if step.file == name)


def folded(events, start):
    """The members by the events behind a commit, and who entered when."""
    members, entered = {}, []
    for event in sorted(events, key=lambda event: event["sequence"]):
        identity = event["identity"]["id"]
        if event["status"] == "exited":
            members.pop(identity)
        else:
            members[identity] = event["attributes"]
        if event["status"] == "realized" and event["sequence"] > start:
            entered.append((identity, event["sequence"]))
    return members, entered


class Follower:
    """The article's program, in a folder of its own."""

    def __init__(self, folder, deployment, address, running):
        self.folder, self.running = folder, running
        text = file("mirror.py").replace('"audience-members"', json.dumps(deployment.prefix + MEMBERS))
        (folder / "mirror.py").write_text(text.replace("127.0.0.1:9092", deployment.bootstrap).replace("http://127.0.0.1:8080", address))

    def start(self):
        self.process = subprocess.Popen([sys.executable, "mirror.py"], cwd=self.folder)
        self.running.append(self.process)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def ask(self, question):
        with sqlite3.connect(self.folder / "mirror.db", timeout=20) as database:
            return database.execute(question).fetchall()

    def state(self):
        members = {identity: json.loads(attributes) for identity, attributes in self.ask("SELECT id, attributes FROM member WHERE status <> 'exited'")}
        return members, self.ask("SELECT id, sequence FROM mail ORDER BY sequence, id")


def check(checks, program, broker, folder, listen):
    """`listen`: host and port for the daemon."""
    running = []
    try:
        follow(checks, program, broker, folder, listen, running)
    finally:
        for process in running:
            if process.poll() is None:
                process.kill()
                process.wait()


def follow(checks, program, broker, folder, listen, running):
    """`running` gets each process that was started."""
    address = f"http://{listen}"
    chance = random.Random(7)
    home = folder / "downstream"
    home.mkdir()
    deployment = Deployment(broker.bootstrap, "downstream", home)
    deployment.create_inputs()
    writer = Writer(deployment)
    changes = generate(7, 12000, int(time.time() * 1000))

    def start_daemon():
        started = Daemon(program, deployment.config("data", http={"listen": listen}))
        running.append(started.process)
        return started
    daemon = start_daemon()
    deployment.wait_for_outputs()
    tail = Tail(deployment)
    for event in [*({"type": "schema.published", "schema": schema} for schema in SCHEMAS), publish(RECENT_1)]:
        writer.control(event)
    writer.changes(changes[:4000])
    tail.barrier(writer.barrier(), daemon)
    snapshots = wait_for("a snapshot", 30, lambda: json.load(urllib.request.urlopen(f"{address}/api/v1/audiences/{AUDIENCE}/snapshots"))["items"])
    start = snapshots[0]["sequence"]
    lines = zstandard.ZstdDecompressor().stream_reader(urllib.request.urlopen(
        f"{address}/api/v1/audiences/{AUDIENCE}/snapshots/{start}/members.ndjson.zst")).read().decode().splitlines()
    follower = Follower(home, deployment, address, running)
    follower.start()
    wait_for("the follower's beginning", 30, lambda: (home / "mirror.db").exists() and follower.ask("SELECT * FROM sqlite_master WHERE name = 'start'")
             and follower.ask("SELECT * FROM start"))
    feeding = writer.in_background(changes[4000:], 12)
    for number in range(KILLS):
        time.sleep(chance.uniform(0.4, 1.4))
        follower.kill()
        if number == KILLS // 2:
            daemon.kill()
            daemon = start_daemon()
        follower.start()
    feeding.join()
    tail.barrier(writer.barrier(), daemon)
    events = [json.loads(record.value) for record in deployment.read_committed() if record.topic == MEMBERS and record.value]
    events = [event for event in events if event["audience"] == AUDIENCE]
    members, entered = folded(events, start)
    wait_for("the follower's end", 30, lambda: follower.state()[0] == members, 0.2)
    checks.add("a follower that is killed has each member once", [] if len(members) > 100 else [f"only {len(members)} members"])
    mails = follower.state()[1]
    checks.add("and one mail for each who entered", [] if sorted(mails) == sorted(entered) and len(mails) > 100 else
               [f"{len(mails)} mails, {len(entered)} entered: {sorted(set(mails) ^ set(entered))[:5]}"])
    # All again, from the beginning of the topic.
    follower.kill()
    follower.ask("UPDATE position SET next = 0")
    follower.start()
    last = sum(1 for record in deployment.read_committed() if record.topic == MEMBERS)
    wait_for("everything to be read again", 30, lambda: sum(next for next, in follower.ask("SELECT next FROM position")) >= last, 0.2)
    checks.add("events that come twice change nothing", [] if follower.state() == (members, mails) else ["other members or mails"])
    follower.kill()
    daemon.terminate()

    database = sqlite3.connect(":memory:")
    database.executescript("CREATE TABLE event (value TEXT); CREATE TABLE snapshot_line (value TEXT); CREATE TABLE snapshot (sequence INTEGER);")
    database.execute("INSERT INTO snapshot VALUES (?)", (start,))
    database.executemany("INSERT INTO snapshot_line VALUES (?)", ((line,) for line in lines))
    twice = [json.dumps(event) for event in events] * 2
    chance.shuffle(twice)
    database.executemany("INSERT INTO event VALUES (?)", ((text,) for text in twice))
    found = {identity: json.loads(attributes) for _, identity, attributes in database.execute(file("members.sql"))}
    checks.add("the query has them too, from events in any order and twice", [] if found == members else [f"{len(found)} of {len(members)}"])
