"""Figures from outside, by hand, on the real broker: how long a start takes, and what a change waits for. Prints; checks nothing.

    python3 Tests/Kafka/figures.py PROGRAM restart --workload FOLDER [--campaigns 1,100,1000] [--rounds 5]
    python3 Tests/Kafka/figures.py PROGRAM latency [--rates 1000,10000] [--seconds 20] [--rounds 3]

FOLDER is what bench/generate.py of the shared folder wrote, with as many campaigns as are asked for.

restart: the workload is taken in, a checkpoint is waited for, changes and so commits follow for a time; then kill -9, and the time from the
next exec to the line `ready`. Beside it the same for an empty journal.

latency: bench/transactions.cpp and bench/latency.cpp in one run, quiet and with two processes that do nothing but count. What a change waits
for is also said in bare transactions: the floor that the broker sets. latency.cpp reads events in batches of 10,000, for which it waits 20 ms:
an event lies there for 10 ms before it is counted, which is longer than a commit takes. So it is run once as it is and once with batches of one,
which reads each event as it comes. What it waits for before that stays in the figures: the sender's linger of 5 ms."""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

from confluent_kafka import Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from broker import QUIET, SHARED, Broker, Daemon, Deployment, wait_for

CHANGES, CONTROL = "profile-changes", "campaign-publish"
KEPT = {"retention.ms": "-1", "cleanup.policy": "delete", "message.timestamp.before.max.ms": str(1 << 60)}


class Figures:
    def __init__(self, program, broker, folder, clock, every):
        self.program = program
        self.deployment = Deployment(broker.bootstrap, f"figures-{os.urandom(4).hex()}", folder)
        self.create(CHANGES, 4)
        self.create(CONTROL, 1)
        self.config = self.deployment.config("data", clock=clock, checkpoints={"every": every},
                                             topics={"prefix": self.deployment.prefix, "changes": [{"topic": CHANGES}]})
        self.producer = Producer({"bootstrap.servers": broker.bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 1_000_000, **QUIET})

    def create(self, name, partitions, settings=KEPT):
        self.deployment.admin.create_topics([NewTopic(self.deployment.prefix + name, partitions, 1, config=settings)])[
            self.deployment.prefix + name].result(30)

    def start(self):
        """Starts it; returns the seconds from exec to the line `ready`."""
        before = self.log_size()
        self.daemon = Daemon(self.program, self.config)
        self.logged = before
        wait_for("ready", 120, lambda: self.daemon.must_run("ready") or " ready " in self.log(), 0.002)
        return time.monotonic() - self.daemon.started

    def log_size(self):
        path = pathlib.Path(self.config).with_suffix(".log")
        return path.stat().st_size if path.exists() else 0

    def log(self):
        """What it has said since it was started."""
        with open(self.daemon.log, encoding="utf-8") as file:
            file.seek(self.logged)
            return file.read()

    def resident(self, name="VmRSS"):
        """Megabytes."""
        status = pathlib.Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(re.search(rf"{name}:\s+(\d+)", status)[1]) / 1000

    def produce(self, topic, value, key=None, partition=-1, milliseconds=0):
        while True:
            try:
                self.producer.produce(self.deployment.prefix + topic, value, key, partition, timestamp=milliseconds)
                return
            except BufferError:
                self.producer.poll(0.1)

    def flush(self):
        if self.producer.flush(120):
            raise TimeoutError("acknowledgement of what was written")

    def barrier(self, name, milliseconds, seconds=600):
        """Waits until all that was written is in a commit. The instant is that of the record, which moves the clock."""
        ends = {str(p): self.end(p) for p in range(4)}
        self.produce(CONTROL, json.dumps({"type": "barrier.requested", "id": name, "after": {self.deployment.prefix + CHANGES: ends}}).encode(),
                     None, 0, milliseconds)
        self.flush()
        consumer = self.deployment.consumer("read_committed")
        consumer.assign(self.places("audience-updated"))
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for message in consumer.consume(1000, 0.2):
                if not message.error() and b"barrier.reached" in message.value() and json.loads(message.value()).get("id") == name:
                    consumer.close()
                    return
            self.daemon.must_run(f"barrier {name}")
        raise TimeoutError(f"barrier {name}")

    def places(self, topic):
        self.deployment.wait_for_outputs()
        return [TopicPartition(self.deployment.prefix + topic, partition, 0) for partition in range(self.deployment.counts[topic])]

    def end(self, partition):
        consumer = self.deployment.consumer("read_uncommitted")
        end = consumer.get_watermark_offsets(TopicPartition(self.deployment.prefix + CHANGES, partition), timeout=20)[1]
        consumer.close()
        return end


def median(values):
    return f"median {statistics.median(values):.2f} ({', '.join(f'{value:.2f}' for value in values)})"


def restart(options, broker):
    for count in map(int, options.campaigns.split(",")):
        with tempfile.TemporaryDirectory() as folder:
            figures = Figures(options.program, broker, folder, "events", "PT5S")
            figures.start()
            figures.deployment.wait_for_outputs()
            empty = []
            for _ in range(options.rounds):
                figures.daemon.kill()
                empty.append(figures.start())
            print(f"empty journal: ready after {median(empty)} s", flush=True)
            campaigns = 0
            with open(f"{options.workload}/00-control.ndjson", "rb") as file:
                for line in file:
                    campaigns += b'"campaign.published"' in line[:40]
                    if campaigns <= count:
                        figures.produce(CONTROL, line.rstrip(), None, 0, instant(line))
            figures.flush()
            began, rows = time.monotonic(), 0
            with open(f"{options.workload}/01-changes.ndjson", "rb") as file:
                for line in file:
                    if line.startswith(b'{"table"'):
                        figures.produce(CHANGES, line.rstrip(), None, rows % 4, last := instant(line))
                        rows += 1
            figures.flush()
            produced = time.monotonic() - began
            figures.barrier("loaded", last)
            print(f"{rows} rows, {count} campaigns: produced in {produced:.0f} s, taken in after {time.monotonic() - began:.0f} s; "
                  f"resident {figures.resident():.0f} MB, peak {figures.resident('VmHWM'):.0f} MB", flush=True)
            last, said = last + 1, len(figures.log())
            wait_for("a checkpoint of all", 120, lambda: " info checkpoint " in figures.log()[said:] or figures.produce(CHANGES, one(0), None, 0, last) or figures.flush(), 0.5)
            times, tails = [], []
            for number in range(options.rounds):
                for change in range(2000):
                    figures.produce(CHANGES, one(change), None, change % 4, last)
                    if change % 10 == 0:
                        figures.flush()
                time.sleep(0.2)
                figures.daemon.kill()
                times.append(figures.start())
                tails.append(int(re.search(r"commits_replayed=(\d+)", figures.log())[1]))
            print(f"{rows} rows, {count} campaigns: kill -9 to ready {median(times)} s; commits behind the checkpoint {tails}; "
                  f"resident {figures.resident():.0f} MB", flush=True)
            said = figures.log()
            print("\n".join(line[:200] for line in said.splitlines() if " info " in line)[-1500:], flush=True)
            figures.daemon.terminate()


def instant(line):
    """The `time` of a line, which becomes its record's: the workload's windows are about that."""
    start = line.index(b'"time":') + 7
    return int(line[start:start + 14].strip(b" ,}"))


def one(number):
    """A change of a customer's score, which no audience reads."""
    return json.dumps({"table": "customers", "op": "u", "row": {
        "id": f"c{number}", "email": f"c{number}@example.com", "country": "C39", "age": 20, "tier": "gold", "optin": True, "store": 452,
        "score": time.time() % 1}}).encode()


BATCH, BATCH_OF_ONE = "batch.data(), batch.size())", "batch.data(), 1)"


def build(name, folder, old=None, new=None):
    """A program of the shared folder; in `new` words where it has the old ones, once."""
    text = (SHARED / "bench" / f"{name}.cpp").read_text()
    if old:
        assert text.count(old) == 1, f"{name}.cpp says something else than {old}"
        text = text.replace(old, new)
    program = pathlib.Path(folder) / f"{name}{'-changed' if old else ''}"
    subprocess.run(["g++", "-O2", "-std=c++20", "-x", "c++", "-", "-o", program, "-lrdkafka", "-lpthread"], input=text, text=True, check=True)
    return program


OPTINS = [
    {"type": "schema.published", "schema": {
        "name": "customers", "primaryKey": ["id"], "fields": [
            {"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "country", "type": "string"},
            {"name": "optin", "type": "boolean"}, {"name": "score", "type": "integer"}],
        "identities": [{"field": "email", "namespace": "Email"}], "links": []}},
    {"type": "campaign.published", "campaign": {"id": "optins", "name": "optins", "activities": [
        {"id": "build", "type": "build-audience", "dimension": "customers", "filter": "optin"},
        {"id": "save", "type": "save-audience", "from": "build", "audience": {"id": "optins", "label": "optins"},
         "identity": {"field": "email", "namespace": "Email"}}]}}]


def latency(options, broker):
    """Pairs: transactions, changes, transactions again. Each with a daemon and topics of its own, since latency.cpp counts from the first event."""
    with tempfile.TemporaryDirectory() as folder:
        transactions = build("transactions", folder)
        tools = [("as it is", build("latency", folder)), ("read at once", build("latency", folder, BATCH, BATCH_OF_ONE))]
        admin = AdminClient({"bootstrap.servers": broker.bootstrap, **QUIET})
        for name, partitions in (("m", 4), ("u", 4), ("j", 1)):
            admin.create_topics([NewTopic(name, partitions, 1)])[name].result(30)
        for busy in (False, True):
            for rate in map(int, options.rates.split(",")):
                for name, changes in tools * options.rounds:
                    with tempfile.TemporaryDirectory() as place:
                        figures = Figures(options.program, broker, place, "wall", "PT60S")
                        for event in OPTINS:
                            figures.produce(CONTROL, json.dumps(event).encode())
                        figures.flush()
                        figures.start()
                        figures.deployment.wait_for_outputs()
                        others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2 if busy else 0)]
                        floor = bare(transactions, broker)
                        done = subprocess.run([changes, broker.bootstrap, figures.deployment.prefix, "20000", str(rate), str(options.seconds), "100"],
                                              capture_output=True, text=True)
                        floor = (floor + bare(transactions, broker)) / 2
                        for other in others:
                            other.kill()
                        figures.daemon.terminate()
                    line = done.stdout.strip() or done.stderr
                    found = re.search(r"p50 ([\d.]+) p90 ([\d.]+) p99 ([\d.]+)", line)
                    ratio = f"p50 {float(found[1]) / floor:.1f} p99 {float(found[3]) / floor:.1f}" if found else "-"
                    print(f"{'busy' if busy else 'quiet'}, {name}: bare transaction {floor:.1f} ms; {ratio} of it; {line}", flush=True)


def bare(program, broker):
    """The median of a bare transaction, milliseconds, with pauses of 3 ms."""
    said = subprocess.run([program, broker.bootstrap, "1", "4", "3"], capture_output=True, text=True).stdout
    return float(re.search(r"p50 ([\d.]+)", said)[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("what", choices=["restart", "latency"])
    parser.add_argument("--workload")
    parser.add_argument("--campaigns", default="1,100,1000")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--rates", default="1000,10000")
    parser.add_argument("--seconds", type=int, default=20)
    chosen = parser.parse_args()
    with Broker() as running:
        {"restart": restart, "latency": latency}[chosen.what](chosen, running)
