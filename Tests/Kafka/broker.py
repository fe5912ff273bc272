"""Goal: everything the tests do with a broker and a daemon: start and stop them, write, read, wait.

Python on purpose, over confluent_kafka: the tests share no code with the product, not even its Kafka client.

Every wait has a bound and says what was missing (`Missing`). The broker is ../shared/kafka beside the repository, or
$AUDIENCED_SHARED/kafka."""
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from confluent_kafka import Consumer, IsolationLevel, KafkaError, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, AlterConfigOpType, ConfigEntry, ConfigResource, ConfigSource, NewTopic, OffsetSpec

from stream import DEAD, MEMBERS, REQUESTS, UPDATES, Record
from workload import CONTROL_TOPIC, CUSTOMER_TOPIC, PURCHASE_TOPIC

SHARED = Path(os.environ.get("AUDIENCED_SHARED") or Path(__file__).resolve().parents[2].parent / "shared")
PARTITIONS = 4
# A client's chatter about a broker that goes away is not news; and that it is back must not be noticed later than the daemon does.
QUIET = {"log_level": 2, "reconnect.backoff.max.ms": 500}


class Missing(Exception):
    """Something that was waited for did not come in time, or a process ended that should not."""


def wait_for(what, seconds, condition, pause=0.02):
    """Polls until the condition gives something true, and returns that."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise Missing(f"{what}: not within {seconds} s")
        time.sleep(pause)
    return found


class Broker:
    """A broker of its own, or three, as a context. SIGTERM (a time limit around the test) ends the context too. A secure one has a second
    address, `secure`, where one user with a password is known, who may do nothing but what is granted."""

    def __init__(self, count=1, secure=False):
        self.options = ["--brokers", str(count), *(["--secure"] if secure else [])]

    def __enter__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended by SIGTERM"))
        done = subprocess.run([SHARED / "kafka" / "kafka", "up", *self.options, "--set", "auto.create.topics.enable=false"],
                              capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise Missing(f"no broker: {done.stdout}{done.stderr}")
        plan = json.loads(done.stdout)
        self.folder, self.bootstrap, self.secure = plan["dir"], plan["bootstrap"], plan.get("secure")
        return self

    def __exit__(self, *_):
        subprocess.run([SHARED / "kafka" / "kafka", "down", self.folder], timeout=60, check=False)

    def do(self, what, *numbers):
        """`kill`, `pause`, `resume`, `stop` or `start` of one of them, or of all."""
        done = subprocess.run([SHARED / "kafka" / "kafka", what, self.folder, *map(str, numbers)], capture_output=True, text=True, timeout=180)
        if done.returncode:
            raise Missing(f"{what} of a broker: {done.stdout}{done.stderr}")


class Deployment:
    """One daemon's surroundings: its group, its topics, its folder. The names differ from run to run."""

    def __init__(self, bootstrap, group, folder):
        self.bootstrap, self.group, self.prefix, self.folder = bootstrap, group, f"{group}.", Path(folder)
        self.journal = f"audienced.{group}.journal"
        self.outputs = [MEMBERS, UPDATES, REQUESTS, DEAD]
        self.admin = AdminClient({"bootstrap.servers": bootstrap, **QUIET})
        self.counts = {}

    def create_inputs(self, **settings):
        kept = {"retention.ms": "-1", "cleanup.policy": "delete"} | settings
        topics = [NewTopic(self.prefix + name, PARTITIONS, config=kept) for name in (CUSTOMER_TOPIC, PURCHASE_TOPIC)]
        topics.append(NewTopic(self.prefix + CONTROL_TOPIC, 1, config=kept))
        for future in self.admin.create_topics(topics).values():
            future.result(30)

    def set(self, topic, name, value):
        """Changes a setting of a topic; returns when the broker says it has it."""
        entry = ConfigEntry(name, str(value), incremental_operation=AlterConfigOpType.SET)
        change = ConfigResource(ConfigResource.Type.TOPIC, self.prefix + topic, incremental_configs=[entry])
        self.admin.incremental_alter_configs([change])[change].result(30)
        wait_for(f"{name}={value} of {topic}", 30, lambda: self.setting(topic, name) == str(value))

    def setting(self, topic, name):
        """A setting that the topic itself has; None where it follows the broker's."""
        resource = ConfigResource(ConfigResource.Type.TOPIC, self.prefix + topic)
        entry = self.admin.describe_configs([resource])[resource].result(30)[name]
        return entry.value if ConfigSource(entry.source) == ConfigSource.DYNAMIC_TOPIC_CONFIG else None

    def config(self, data, **more):
        """Writes a configuration file (JSON is YAML) for a daemon with this data folder; `more`: keys besides or instead of the usual."""
        content = {"kafka": {"bootstrap.servers": self.bootstrap}, "group": self.group, "clock": "wall", "data": str(self.folder / data),
                   "topics": {"prefix": self.prefix, "changes": [{"topic": CUSTOMER_TOPIC}, {"topic": PURCHASE_TOPIC}]},
                   "http": {"listen": "127.0.0.1:0"}, "checkpoints": {"every": "PT1S"}} | more
        (self.folder / data).mkdir(exist_ok=True)
        path = self.folder / f"{data}.json"
        path.write_text(json.dumps(content))
        return path

    def partitions(self, topics):
        """topic -> number of partitions, when all are there, else {}. Topics without the prefix."""
        there = self.admin.list_topics(timeout=10).topics
        counts = {name: len(there[self.prefix + name].partitions) for name in topics if self.prefix + name in there and there[self.prefix + name].partitions}
        return counts if len(counts) == len(topics) else {}

    def wait_for_outputs(self):
        """The daemon creates its output topics; waits until they are there."""
        self.counts = wait_for("the output topics and the journal", 60, lambda: self.partitions([*self.outputs, self.journal]), 0.1)

    def ends(self, topics, committed):
        """(topic, partition) -> last stable offset (committed) or end of the log."""
        asked = {TopicPartition(self.prefix + name, p): OffsetSpec.latest() for name in topics for p in range(self.counts[name])}
        level = IsolationLevel.READ_COMMITTED if committed else IsolationLevel.READ_UNCOMMITTED
        found = self.admin.list_offsets(asked, isolation_level=level, request_timeout=20)
        return {(at.topic.removeprefix(self.prefix), at.partition): future.result(20).offset for at, future in found.items()}

    def consumer(self, isolation, **options):
        return Consumer({"bootstrap.servers": self.bootstrap, "group.id": f"{self.prefix}test", "isolation.level": isolation, "enable.auto.commit": False,
                         "auto.offset.reset": "error", "fetch.wait.max.ms": 100, **QUIET, **options})

    def record(self, message):
        text = {name: raw.decode() if isinstance(raw, bytes) else raw for name, raw in message.headers() or []}
        key = message.key()
        return Record(message.topic().removeprefix(self.prefix), message.partition(), message.offset(), None if key is None else key.decode(), text, message.value())

    def read_committed(self, seconds=120):
        """Every committed record of every output topic and the journal, from the beginning to the end as it is now."""
        return [self.record(message) for message in self.messages([*self.outputs, self.journal], seconds)]

    def messages(self, names, seconds=120):
        """The same of some topics, as the client gives them."""
        records = []
        consumer = self.consumer("read_committed", **{"enable.partition.eof": True})
        left = {(name, partition) for name in names for partition in range(self.counts[name])}
        consumer.assign([TopicPartition(self.prefix + name, partition, 0) for name, partition in left])
        deadline = time.monotonic() + seconds
        while left:
            if time.monotonic() > deadline:
                raise Missing(f"the end of {sorted(left)}: not within {seconds} s")
            for message in consumer.consume(5000, 0.5):
                if message.error() is None:
                    records.append(message)
                elif message.error().code() == KafkaError._PARTITION_EOF:
                    left.discard((message.topic().removeprefix(self.prefix), message.partition()))
                else:
                    raise KafkaException(message.error())
        consumer.close()
        return records


class Writer:
    """Writes changes and control events, and remembers how far: `written` is what a barrier's `after` names."""

    def __init__(self, deployment):
        self.deployment, self.failed, self.written, self.poison, self.barriers = deployment, [], {}, {}, 0
        self.producer = Producer({"bootstrap.servers": deployment.bootstrap, "enable.idempotence": True, "linger.ms": 1,
                                  "partitioner": "murmur2_random", **QUIET})

    def change(self, change):
        self.producer.produce(self.deployment.prefix + change.topic, change.value, change.key,
                              on_delivery=lambda error, message: self.done(error, message, change))
        self.producer.poll(0)

    def done(self, error, message, change=None):
        if error:
            self.failed.append(str(error))
            return
        topic, place = message.topic(), str(message.partition())
        self.written.setdefault(topic, {})[place] = max(self.written.get(topic, {}).get(place, 0), message.offset() + 1)
        if change and change.content is None:
            self.poison[change.topic, message.partition(), message.offset()] = change.value

    def flush(self):
        if self.producer.flush(60) or self.failed:
            raise Missing(f"acknowledgement of what was written: {self.failed[:3]}")

    def changes(self, changes, seconds=0):
        """Writes changes, spread evenly over a time."""
        start = time.monotonic()
        for number, change in enumerate(changes):
            if number % 50 == 0:
                ahead = start + seconds * number / len(changes) - time.monotonic()
                if ahead > 0:
                    self.producer.poll(ahead)
            self.change(change)
        self.flush()

    def in_background(self, changes, seconds):
        """The same, in a thread; `join` of what is returned ends it and raises what went wrong."""
        return Background(lambda: self.changes(changes, seconds))

    def control(self, event):
        self.producer.produce(self.deployment.prefix + CONTROL_TOPIC, json.dumps(event).encode(),
                              on_delivery=lambda error, _: error and self.failed.append(str(error)))
        self.flush()

    def barrier(self, nudge=False):
        """Requests a barrier after everything written so far (nothing, for a nudge that only makes a commit); returns its id."""
        self.flush()
        self.barriers += 1
        name = f"b{self.barriers}"
        self.control({"type": "barrier.requested", "id": name} | ({} if nudge else {"after": self.written}))
        return name


class Background:
    def __init__(self, work):
        self.error, self.work = None, work
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            self.work()
        except Exception as error:              # raised again by join
            self.error = error

    def running(self):
        return self.thread.is_alive()

    def join(self, seconds=120):
        self.thread.join(seconds)
        if self.error:
            raise self.error
        if self.thread.is_alive():
            raise Missing(f"the end of a background writer: not within {seconds} s")


class Tail:
    """Follows audience-updated and the journal with read_committed, from their beginnings."""

    def __init__(self, deployment):
        self.deployment, self.events, self.journal, self.sequence = deployment, [], 0, 0
        self.consumer = deployment.consumer("read_committed", **{"fetch.wait.max.ms": 10})
        self.consumer.assign([TopicPartition(deployment.prefix + name, p, 0)
                              for name in (UPDATES, deployment.journal) for p in range(deployment.counts[name])])

    def wait(self, what, matches, daemon, seconds=60):
        """Waits for an event of audience-updated that matches, also among those that came before; the daemon must not end meanwhile."""
        deadline, seen = time.monotonic() + seconds, 0
        while True:
            for event in self.events[seen:]:
                if matches(event):
                    return event
            seen = len(self.events)
            daemon.must_run(what)
            if time.monotonic() > deadline:
                raise Missing(f"{what}: not within {seconds} s\n{daemon.last_words()}")
            self.receive(0.05)

    def receive(self, seconds):
        for message in self.consumer.consume(500, seconds):
            if message.error():
                raise KafkaException(message.error())
            if message.topic().endswith(self.deployment.journal):
                self.journal += 1
                if message.key().isdigit():
                    self.sequence = int(message.key())
            else:
                self.events.append(json.loads(message.value()))

    def reaches(self, sequence, seconds=10):
        """Whether a commit is in the journal, or comes there within the time, whatever the daemon does."""
        deadline = time.monotonic() + seconds
        while self.sequence < sequence and time.monotonic() < deadline:
            self.receive(0.05)
        return self.sequence >= sequence

    def barrier(self, name, daemon, seconds=60):
        return self.wait(f"barrier {name}", lambda event: event.get("type") == "barrier.reached" and event["id"] == name, daemon, seconds)


class Watch:
    """Sees records that no transaction has committed yet, with a read_uncommitted reader, and freezes the daemon at such a moment.

    A reader alone is too late for certain: when a record arrives the transaction may be over. So the daemon is stopped first
    (SIGSTOP: from here on it does nothing), then the last stable offsets are compared with the ends, twice: a transaction that is
    still open after that stays open until somebody aborts it. If it is not yet (or no more) the transaction that is wanted, the daemon
    goes on for half a millisecond and is looked at again."""
    STEP_SECONDS, SETTLE_SECONDS, IDLE_STEPS = 0.0005, 0.3, 6

    def __init__(self, deployment):
        self.deployment = deployment
        self.topics = [MEMBERS, UPDATES, REQUESTS, deployment.journal]
        self.consumer = deployment.consumer("read_uncommitted", **{"fetch.wait.max.ms": 500, "fetch.queue.backoff.ms": 1})

    def open(self, topics):
        """(topic, partition) -> first offset of an open transaction; {} unless it has written to one of these topics."""
        # The stable offset is asked for first: what is written in between looks open, what is committed in between does not.
        stable = self.deployment.ends(self.topics, committed=True)
        ends = self.deployment.ends(self.topics, committed=False)
        found = {at: offset for at, offset in stable.items() if offset < ends[at]}
        return found if any(name in topics for name, _ in found) else {}

    def freeze_inside(self, daemon, topics, nudge, seconds=40):
        """Freezes the daemon inside a transaction that has written to one of the topics; returns what is open. `nudge` gives it
        something to commit when nothing comes."""
        deadline = time.monotonic() + seconds
        ends = self.deployment.ends(self.topics, committed=False)
        self.consumer.assign([TopicPartition(self.deployment.prefix + name, p, offset) for (name, p), offset in ends.items()])
        while time.monotonic() < deadline:
            messages = self.consumer.consume(1, 0.02)
            if not messages:
                daemon.must_run("an open transaction")
                nudge()
            elif messages[0].error():
                raise KafkaException(messages[0].error())
            elif found := self.step(daemon, topics):
                return found
            else:
                while self.consumer.consume(10_000, 0):
                    pass
        raise Missing(f"an open transaction on {topics}: none seen within {seconds} s")

    def step(self, daemon, topics):
        """Lets the daemon go on in small steps until it is inside; {} (and it runs) when nothing is open any more."""
        idle = 0
        while idle < self.IDLE_STEPS:
            daemon.signal(signal.SIGSTOP)
            if self.open(topics):
                time.sleep(self.SETTLE_SECONDS)             # requests that were under way when it was stopped
                if found := self.open(topics):
                    return found
            idle = 0 if self.open(self.topics) else idle + 1
            daemon.signal(signal.SIGCONT)
            time.sleep(self.STEP_SECONDS)
        return {}


class Daemon:
    """One process of the program under test."""

    def __init__(self, program, config):
        self.log = Path(config).with_suffix(".log")
        self.started = time.monotonic()
        self.log_begin = self.log.stat().st_size if self.log.exists() else 0
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen([program, "run", "--log", "text", "--config", str(config)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def signal(self, kind):
        self.process.send_signal(kind)

    def must_run(self, what):
        if self.process.poll() is not None:
            raise Missing(f"{what}: the daemon ended with {self.process.returncode}\n{self.last_words()}")

    def last_words(self):
        return self.log.read_bytes()[-1500:].decode(errors="replace")

    def ended(self, seconds):
        """The exit code, once it has ended; None if it has not by then."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def run_until(self, seconds):
        """Lets it run for a time; it must not end by itself."""
        if self.ended(seconds) is not None:
            self.must_run("the moment to kill")

    def kill(self):
        self.signal(signal.SIGKILL)
        self.process.wait(30)

    def terminate(self):
        """SIGTERM; the exit code, None if it does not end within 30 s."""
        self.signal(signal.SIGTERM)
        return self.ended(30)
