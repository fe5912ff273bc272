"""Goal: kill -9 loses, repeats and invents nothing; a stop survives it; a paused zombie writes nothing.

    python3 Tests/Kafka/kills.py PROGRAM [--kills 30] [--changes 100000] [--seed N] [--expect-failure]

Python on purpose: it shares no code with the product, not even its Kafka client.

Method: a broker of our own; the workload is written in as many parts as there are kills, each while the daemon runs, and goes on while it
is down, so that every restart has work to do. One kill in two finds the daemon inside an open transaction (`broker.Watch`: frozen, looked at,
killed; half of those inside the one that holds the journal record); the others come at random moments, half of them during a start. All
the time it is asked over HTTP (answers.py), and what it has shown must be in the journal after each kill.
At the end the daemon catches up, ends, and every committed record is checked by stream.py, the members by scratch.py, and what remembers by
memories.py.

--expect-failure: PROGRAM is wrong on purpose (journal record in a transaction of its own); success is that a check of the stream fails."""
import argparse
import os
import random
import signal
import statistics
import sys
import tempfile
import time
import traceback

from answers import Answers
from broker import Broker, Daemon, Deployment, Missing, Tail, Watch, Writer
from checks import Checks
from memories import CHECKS, REMEMBERING, check_memories
from scratch import Expectation, difference
from stream import RULES, check, check_dead_letters, report
from workload import PLAN, delete, generate, stop

FEED_SECONDS = 1.0              # over which one part of the workload is written
INSIDE, INSIDE_JOURNAL, RANDOM, STARTING = "inside a transaction", "inside the journal's transaction", "at random", "while it starts"
KINDS = [INSIDE, RANDOM, INSIDE_JOURNAL, STARTING]
CAUSES = {"change", "publish", "definition", "stop"}        # no window ends here, and nothing is to be repaired
MORE_CAUSES = {"settled": {"time"}, "still": {"time"}, "readers": {"upstream"}, "both": {"upstream"}}


def parts(items, count):
    """The list in `count` parts of nearly equal length."""
    return [items[len(items) * n // count:len(items) * (n + 1) // count] for n in range(count)]


class Run:
    def __init__(self, options, broker, folder, checks):
        self.options, self.checks, self.random = options, checks, random.Random(options.seed)
        now_ms = int(time.time() * 1000)
        changes = generate(options.seed, options.changes + options.changes // 50, now_ms)
        self.changes, self.more = changes[:options.changes], changes[options.changes:]
        self.expected, self.plan, self.fed = Expectation(now_ms), list(PLAN), 0
        self.deployment = Deployment(broker.bootstrap, f"kills-{os.urandom(4).hex()}", folder)
        self.deployment.create_inputs()
        self.writer, self.daemons = Writer(self.deployment), []
        self.restarts, self.inside, self.journal, self.killed, self.records = [], [], [], dict.fromkeys(KINDS, 0), 0
        self.answers, self.answered, self.untrue = None, 0, []

    @property
    def daemon(self):
        return self.daemons[-1]

    def start(self, data="data"):
        self.daemons.append(Daemon(self.options.program, self.deployment.config(data)))

    def begin(self):
        """The first start: outputs are created."""
        self.start()
        self.deployment.wait_for_outputs()
        self.tail, self.watch = Tail(self.deployment), Watch(self.deployment)
        self.plan_due()
        self.catch_up()

    def catch_up(self, name=None, seconds=120):
        """Waits until everything written is in a commit."""
        self.tail.barrier(name or self.writer.barrier(), self.daemon, seconds)

    def control(self, event):
        """Sends a control event. A stop keeps what is there at its moment, so everything before it is committed first, and nothing
        more is written before it is."""
        if event["type"] == "campaign.stopped":
            self.catch_up()
        self.writer.control(event)
        self.expected.control(event)
        if event["type"] == "campaign.stopped":
            self.reported("campaign.stopped", event["campaignId"])

    def reported(self, kind, name):
        return self.tail.wait(f"{kind} of {name}", lambda found: found["type"] == kind and found["campaign"] == name, self.daemon)

    def plan_due(self):
        while self.plan and self.plan[0][0] * len(self.changes) <= self.fed:
            self.control(self.plan.pop(0)[1])

    def feed(self, changes, seconds=FEED_SECONDS):
        self.fed += len(changes)
        self.expected.changes(changes)
        return self.writer.in_background(changes, seconds)

    # ------------------------------------------------------------------------------------------------------------- the kills

    def kills(self):
        chunks = parts(self.changes, self.options.kills + 1)
        for number, chunk in enumerate(chunks[:-1]):
            self.plan_due()
            kind = KINDS[number % len(KINDS)]
            feeding = self.feed(chunk)
            self.answers = Answers(self.daemon)
            self.reach(kind, feeding)
            self.daemon.kill()
            self.note_answers(number)
            self.killed[kind] += 1
            feeding.join()
            barrier = self.writer.barrier()
            self.start()
            if KINDS[(number + 1) % len(KINDS)] != STARTING:
                self.catch_up(barrier)
                self.restarts.append(time.monotonic() - self.daemon.started)
                self.journal.append(self.tail.journal)
            print(f"kill {number + 1} of {self.options.kills} {kind}; {self.fed} changes written, {self.tail.journal} commits", flush=True)
        self.plan_due()
        self.feed(chunks[-1]).join()
        self.plan_due()
        self.catch_up()

    def note_answers(self, kill):
        """The daemon is dead: what it has shown is there."""
        self.answers.join()
        self.answered += self.answers.count
        if not self.tail.reaches(self.answers.newest):
            self.untrue.append(f"kill {kill + 1}: commit {self.answers.newest} was shown, the journal ends with {self.tail.sequence}")

    def reach(self, kind, feeding):
        """Lets the daemon run to the moment at which it is to be killed."""
        if kind in (INSIDE, INSIDE_JOURNAL):
            topics = [self.deployment.journal] if kind == INSIDE_JOURNAL else self.watch.topics
            self.inside.append(self.watch.freeze_inside(self.daemon, topics, lambda: feeding.running() or self.writer.barrier(nudge=True)))
        else:
            self.daemon.run_until(self.random.uniform(0.02, 1.0 if kind == RANDOM else 0.8))

    def end(self, name):
        code = self.daemon.terminate()
        self.checks.add(name, [] if code == 0 else [f"exit code {code}\n{self.daemon.last_words()}"])

    # ------------------------------------------------------------------------------------------------------------- the checks

    def verify(self, title, members=True):
        """Every committed record so far, and (unless the run broke off) the members."""
        records = self.deployment.read_committed()
        result = check(records, self.deployment.group, self.deployment.counts, CAUSES, MORE_CAUSES)
        self.records = len(records)
        report(result, self.checks, title)
        journal = sum(record.topic == self.deployment.journal for record in records)
        problems = [f"{after} records after {before}" for before, after in zip(self.journal, [*self.journal[1:], journal]) if after <= before]
        self.checks.add(f"{title}: the journal grows with every restart", problems if journal else ["it is empty"])
        told = [record.offset for record in records if record.topic == self.deployment.journal and b"@example" in record.value]
        self.checks.add(f"{title}: no identity is in the journal", [f"offsets {told[:5]}"] if told else [])
        committed = {(record.topic, record.partition, record.offset) for record in records}
        problems = [f"kill {number}: {at} was committed" for number, found in enumerate(self.inside)
                    for at in found.items() if (*at[0], at[1]) in committed]
        short = len(self.inside) < self.options.kills // 2
        self.checks.add(f"{title}: kills inside a transaction left nothing of it", problems + ([f"only {len(self.inside)}"] if short else []))
        if members:
            self.checks.add(f"{title}: dead letters", check_dead_letters(records, self.deployment.prefix, self.writer.poison))
            wanted = self.expected.audiences()
            for name in sorted((wanted.keys() | result.members.keys()) - REMEMBERING):
                self.checks.add(f"{title}: members of {name} ({len(wanted.get(name, {}))}) as computed from scratch",
                                difference(wanted.get(name, {}), result.members.get(name, {})))
            for name, problems in ({} if self.options.spread else check_memories(result.events)).items():
                self.checks.add(f"{title}: {CHECKS[name]}", problems)
        return result

    def stop_kill_delete(self, name="frequent"):
        """Stop a campaign with members, kill, restart, delete it: every member exits."""
        self.start()
        self.control(stop(name))
        kept = self.expected.audiences()[name]
        self.daemon.kill()
        self.start()
        self.control(delete(name))
        since = self.reported("campaign.deleted", name)["sequence"]
        self.catch_up()
        result = check(self.deployment.read_committed(), self.deployment.group, self.deployment.counts, CAUSES, MORE_CAUSES)
        gone = {event.member[2] for event in result.events if event.member and event.member[0] == name
                and event.sequence >= since and event.value["status"] == "exited"}
        problems = [f"{identity!r} did not exit" for identity in kept.keys() - gone] + [f"{identity!r} exited" for identity in gone - kept.keys()]
        self.checks.add(f"stopped with {len(kept)} members, killed, restarted, deleted: every member exits", problems if kept else ["it had no members"])

    def zombie(self):
        """A daemon is paused inside a transaction; a successor takes over; woken, the first ends with 75 and has written nothing."""
        zombie, (first, second) = self.daemon, parts(self.more, 2)
        feeding = self.feed(first)
        self.inside.append(self.watch.freeze_inside(zombie, self.watch.topics, lambda: feeding.running() or self.writer.barrier(nudge=True)))
        feeding.join()
        self.start("successor")
        self.catch_up()
        self.feed(second, 0).join()
        zombie.signal(signal.SIGCONT)
        code = zombie.ended(60)
        self.checks.add("a zombie, woken after a successor has started, ends with 75 within 60 s",
                        [] if code == 75 else [f"exit code {code}" if code is not None else "it still runs", zombie.last_words()])
        if code is None:
            zombie.kill()
        self.catch_up()
        self.end("the successor ends with 0 on SIGTERM")

    # ------------------------------------------------------------------------------------------------------------- all of it

    def all(self):
        self.begin()
        self.kills()
        self.end("the daemon ends with 0 on SIGTERM")
        self.verify("after the kills")
        self.checks.add(f"{self.answered} answers over HTTP showed what the journal has",
                        self.untrue + ([] if self.answered > 10 * self.options.kills else ["there were few"]))
        loaded = self.daemon.log.read_text(errors="replace").count(" checkpoint loaded ")
        self.checks.add("starts went on from checkpoints", [] if loaded > self.options.kills // 4 else [f"{loaded} did"])
        if not self.options.expect_failure:
            self.stop_kill_delete()
            self.zombie()
            self.verify("after the zombie")

    def leave(self):
        for daemon in self.daemons:
            if daemon.process.poll() is None:
                daemon.kill()

    def figures(self):
        restart = f"restart p50 {statistics.median(self.restarts):.2f} s, max {max(self.restarts):.2f} s" if self.restarts else "no restart"
        return (f"{sum(self.killed.values())} kills, {self.killed[INSIDE] + self.killed[INSIDE_JOURNAL]} of them inside a transaction "
                f"({self.killed[INSIDE_JOURNAL]} of the journal), {self.killed[STARTING]} while it started; "
                f"{self.fed} changes, {self.records} records checked; {restart} until it had caught up")


def conduct(run):
    """All of a run; what breaks it off is a failed check."""
    try:
        run.all()
    except Missing as missing:
        run.checks.add("the run", [str(missing)])
        if run.deployment.counts:               # what was committed until then may say why
            run.leave()
            run.verify("broken off", members=False)
    except Exception:
        run.checks.add("the run", [traceback.format_exc()])
    finally:
        run.leave()
    print(run.figures())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--changes", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--expect-failure", action="store_true")
    parser.add_argument("--spread", action="store_true", help="commits say little: what memories hold cannot be told from each of them")
    options = parser.parse_args()
    options.program = os.path.abspath(options.program)
    checks = Checks()
    with Broker() as broker, tempfile.TemporaryDirectory(prefix="kills-") as folder:
        conduct(Run(options, broker, folder, checks))
    if options.expect_failure:
        caught = [name for name in checks.failed if any(name.endswith(f": {rule}") for rule in RULES) or ": members of " in name]
        checks = Checks()
        by = f" by: {', '.join(caught)}" if caught else ""
        checks.add(f"a journal record in a transaction of its own is caught{by}", [] if caught else ["no check of the stream failed"])
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
