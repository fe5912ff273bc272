"""Goal: a program that decides by other rules than the one before finds its checkpoints, journal and members, and tells exactly who differs, once,
with cause `repair` (contract §7): an upgrade, and the way back.

    python3 Tests/Kafka/upgrade.py PROGRAM [SCENARIO…]

Method: the world of inputs.py. The older program is audienced-older-zones, beside PROGRAM: the same daemon with time zone data of another
version, in which Paris keeps the time of Greenwich. Half of the people are members by the one and not by the other."""
import json
import pathlib
import shutil
from collections import Counter

from broker import Missing, wait_for
from inputs import PEOPLE, Scenario, play, schema
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


if __name__ == "__main__":
    play([Upgrade.from_a_checkpoint, Upgrade.from_checkpoint_and_journal, Upgrade.from_the_inputs], __doc__)
