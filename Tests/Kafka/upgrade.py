"""Goal: a program finds what another one left. One that decides by other rules tells exactly who differs, once, with cause `repair` (contract §7):
an upgrade, and the way back. What was written in an older format is read, and nobody differs; what a newer program wrote ends the start with 65,
which names that program (the pages, Formats on Disk).

    python3 Tests/Kafka/upgrade.py PROGRAM [SCENARIO…]

Method: the world of inputs.py. The older program is audienced-older-zones, beside PROGRAM: the same daemon with time zone data of another
version, in which Paris keeps the time of Greenwich. Half of the people are members by the one and not by the other. Older formats: the journal
is written anew as JSON, as it was before. A newer program: what it would write is appended."""
import json
import pathlib
import shutil
from collections import Counter

from broker import Missing, wait_for
from inputs import PEOPLE, Scenario, everyone, play, schema
from journal import as_older
from stream import MEMBERS

MORNING = {"type": "campaign.published", "campaign": {"id": PEOPLE, "timezone": "Europe/Paris", "activities": [
    {"id": "b", "type": "build-audience", "dimension": PEOPLE, "filter": "Hour(seen) < 12"},
    {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": PEOPLE}, "identity": {"field": "email", "namespace": "Email"}}]}}
PARIS_HOURS, GREENWICH_HOURS = 2, 0         # ahead of Greenwich in July


def is_morning(hour, ahead):
    return (hour + ahead) % 24 < 12


class Upgrade(Scenario):
    def see(self, hours):
        """Each person is named after the hour of Greenwich in July at which they were seen."""
        for hour in hours:
            value = {"id": f"{hour}", "email": f"{hour}", "seen": f"2026-07-01T{hour:02}:30:00Z"}
            self.producer.produce(self.prefix + PEOPLE, json.dumps(value).encode(), f"{hour}".encode(), 0)
        if self.producer.flush(20):
            raise Missing("acknowledgement of rows")
        self.barrier(PEOPLE)

    def repaired(self):
        """Who was told with cause repair, and as what, and how often."""
        values = [json.loads(message.value()) for message in self.deployment.messages([MEMBERS]) if message.value() is not None]
        return Counter((value["identity"]["id"], value["status"]) for value in values if value.get("cause") == "repair")

    def begin_older(self):
        self.programs = {PARIS_HOURS: self.program, GREENWICH_HOURS: str(pathlib.Path(self.program).with_name("audienced-older-zones"))}
        published = schema(PEOPLE)
        published["schema"]["fields"].append({"name": "seen", "type": "datetime"})
        self.create(PEOPLE, 1)
        self.program = self.programs[GREENWICH_HOURS]
        self.start()
        self.ready()
        self.control(published, MORNING)
        self.hours = list(range(0, 24, 2))
        self.see(self.hours)
        self.check_members(PEOPLE, {f"{hour}" for hour in self.hours if is_morning(hour, GREENWICH_HOURS)})

    def go_on_by(self, before, ahead, what):
        """The program of other rules starts."""
        told = self.repaired()
        self.program = self.programs[ahead]
        self.start()
        self.ready()
        self.barrier(PEOPLE)
        wanted = sorted((f"{hour}", "realized" if is_morning(hour, ahead) else "exited") for hour in self.hours
                        if is_morning(hour, ahead) != is_morning(hour, before))
        found = sorted((self.repaired() - told).elements())
        self.check(f"{what}: who differs is told, with cause repair", found != wanted and f"{found}, not {wanted}")
        self.check_members(PEOPLE, {f"{hour}" for hour in self.hours if is_morning(hour, ahead)})
        more = max(self.hours) + 1 if max(self.hours) < 23 else min(set(range(24)) - set(self.hours))
        self.hours.append(more)
        self.see([more])
        self.check_members(PEOPLE, {f"{hour}" for hour in self.hours if is_morning(hour, ahead)})
        told = self.repaired()
        self.daemon.kill()
        self.start()
        self.ready()
        self.barrier(PEOPLE)
        self.check(f"{what}: once", (again := self.repaired() - told) and f"{again}")
        self.check("nobody is told twice", self.not_alternating())

    def both_ways(self, leave):
        self.begin_older()
        leave()
        self.go_on_by(GREENWICH_HOURS, PARIS_HOURS, "the way there")
        leave()
        self.go_on_by(PARIS_HOURS, GREENWICH_HOURS, "the way back")

    def from_a_checkpoint(self):
        """The older program was stopped, and left one of its last commit."""
        self.both_ways(lambda: self.check("it ends with 0", self.daemon.terminate() != 0))

    def from_checkpoint_and_journal(self):
        """The older program was killed behind a checkpoint: its last commits are repeated by other rules."""
        def leave():
            wait_for("a checkpoint", 20, lambda: " info checkpoint " in self.log())
            more = min(set(range(24)) - set(self.hours))
            self.hours.append(more)
            self.see([more])
            self.daemon.kill()

        self.both_ways(leave)

    def from_the_inputs(self):
        """The data directory is lost: the whole journal is repeated by other rules."""
        def leave():
            self.daemon.kill()
            shutil.rmtree(self.deployment.folder / "data")

        self.both_ways(leave)


    # ------------------------------------------------------------------------------------------------------------------------- formats

    def journal_messages(self):
        return self.deployment.messages([self.deployment.journal])

    def write_journal(self, *records):
        """Appends records: key and value."""
        for key, value in records:
            self.producer.produce(self.prefix + self.deployment.journal, value, key, 0)
        if self.producer.flush(20):
            raise Missing("acknowledgement of journal records")

    def from_an_older_journal(self):
        """All commits are in the format of before, and there is no checkpoint: they are repeated, nobody is told anything."""
        self.begin()
        self.check("it ends with 0", self.daemon.terminate() != 0)
        shutil.rmtree(self.deployment.folder / "data")
        mapping = f"{self.prefix}{PEOPLE}={PEOPLE}"
        older = [(message.key(), as_older(message.value(), mapping)) for message in self.journal_messages()]
        self.check("commits are written anew", sum(b'"sequence"' in value for _, value in older) < 3 and f"{older[:3]}")
        self.delete(self.deployment.journal)
        wait_for("the journal to be gone", 30, lambda: not self.deployment.partitions([self.deployment.journal]))
        self.create(self.deployment.journal, 1)
        self.reconnect()
        self.write_journal(*older)
        told = len(self.deployment.messages([MEMBERS]))
        # What follows the topics knows the offsets of the journal that is gone.
        self.tail = None
        self.start()
        self.ready()
        self.barrier(PEOPLE)
        self.check("nothing is compared", "members are compared" in self.log() and self.log())
        self.check("nobody is told anything", len(self.deployment.messages([MEMBERS])) != told)
        self.check_members(PEOPLE, "abc")
        self.put("d")
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcd")
        self.daemon.kill()
        self.start()
        self.ready()
        self.put("e")
        self.barrier(PEOPLE)
        self.check_members(PEOPLE, "abcde")
        self.check("nobody is told twice", self.not_alternating())

    def after_a_newer_program(self):
        """It wrote commits that this one cannot read: the start names it, with a checkpoint and without, and writes nothing."""
        self.begin()
        self.check("it ends with 0", self.daemon.terminate() != 0)
        takeover = {"format": 2, "takeover": {"instance": "other/1/1", "program": "audienced 9.8.7 (abcdef0)"}}
        self.write_journal((b"takeover", json.dumps(takeover).encode()), (b"99", b"\x04what nobody knows yet"))
        count = len(self.journal_messages())
        for what in ("behind a checkpoint", "without one"):
            self.start()
            self.check_end(f"{what}: 65, and who wrote it", 65, 30, ["audienced 9.8.7 (abcdef0) wrote it"])
            shutil.rmtree(self.deployment.folder / "data")
        self.check("the journal is as it was", len(self.journal_messages()) != count)


if __name__ == "__main__":
    play([Upgrade.from_a_checkpoint, Upgrade.from_checkpoint_and_journal, Upgrade.from_the_inputs, Upgrade.from_an_older_journal,
          Upgrade.after_a_newer_program], __doc__)
