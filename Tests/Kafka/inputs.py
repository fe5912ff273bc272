"""Goal: input topics and brokers as they are in the field (contract §2, §3, §6): topics that exist before their schema, partitions that are added,
transactions upstream, topics that are deleted, made anew, cut or compacted, a broker that goes away, and a start that was overtaken.

    python3 Tests/Kafka/inputs.py PROGRAM [SCENARIO…]

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: a broker of our own; each scenario is a deployment of its own with one topic `people` that is mapped to a table of that name, and one
audience of all people. Members are folded from the committed events of audience-members."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import zstandard
from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import NewPartitions, NewTopic

from broker import QUIET, SHARED, Broker, Daemon, Deployment, Missing, Tail, wait_for
from checks import Checks
from stream import MEMBERS
from workload import CONTROL_TOPIC

PEOPLE, OTHERS = "people", "others"
KEPT = {"retention.ms": "-1", "cleanup.policy": "delete"}
COMPACTED_SOON = {"cleanup.policy": "compact", "segment.ms": "1000", "min.cleanable.dirty.ratio": "0.01", "max.compaction.lag.ms": "1000",
                  "min.compaction.lag.ms": "0"}
STOP_SECONDS, NOTICE_SECONDS = 10, 60


def schema(name):
    return {"type": "schema.published", "schema": {
        "name": name, "primaryKey": ["id"], "identities": [{"field": "email", "namespace": "Email"}],
        "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}]}}


def everyone(name):
    return {"type": "campaign.published", "campaign": {"id": name, "activities": [
        {"id": "b", "type": "build-audience", "dimension": name},
        {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": name}, "identity": {"field": "email", "namespace": "Email"}}]}}


class Scenario:
    """One deployment with its daemon."""

    def __init__(self, program, broker, folder, checks, name):
        self.program, self.broker, self.checks, self.name = program, broker, checks, name
        self.deployment = Deployment(broker.bootstrap, f"inputs-{os.urandom(4).hex()}", folder)
        self.prefix, self.admin = self.deployment.prefix, self.deployment.admin
        self.daemons, self.barriers, self.tail = [], 0, None
        self.create(CONTROL_TOPIC, 1)
        self.reconnect()

    def reconnect(self):
        """A new producer, which knows no partition of before."""
        self.producer = Producer({"bootstrap.servers": self.broker.bootstrap, "acks": "all", "linger.ms": 0, **QUIET})

    def create(self, topic, partitions, **settings):
        self.admin.create_topics([NewTopic(self.prefix + topic, partitions, 1, config=KEPT | settings)])[self.prefix + topic].result(30)

    def delete(self, topic):
        self.admin.delete_topics([self.prefix + topic])[self.prefix + topic].result(30)

    def start(self, data="data", changes=((PEOPLE, PEOPLE),), **more):
        topics = {"prefix": self.prefix, "changes": [{"topic": topic} | ({"table": table} if table else {}) for topic, table in changes]}
        config = self.deployment.config(data, topics=topics, **more)
        log = config.with_suffix(".log")
        said = len(log.read_bytes()) if log.exists() else 0
        self.daemons.append(Daemon(self.program, config))
        self.daemon.said = said                     # what an earlier process has written to the same log
        return self.daemon

    @property
    def daemon(self):
        return self.daemons[-1]

    def log(self, daemon=None):
        """What a daemon has written."""
        daemon = daemon or self.daemon
        return daemon.log.read_bytes()[daemon.said:].decode(errors="replace")

    def ready(self, daemon=None):
        daemon = daemon or self.daemon
        wait_for("ready", 60, lambda: " ready " in self.log(daemon) or daemon.process.poll() is not None)
        daemon.must_run("ready")
        if self.tail is None:
            self.deployment.wait_for_outputs()
            self.tail = Tail(self.deployment)

    def control(self, *events):
        for event in events:
            self.producer.produce(self.prefix + CONTROL_TOPIC, json.dumps(event).encode())
        if self.producer.flush(20):
            raise Missing("acknowledgement of control events")

    def put(self, *names, topic=PEOPLE, partition=0, producer=None):
        producer = producer or self.producer
        for name in names:
            producer.produce(self.prefix + topic, json.dumps({"id": name, "email": name}).encode(), name.encode(), partition)
        if producer.flush(20):
            raise Missing("acknowledgement of rows")

    def ends(self, *topics):
        """topic -> partition -> Kafka's end offset, markers included."""
        probe = self.deployment.consumer("read_uncommitted")
        found = {}
        for topic in topics:
            name = self.prefix + topic
            partitions = probe.list_topics(name, timeout=10).topics[name].partitions
            found[name] = {str(p): probe.get_watermark_offsets(TopicPartition(name, p), timeout=10)[1] for p in partitions}
        probe.close()
        return found

    def barrier(self, *topics, seconds=40):
        """Waits until everything that lies in the topics now is in."""
        self.barriers += 1
        name = f"b{self.barriers}"
        self.control({"type": "barrier.requested", "id": name} | ({"after": self.ends(*topics)} if topics else {}))
        return self.tail.barrier(name, self.daemon, seconds)

    def members(self, audience):
        found = {}
        for message in self.deployment.messages([MEMBERS]):
            if message.value() is None:
                continue
            value = json.loads(message.value())
            if value["audience"] == audience:
                found[value["identity"]["id"]] = value["status"]
        return {name for name, status in found.items() if status != "exited"}

    def check(self, what, problem):
        """One check; it passes when the problem is empty or False."""
        self.checks.add(f"{self.name}: {what}", [problem if isinstance(problem, str) else "no"] if problem else [])

    def check_members(self, audience, wanted):
        found = self.members(audience)
        self.check(f"members of {audience}", found != set(wanted) and f"{sorted(found)}, not {sorted(wanted)}")

    def check_end(self, what, wanted, seconds, says=(), daemon=None):
        daemon = daemon or self.daemon
        started = time.monotonic()
        code = daemon.ended(seconds)
        took = time.monotonic() - started
        print(f"       {self.name}: ended with {code} after {took:.1f} s", flush=True)
        words = self.log(daemon)
        missing = [word for word in says if word not in words]
        self.check(what, (code != wanted and f"exit code {code}: {daemon.last_words()}") or (missing and f"it does not say {missing}: {daemon.last_words()}"))

    def begin(self, partitions=1):
        """People are published and read."""
        self.create(PEOPLE, partitions)
        self.start()
        self.ready()
        self.control(schema(PEOPLE), everyone(PEOPLE))
        self.put("a", "b", "c")
        self.barrier(PEOPLE)

    def leave(self):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                daemon.kill()

    # ----------------------------------------------------------------------------------------------------------- the scenarios

    def topics_wait(self):
        """Topics that exist already, attached to before anything is published."""
        self.create(PEOPLE, 2)
        self.create(OTHERS, 1)
        self.create("cdc", 1)
        self.put("a", "b"), self.put("c", partition=1), self.put("x", topic=OTHERS)
        self.producer.produce(self.prefix + "cdc", json.dumps({"op": "c", "before": None, "after": {"id": "d", "email": "d"}, "source": {"table": PEOPLE}}))
        self.start(changes=((PEOPLE, PEOPLE), (OTHERS, OTHERS), ("cdc", None)))
        self.ready()
        wait_for("a line for each topic that waits", 20, lambda: self.log().count("a topic waits for") == 3)
        self.barrier()
        self.control(schema(OTHERS), everyone(OTHERS))
        self.barrier(OTHERS, CONTROL_TOPIC)
        self.check_members(OTHERS, ["x"])
        self.control(schema(PEOPLE), everyone(PEOPLE))
        self.barrier(PEOPLE, OTHERS)
        self.check("nothing that waited is a dead letter but what named an unknown table", len(self.deployment.messages(["audienced.dlq"])) != 1)
        self.check_members(PEOPLE, ["a", "b", "c"])
        self.daemon.kill()
        self.start(changes=((PEOPLE, PEOPLE), (OTHERS, OTHERS), ("cdc", None)))
        self.ready()
        self.put("e")
        self.barrier(PEOPLE, OTHERS, "cdc")
        self.check_members(PEOPLE, ["a", "b", "c", "e"])

    def partitions_added(self):
        self.begin()
        self.admin.create_partitions([NewPartitions(self.prefix + PEOPLE, 3)])[self.prefix + PEOPLE].result(30)
        wait_for("the new partitions", 20, lambda: len(self.ends(PEOPLE)[self.prefix + PEOPLE]) == 3)
        self.reconnect()
        self.put("d", partition=1)
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcd")
        self.admin.create_partitions([NewPartitions(self.prefix + PEOPLE, 4)])[self.prefix + PEOPLE].result(30)
        wait_for("the new partition", 20, lambda: len(self.ends(PEOPLE)[self.prefix + PEOPLE]) == 4)
        self.reconnect()
        self.put("e", partition=3), self.put("f", partition=2)
        wait_for("the row in it, without a barrier", 30, lambda: self.members(PEOPLE) == set("abcdef"), 1)
        self.check("a log line for each time", self.log().count("partitions were added") != 2)
        self.daemon.kill()
        self.start()
        self.ready()
        self.put("g", partition=3)
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcdefg")

    def markers(self):
        """The upstream writes in transactions: the last offset of a partition is a marker that no consumer is given."""
        self.begin()
        writer = Producer({"bootstrap.servers": self.broker.bootstrap, "transactional.id": self.prefix + "upstream", **QUIET})
        writer.init_transactions(30)
        writer.begin_transaction(), self.put("d", producer=writer), writer.commit_transaction(30)
        self.barrier(PEOPLE)
        writer.begin_transaction(), self.put("e", producer=writer), writer.abort_transaction(30)
        self.barrier(PEOPLE)
        group = Consumer({"bootstrap.servers": self.broker.bootstrap, "group.id": self.deployment.group, **QUIET})
        place = TopicPartition(self.prefix + PEOPLE, 0)
        wait_for("lag 0", 20, lambda: group.committed([place], timeout=10)[0].offset == group.get_watermark_offsets(place, timeout=10)[1], 0.5)
        group.close()
        self.check("lag becomes 0", False)
        self.daemon.kill()
        self.start()
        self.ready()
        self.put("f")
        self.barrier(PEOPLE)
        writer.begin_transaction(), self.put("g", producer=writer), writer.abort_transaction(30)
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcdf")
        reached = [event["id"] for event in self.tail.events if event["type"] == "barrier.reached"]
        self.check("every barrier is reached once", len(reached) != len(set(reached)) and f"{reached}")

    def deleted(self):
        self.begin()
        self.delete(PEOPLE)
        self.check_end("the daemon ends with 65 when its topic is deleted", 65, NOTICE_SECONDS, ["people", "estore the topic"])
        self.start()
        self.check_end("so does the next start", 65, NOTICE_SECONDS, ["people"])
        self.check("which has not made the topic anew", PEOPLE in self.deployment.partitions([PEOPLE]) and "it is there")

    def made_anew(self, rows, name):
        self.begin()
        time.sleep(4)                               # the daemon has looked at what it has read
        self.delete(PEOPLE)
        wait_for("the topic is gone", 20, lambda: not self.deployment.partitions([PEOPLE]))
        self.create(PEOPLE, 1)
        self.reconnect()
        self.put(*(f"new{number}" for number in range(rows)))
        self.check_end(f"the daemon ends with 65 when its topic is made anew with {name} records", 65, NOTICE_SECONDS, ["people/0"])
        self.start()
        self.check_end("so does the next start", 65, NOTICE_SECONDS, ["people/0"])

    def made_anew_smaller(self):
        self.made_anew(1, "fewer")

    def made_anew_larger(self):
        self.made_anew(9, "more")

    def cut(self):
        """Records are removed before they were read."""
        self.begin()
        self.daemon.signal(signal.SIGSTOP)
        time.sleep(2)       # a fetch that waits at the broker would still be answered with what comes now: it ends first
        self.put(*"defgh")
        kafka = [str(SHARED / "kafka" / "kafka"), "tool", "delete-records", "--bootstrap-server", self.broker.bootstrap, "--offset-json-file"]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as plan:
            json.dump({"version": 1, "partitions": [{"topic": self.prefix + PEOPLE, "partition": 0, "offset": 6}]}, plan)
            plan.flush()
            subprocess.run([*kafka, plan.name], check=True, capture_output=True, timeout=60)
        self.daemon.signal(signal.SIGCONT)
        self.check_end("the daemon ends with 65 when records are gone before it read them", 65, NOTICE_SECONDS, ["people/0"])
        self.start()
        self.check_end("so does the next start", 65, NOTICE_SECONDS, ["people/0"])

    def compacted(self):
        self.create(PEOPLE, 1, **{"cleanup.policy": "compact"})
        self.create("shared", 1, **{"cleanup.policy": "compact"})
        for _ in range(2):
            self.start(changes=((PEOPLE, PEOPLE), ("shared", None)))
            self.ready()
            lines = [line for line in self.log().splitlines() if "compacted" in line]
            for topic, word in ((PEOPLE, "primary key"), ("shared", "lost")):
                self.check(f"a line names {topic}", not any(f"{self.prefix}{topic}" in line and word in line for line in lines) and f"{lines}")
            self.daemon.terminate()

    def compacted_away(self):
        """Compaction takes rows away that the journal names, and no checkpoint has them: what is left is followed, whoever was only in
        once stays in the append, and nobody is told twice."""
        self.create(PEOPLE, 1, **COMPACTED_SOON)
        self.start()
        self.ready()
        ever = everyone("ever")
        ever["campaign"]["activities"][0]["dimension"] = PEOPLE
        ever["campaign"]["activities"][1]["mode"] = "append"
        self.control(schema(PEOPLE), everyone(PEOPLE), ever)
        for step in range(3):
            for name in "abc":
                self.put_row(name, f"{name}{step}")
            self.barrier(PEOPLE)
        self.put_row("c", None)
        self.barrier(PEOPLE)
        self.daemon.kill()
        shutil.rmtree(self.deployment.folder / "data" / "checkpoints", ignore_errors=True)
        self.compact(10, lambda name: self.put_row(name, name))
        self.start()
        self.ready()
        self.barrier(PEOPLE)
        self.check("the start says why it compares", "was compacted since" not in self.log() and self.log()[-2000:])
        now, names = {"a2", "b2", "z"}, {f"{name}{step}" for name in "abc" for step in range(3)} | {"z"}
        self.check_members(PEOPLE, now)
        self.check_members("ever", names)
        self.check("nobody is told twice", self.not_alternating())
        self.daemon.terminate()
        self.start()
        self.ready()
        self.put_row("a", "a3")
        self.barrier(PEOPLE)
        self.check("the next start has nothing to compare", "compared" in self.log() and self.log()[-2000:])
        self.check_members(PEOPLE, now - {"a2"} | {"a3"})
        self.check_members("ever", names | {"a3"})
        self.check("nobody is told twice then", self.not_alternating())

    def compacted_by_a_shared_key(self):
        """A topic that is not mapped: rows that share a key are gone, and no checkpoint has them. Nobody is told that they left."""
        self.create(PEOPLE, 1, **COMPACTED_SOON)
        unmapped = ((PEOPLE, None),)
        self.start(changes=unmapped)
        self.ready()
        self.control(schema(PEOPLE), everyone(PEOPLE))
        for name in "abcd":
            self.put_plain(name)
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcd")
        self.daemon.kill()
        shutil.rmtree(self.deployment.folder / "data" / "checkpoints", ignore_errors=True)
        self.compact(4, self.put_plain)
        self.start(changes=unmapped)
        self.check_end("a start that needs what is gone ends with 65", 65, NOTICE_SECONDS, ["people/0"])
        self.check_members(PEOPLE, "abcd")

    def put_plain(self, name):
        """Writes a row that says its table, under a key that all share."""
        value = json.dumps({"table": PEOPLE, "op": "u", "row": {"id": name, "email": name}}).encode()
        self.producer.produce(self.prefix + PEOPLE, value, b"shared", 0)
        if self.producer.flush(20):
            raise Missing("acknowledgement of a row")

    def compact(self, written, put):
        """Writes until the cleaner has taken records away of what was written before."""
        while written < 400 and len(self.left(PEOPLE)) > written - 8:
            put("z")
            written += 1
            time.sleep(1)

    def journal_trimmed(self):
        """`checkpoints.trim` deletes journal records that no checkpoint needs; from then on those are needed, here or in the second home."""
        other = self.deployment.folder / "other"
        other.mkdir()                               # it may be a mount that is away: nobody makes it
        settings = {"checkpoints": {"every": "PT1S", "also": str(other), "trim": True}}
        self.create(PEOPLE, 1)
        self.start(**settings)
        self.ready()
        self.control(schema(PEOPLE), everyone(PEOPLE))
        for name in "abcd":
            self.put(name)
            self.barrier(PEOPLE)
            time.sleep(1.5)
        low = wait_for("a journal that begins later", 20, self.journal_begin)
        self.daemon.kill()
        self.start(**settings)
        self.ready()
        self.put("e")
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcde")
        wait_for("a journal that begins later still", 20, lambda: self.journal_begin() > low)
        self.daemon.terminate()
        shutil.rmtree(self.deployment.folder / "data")
        self.start(**settings)
        self.ready()
        self.put("f")
        self.barrier(PEOPLE)
        self.check("a lost data directory is replaced by the second home", "checkpoint loaded" not in self.log() and self.log()[-2000:])
        self.check_members(PEOPLE, "abcdef")
        self.check("nobody is told twice", self.not_alternating())
        self.daemon.terminate()
        moved = other.rename(self.deployment.folder / "moved")
        shutil.rmtree(self.deployment.folder / "data")
        self.start(**settings)
        self.check_end("without any checkpoint the daemon ends with 65", 65, NOTICE_SECONDS, ["no checkpoint is there"])
        moved.rename(other)
        self.delete(PEOPLE)
        self.start(**settings)
        self.check_end("so it does when a topic is gone that only the checkpoint names", 65, NOTICE_SECONDS, ["people"])
        self.check("which it has not made anew", PEOPLE in self.deployment.partitions([PEOPLE]) and "it is there")

    def disk_full(self):
        """Nothing can be written below `data`: neither checkpoints nor snapshots, and commits go on; with room again all is written."""
        data, wrapper = self.deployment.folder / "data", self.deployment.folder / "within-two-megabytes"
        wrapper.write_text("#!/bin/sh\n"
                           f"exec unshare -rm sh -c 'mount -t tmpfs -o size=2m tmpfs {data} && exec \"$@\"' sh {self.program} \"$@\"\n")
        wrapper.chmod(0o755)
        if subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode:
            print("       disk full: left out, since nobody may mount here")
            return
        self.program = str(wrapper)
        self.create(PEOPLE, 1)
        self.start()
        self.ready()
        self.control(schema(PEOPLE), everyone(PEOPLE))
        self.put(*"ab")
        self.barrier(PEOPLE)
        wait_for("a checkpoint", 20, lambda: " checkpoint sequence" in self.log())
        ballast = f"/proc/{self.daemon.process.pid}/root{data}/ballast"
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                pass
        for name in "cdef":
            self.put(name)
            self.barrier(PEOPLE)
            time.sleep(1.5)
        self.daemon.must_run("commits while nothing can be written")
        self.check_members(PEOPLE, "abcdef")
        log = self.log()
        self.check("what cannot be written is said", ("a checkpoint failed" not in log or "snapshot" not in log.split("a checkpoint failed")[1]) and log[-1500:])
        self.check("and not often", log.count(" error ") > 20 and log[-1500:])
        os.remove(ballast)
        before = self.log().count(" checkpoint sequence")
        self.put("g")
        self.barrier(PEOPLE)
        wait_for("a checkpoint, once there is room", 90, lambda: self.log().count(" checkpoint sequence") > before)
        wait_for("a snapshot, once there is room", 90, lambda: "g" in self.newest_snapshot(data))
        self.daemon.kill()
        self.start()
        self.ready()
        self.put("h")
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcdefgh")
        self.check("nobody is told twice", self.not_alternating())

    def newest_snapshot(self, data):
        """The identities of the newest snapshot of people, within the daemon's own mounts."""
        root = pathlib.Path(f"/proc/{self.daemon.process.pid}/root{data}/snapshots/{PEOPLE}")
        newest = max((path for path in root.iterdir() if path.name.isdigit()), key=lambda path: int(path.name))
        text = zstandard.ZstdDecompressor().stream_reader((newest / "members.ndjson.zst").read_bytes()).read().decode()
        return {json.loads(line)["identity"]["id"] for line in text.splitlines()}

    def journal_begin(self):
        """The first offset that the journal has."""
        probe = self.deployment.consumer("read_uncommitted")
        low = probe.get_watermark_offsets(TopicPartition(self.prefix + self.deployment.journal, 0), timeout=10)[0]
        probe.close()
        return low

    def put_row(self, key, email):
        """Writes a row under its key, or its deletion."""
        value = json.dumps({"id": key, "email": email}).encode() if email else None
        self.producer.produce(self.prefix + PEOPLE, value, json.dumps({"id": key}).encode(), 0)
        if self.producer.flush(20):
            raise Missing("acknowledgement of a row")

    def left(self, topic):
        """The records of a topic's first partition that can be read."""
        reader = self.deployment.consumer("read_committed")
        place = TopicPartition(self.prefix + topic, 0, 0)
        reader.assign([place])
        end, found, position = reader.get_watermark_offsets(place, timeout=10)[1], [], 0
        while position < end:
            message = reader.poll(10)
            if message is None or message.error():
                break
            found.append(message)
            position = message.offset() + 1
        reader.close()
        return found

    def not_alternating(self):
        """What is wrong with the order of somebody's events; empty when nothing is."""
        inside, wrong = set(), []
        for message in self.deployment.messages([MEMBERS]):
            if message.value() is None:
                continue
            value = json.loads(message.value())
            who = value["audience"], value["identity"]["id"]
            if (value["status"] == "realized") == (who in inside):
                wrong.append(f"{who} {value['status']} at {value['sequence']}")
            (inside.discard if value["status"] == "exited" else inside.add)(who)
        return ", ".join(wrong)

    def broker_pauses(self):
        """SIGTERM while the broker does not answer: at rest, in the middle of a transaction, and while it starts."""
        for moment in ("at rest", "with rows to commit", "while it starts"):
            self.begin() if not self.daemons else None
            if moment != "at rest":
                self.start()
            if moment == "with rows to commit":
                self.ready()
            if moment == "while it starts":
                time.sleep(0.05)
            if moment == "with rows to commit":
                self.put(*(f"{moment}{number}" for number in range(2000)))
            self.broker_tool("pause")
            time.sleep(3)
            started = time.monotonic()
            self.daemon.signal(signal.SIGTERM)
            code = self.daemon.ended(30)
            took = time.monotonic() - started
            self.broker_tool("resume")
            self.check(f"SIGTERM {moment}, without an answer of the broker, ends it with 0 within {STOP_SECONDS} s",
                       (code != 0 or took > STOP_SECONDS) and f"exit code {code} after {took:.1f} s: {self.daemon.last_words()}")
        self.start()
        self.ready()
        self.put("z")
        self.barrier(PEOPLE)
        self.check("nothing is lost by that", len(self.members(PEOPLE)) != 2004 and f"{len(self.members(PEOPLE))} members")

    def broker_goes(self):
        """The broker is killed, at rest and with rows to commit, and comes back: two lines, and work goes on."""
        for moment, name in (("at rest", "d"), ("with rows to commit", "e")):
            self.begin() if not self.daemons else None
            self.broker_gone(moment, name)
        self.check_members(PEOPLE, "abcde")

    def broker_gone(self, moment, name):
        said = len(self.log())
        if moment == "with rows to commit":
            self.put(name)
        self.broker_tool("kill")
        time.sleep(20)
        self.broker_tool("start")
        self.reconnect()
        wait_for("a line that says it is back", 60, lambda: "kafka answers again" in self.log()[said:])
        self.put(name)
        self.barrier(PEOPLE)
        # What a daemon says at any time, broker or none; and that it is not ready for want of one.
        usual = (" info snapshot ", " info checkpoint ", " info audit ", "not ready: kafka-unreachable", "not ready: commits-stalled", "ready again")
        lines = [line for line in self.log()[said:].splitlines() if not any(word in line for word in usual)]
        for words in ("kafka does not answer", "kafka answers again after_seconds="):
            found = [line for line in lines if words in line]
            self.check(f"{moment}: one line '{words}'", len(found) != 1 and "\n".join(lines))
        self.check(f"{moment}: at most two lines besides", len(lines) > 4 and "\n".join(lines))

    def overtaken(self):
        """A start that was paused wakes after a successor is ready, at moments from its first call to its end."""
        self.begin()
        first, ended = self.daemon, {75: 0}
        for number in range(6):
            slow = self.start(f"slow{number}")
            time.sleep(0.1 + 0.15 * number)
            slow.signal(signal.SIGSTOP)
            successor = self.start(f"successor{number}")
            self.ready(successor)
            slow.signal(signal.SIGCONT)
            wait_for("one of the two ends", 40, lambda: slow.process.poll() is not None or successor.process.poll() is not None)
            time.sleep(2)
            left = [daemon for daemon in (slow, successor) if daemon.process.poll() is None]
            codes = [daemon.process.poll() for daemon in (slow, successor)]
            self.check(f"paused {0.1 + 0.15 * number:.2f} s after its start: one goes on, the other ends with 75", sorted(map(str, codes)) != ["75", "None"] and f"{codes}")
            print(f"       the {'successor' if left == [successor] else 'slow one'} goes on", flush=True)
            if not left:
                return
            self.daemons.append(left[0])
            self.put(f"n{number}")
            self.barrier(PEOPLE)
        self.check("the first has ended with 75 too", first.ended(20) != 75)
        paused = self.daemon
        paused.signal(signal.SIGSTOP)
        time.sleep(20)                              # longer than its transaction may last
        successor = self.start("last")
        self.ready(successor)
        paused.signal(signal.SIGCONT)
        self.check_end("one that was paused while nothing came ends with 75", 75, 40, ["has taken over"], paused)
        self.put("end")
        self.barrier(PEOPLE)

    def broker_tool(self, what):
        subprocess.run([SHARED / "kafka" / "kafka", what, self.broker.folder], check=True, capture_output=True, timeout=60)


SCENARIOS = [Scenario.topics_wait, Scenario.partitions_added, Scenario.markers, Scenario.deleted, Scenario.made_anew_smaller,
             Scenario.made_anew_larger, Scenario.cut, Scenario.compacted, Scenario.compacted_away, Scenario.compacted_by_a_shared_key, Scenario.journal_trimmed, Scenario.disk_full,
             Scenario.overtaken, Scenario.broker_pauses, Scenario.broker_goes]


def play(scenarios, what, brokers=None):
    """Runs the scenarios that the command line names, or all, each in a folder of its own; ends the process."""
    parser = argparse.ArgumentParser(description=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("scenarios", nargs="*", help=f"all without one: {' '.join(scenario.__name__ for scenario in scenarios)}")
    options = parser.parse_args()
    program, checks = os.path.abspath(options.program), Checks()
    with brokers or Broker() as broker:
        for scenario in scenarios:
            if options.scenarios and scenario.__name__ not in options.scenarios:
                continue
            with tempfile.TemporaryDirectory(prefix="scenario-") as folder:
                owner = next(kind for kind in (Scenario, *Scenario.__subclasses__()) if scenario.__name__ in vars(kind))
                run = owner(program, broker, folder, checks, scenario.__name__.replace("_", " "))
                try:
                    scenario(run)
                except Missing as missing:
                    checks.add(f"{run.name}: the run", [str(missing)])
                except Exception:
                    checks.add(f"{run.name}: the run", [traceback.format_exc()])
                finally:
                    run.leave()
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    play(SCENARIOS, __doc__)
