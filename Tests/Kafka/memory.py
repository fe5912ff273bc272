"""Goal: the daemon stays within `memory`, however much lies in its topics, and a start that cannot fit says so before it takes any.

    python3 Tests/Kafka/memory.py PROGRAM [SCENARIO…]

AUDIENCED_BACKLOG=MEGABYTES makes the backlog so large, instead of ten times `memory`: 5000 is the long form.

Method: the scenarios' world is that of inputs.py. The backlog is of few people and many changes, so that what has to be held is small; of each
change there is an event, as far as commits do not put several together. What the process took at the most is VmHWM, as the kernel counts it."""
import json
import os
import random
import shutil
import time
from pathlib import Path

from confluent_kafka import Consumer, Producer, TopicPartition

from broker import QUIET, Missing, wait_for
from inputs import PEOPLE, Scenario, play
from stream import MEMBERS

MEGABYTE = 1 << 20
COUNTED = {"type": "schema.published", "schema": {
    "name": PEOPLE, "primaryKey": ["id"], "identities": [{"field": "email", "namespace": "Email"}],
    "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "n", "type": "integer"}]}}
EVERYONE = {"type": "campaign.published", "campaign": {"id": PEOPLE, "activities": [
    {"id": "b", "type": "build-audience", "dimension": PEOPLE},
    {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": PEOPLE}, "identity": {"field": "email", "namespace": "Email"},
     "attributes": [{"source": "n", "name": "n"}]}]}}


class Memory(Scenario):
    PARTITIONS, MEMBERS_COUNT, RECORD_BYTES = 4, 2000, 1000

    def peak(self):
        """The most that the daemon has had in memory, in bytes."""
        status = Path(f"/proc/{self.daemon.process.pid}/status").read_text()
        return int(status.split("VmHWM:")[1].split()[0]) * 1024

    def write(self, records, packed=False):
        """Writes so many changes; person -> the last number it has. Packed they take about a tenth in the topic."""
        producer = Producer({"bootstrap.servers": self.broker.bootstrap, "linger.ms": 20, "queue.buffering.max.messages": 50_000,
                             "compression.type": "zstd" if packed else "none", **QUIET})
        paddings = [random.randbytes((self.RECORD_BYTES - 60) // 2).hex() for _ in range(200 if packed else 1)]
        last, failed = {}, []
        for number in range(records):
            person = f"p{number % self.MEMBERS_COUNT}"
            value = f'{{"id": "{person}", "email": "{person}", "n": {number}, "padding": "{random.choice(paddings)}"}}'.encode()
            while True:
                try:
                    producer.produce(self.prefix + PEOPLE, value, person.encode(), number % self.MEMBERS_COUNT % self.PARTITIONS,
                                     on_delivery=lambda error, _: error and failed.append(error))
                    break
                except BufferError:
                    producer.poll(0.1)
            producer.poll(0)
            last[person] = number
        if producer.flush(120) or failed:
            raise Missing(f"acknowledgement of the backlog: {failed[:3]}")
        return last

    def check_numbers(self, last):
        """Each person is in with its last number, and was told of once as new."""
        found, news = {}, {}
        for message in self.deployment.messages([MEMBERS]):
            event = json.loads(message.value())
            person = event["identity"]["id"]
            found[person] = (event["status"] != "exited") and event["attributes"]["n"]
            news[person] = news.get(person, 0) + (event["status"] == "realized")
        wrong = [f"{person}: {found.get(person)}, not {number}" for person, number in last.items() if found.get(person) != number]
        self.check("each member has what it had last", wrong and f"{len(wrong)} have not, such as {wrong[0]}")
        self.check("each is new once", [person for person, count in news.items() if count != 1])

    def check_peak(self, what, megabytes):
        peak = self.peak() / MEGABYTE
        print(f"       {self.name}: {what}: at most {peak:.0f} MB of {megabytes}", flush=True)
        self.check(f"{what}: within memory", peak > megabytes and f"{peak:.0f} MB")

    # ----------------------------------------------------------------------------------------------------------- the scenarios

    def packed(self):
        """The same of a topic whose records are compressed: they come in small answers, and are large once they are unpacked."""
        self.backlog(packed=True)

    def backlog(self, packed=False):
        """Ten times as much as may be held lies in the topic; the process is killed half way, and repeats the journal: each within memory."""
        megabytes = 96
        settings = {"memory": f"{megabytes}MiB", "checkpoints": {"every": "PT1H"}}
        self.create(PEOPLE, self.PARTITIONS)
        self.control(COUNTED, EVERYONE)
        size = int(os.environ.get("AUDIENCED_BACKLOG") or 10 * megabytes)
        records = size * MEGABYTE // self.RECORD_BYTES
        started = time.monotonic()
        last = self.write(records, packed)
        print(f"       {self.name}: {size} MB, {records} records, written in {time.monotonic() - started:.0f} s", flush=True)
        started = time.monotonic()
        self.start(**settings)
        self.ready()
        wait_for("half of it", 600, lambda: self.daemon.process.poll() is not None or self.taken() > records / 2, 0.2)
        self.check_peak("reading", megabytes)
        self.daemon.kill()
        # Half a million records are worth a checkpoint, whatever the configuration says.
        shutil.rmtree(self.deployment.folder / "data" / "checkpoints", ignore_errors=True)
        self.start(**settings)
        self.ready()
        repeated = int(self.log().split("commits_replayed=")[1].split()[0])
        self.check("the journal was repeated", repeated < 20 and f"{repeated} commits")
        self.check_peak(f"repeating {repeated} commits", megabytes)
        self.barrier(PEOPLE, seconds=600)
        print(f"       {self.name}: read in {time.monotonic() - started:.0f} s", flush=True)
        self.check_peak("all of it", megabytes)
        self.check_numbers(last)
        self.check("SIGTERM ends it", self.daemon.terminate() != 0)

    def taken(self):
        """How many records the group has told that it has taken."""
        group = Consumer({"bootstrap.servers": self.broker.bootstrap, "group.id": self.deployment.group, **QUIET})
        places = [TopicPartition(self.prefix + PEOPLE, number) for number in range(self.PARTITIONS)]
        told = sum(max(0, place.offset) for place in group.committed(places, timeout=10))
        group.close()
        return told

    def one_large(self):
        """A record of nearly ten megabytes, and a dead letter of the same size, pass with the least memory that may be configured."""
        self.create(PEOPLE, 1, **{"max.message.bytes": str(12 * MEGABYTE)})
        self.start(memory="64MiB")
        self.ready()
        self.control(COUNTED, EVERYONE)
        large = Producer({"bootstrap.servers": self.broker.bootstrap, "message.max.bytes": 12 * MEGABYTE, **QUIET})
        padding = "x" * (9 * MEGABYTE)
        for number in range(4):
            large.produce(self.prefix + PEOPLE, f'{{"id": "a", "email": "a", "n": {number}, "padding": "{padding}"}}'.encode(), b"a", 0)
            large.produce(self.prefix + PEOPLE, f'{{broken {padding}'.encode(), b"x", 0)
        if large.flush(60):
            raise Missing("acknowledgement of large rows")
        self.barrier(PEOPLE)
        print(f"       one large: at most {self.peak() / MEGABYTE:.0f} MB", flush=True)
        self.check("four dead letters", (count := len(self.deployment.messages(["audienced.dlq"]))) != 4 and f"{count}")
        self.check_numbers({"a": 3})

    def cannot_fit(self):
        """A start from a checkpoint that needs more than it may have ends with 64 and says what to raise; with that it is ready."""
        self.MEMBERS_COUNT, self.RECORD_BYTES = 400_000, 100
        self.create(PEOPLE, self.PARTITIONS)
        self.start()
        self.ready()
        self.control(COUNTED, EVERYONE)
        last = self.write(self.MEMBERS_COUNT)
        self.barrier(PEOPLE, seconds=120)
        self.check("SIGTERM ends it", self.daemon.terminate() != 0)
        self.start(memory="64MiB")
        self.check_end("memory is too little: 64", 64, 20, ["checkpoint", "needs about", "memory allows 64MiB", "raise memory"])
        sound = self.program
        for limit, name, megabytes in (("--data", "RLIMIT_DATA", 160), ("--as", "RLIMIT_AS", 320)):
            self.wrap(name, f"exec prlimit {limit}={megabytes * MEGABYTE} {sound}")
            self.start()
            self.check_end(f"{name} is too little: 64", 64, 20, ["checkpoint", "needs about", f"{name} allows {megabytes}MiB", "of the unit"])
        self.within_group(sound)
        self.program = sound
        self.start(memory="256MiB")
        self.ready()
        self.check_peak("with more", 256)
        self.put("new")
        self.barrier(PEOPLE)
        self.daemon.kill()

    def wrap(self, name, line):
        """The program is started by a shell."""
        wrapper = self.deployment.folder / name
        wrapper.write_text(f'#!/bin/sh\n{line} "$@"\n')
        wrapper.chmod(0o755)
        self.program = str(wrapper)

    def within_group(self, sound):
        """The same in a control group of its own, where one can be made: of version 1 or 2."""
        root = Path("/sys/fs/cgroup")
        parts = [line.split(":", 2) for line in Path("/proc/self/cgroup").read_text().splitlines()]
        first = next((path for _, kinds, path in parts if "memory" in kinds.split(",")), None)
        own = root / "memory" / first.lstrip("/") if first else root
        group, file = own / f"audienced-{os.urandom(4).hex()}", "memory.limit_in_bytes" if first else "memory.max"
        if not (own / ("tasks" if first else "cgroup.controllers")).exists():
            print("       cannot fit: the control group is left out, since there is none to make it in", flush=True)
            return
        try:
            group.mkdir()
            (group / file).write_text(str(48 * MEGABYTE))
        except OSError as error:
            print(f"       cannot fit: the control group is left out: {error}", flush=True)
            return
        try:
            self.wrap("grouped", f"echo $$ > {group}/cgroup.procs\nexec {sound}")
            self.start()
            self.check_end("the control group is too little: 64", 64, 20, ["checkpoint", "needs about", f"{file} allows 48MiB", "MemoryMax="])
        finally:
            group.rmdir()

    def nearly_all(self):
        """What has to be held is more than `memory`: it is said, once, with what takes it, and the daemon goes on."""
        self.MEMBERS_COUNT, self.RECORD_BYTES = 200_000, 100
        self.create(PEOPLE, self.PARTITIONS)
        self.start(memory="64MiB")
        self.ready()
        self.control(COUNTED, EVERYONE)
        last = self.write(self.MEMBERS_COUNT)
        self.barrier(PEOPLE, seconds=120)
        wait_for("a line that memory is nearly used up", 20, lambda: "memory is nearly used up" in self.log())
        self.check("it is said once", self.log().count("memory is nearly used up") != 1)
        self.check("and what takes it", [kind for kind in ("memory=64MiB", "rows ", "texts ") if kind not in self.log()])
        self.check_numbers(last)


if __name__ == "__main__":
    play([Memory.backlog, Memory.packed, Memory.one_large, Memory.cannot_fit, Memory.nearly_all], __doc__)
