"""Goal: whatever the brokers do, nothing is lost, told twice or invented. By hand: a hundred losses take half an hour.

    python3 Tests/Kafka/losses.py PROGRAM [--losses 100] [--brokers 3] [--changes 50000] [--seed N]

Method: that of kills.py, with brokers that go while the workload is written: one is killed, paused for longer or shorter than the others
wait for it, or stopped cleanly, and comes back; one is killed and the daemon with it; all are killed and come back. With three brokers topics
have three replicas. The daemon goes on through all of it. After each loss it is measured when it has caught up, which is at once, or as soon
as another broker leads; of three brokers at least two are there then. At the end every committed record is checked, and the members, as in
kills.py."""
import argparse
import collections
import os
import statistics
import sys
import tempfile
import time

from broker import Broker, Tail
from checks import Checks
from kills import Run, conduct, parts

KILLED, PAUSED, STOPPED, TOGETHER, ALL = "killed", "paused", "stopped cleanly", "killed with the daemon", "all killed"
KINDS = [KILLED, PAUSED, TOGETHER, KILLED, STOPPED, PAUSED, KILLED, TOGETHER, PAUSED, ALL]
LATE_SECONDS = 6


class Losses(Run):
    def __init__(self, options, broker, folder, checks):
        super().__init__(options, broker, folder, checks)
        self.broker, self.losses = broker, collections.Counter()

    def begin(self):
        self.start()
        self.deployment.wait_for_outputs()
        self.tail = Tail(self.deployment)
        self.plan_due()
        self.catch_up()

    def lose(self, kind):
        """One loss, from beginning to end."""
        number = self.random.randrange(self.options.brokers)
        time.sleep(self.random.uniform(0.1, 0.8))
        if kind == PAUSED:
            self.broker.do("pause", number)
            time.sleep(self.random.choice([self.random.uniform(0.5, 4), self.random.uniform(10, 15)]))
            self.broker.do("resume", number)
            return
        which = [] if kind == ALL else [number]
        self.broker.do("stop" if kind == STOPPED else "kill", *which)
        if kind == TOGETHER:
            time.sleep(self.random.uniform(0, 0.5))
            self.daemon.kill()
            self.start()
        time.sleep(self.random.uniform(0.2, 4))
        self.broker.do("start", *which)

    def kills(self):
        chunks = parts(self.changes, self.options.losses + 1)
        for number, chunk in enumerate(chunks[:-1]):
            self.plan_due()
            kind = KINDS[number % len(KINDS)]
            feeding = self.feed(chunk)
            self.lose(kind)
            self.losses[kind] += 1
            feeding.join()
            since = time.monotonic()
            self.catch_up()
            self.restarts.append(time.monotonic() - since)
            print(f"loss {number + 1} of {self.options.losses}: {kind}; caught up {self.restarts[-1]:.1f} s after it, {self.fed} changes written, "
                  f"{self.tail.journal} commits", flush=True)
        self.plan_due()
        self.feed(chunks[-1]).join()
        self.plan_due()
        self.catch_up()

    def all(self):
        self.begin()
        self.kills()
        self.end("the daemon ends with 0 on SIGTERM")
        self.verify("after the losses")

    def figures(self):
        late = [seconds for seconds in self.restarts if seconds > LATE_SECONDS]
        after = (f"caught up {statistics.median(self.restarts):.2f} s after the end of one (p50), at most {max(self.restarts):.2f} s; later than "
                 f"{LATE_SECONDS} s: {len(late)} of {len(self.restarts)}" if self.restarts else "none was over")
        return f"losses: {', '.join(f'{count} {kind}' for kind, count in self.losses.items())}; {self.fed} changes, {self.records} records checked; {after}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--losses", type=int, default=100)
    parser.add_argument("--brokers", type=int, choices=[1, 3], default=3)
    parser.add_argument("--changes", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.program, options.kills, options.spread = os.path.abspath(options.program), 0, True
    checks = Checks()
    with Broker(options.brokers) as broker, tempfile.TemporaryDirectory(prefix="losses-") as folder:
        conduct(Losses(options, broker, folder, checks))
    print(checks.last_line())
    sys.exit(1 if checks.failed else 0)


if __name__ == "__main__":
    main()
