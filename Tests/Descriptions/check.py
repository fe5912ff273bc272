"""Goal: the schemas of Config say what the program says: what it accepts they accept, and what they refuse it refuses; and every record that
it writes is one that AsyncAPI describes.

    python3 Tests/Descriptions/check.py PROGRAM [SHARED]       SHARED: the referee's folder, for the conformance cases

Method: definitions that are right, each of which the program is asked about too; each member that a schema describes is mutated once, in a
definition that is right but for that."""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Kafka"))
import corpus                                                       # noqa: E402
import outputs                                                      # noqa: E402
from checks import Checks                                           # noqa: E402
from configurations import Configurations                           # noqa: E402
from documents import NAMES, SCHEMAS, VALIDATORS, Places, load, problem   # noqa: E402
from mutations import Members                                       # noqa: E402


class Program:
    def __init__(self, path, folder):
        self.path, self.folder = str(path), pathlib.Path(folder)

    def validate(self, events):
        """For each event the messages of its problems."""
        if not events:
            return []
        file = self.folder / "events.ndjson"
        file.write_text("".join(json.dumps(event) + "\n" for event in events))
        done = subprocess.run([self.path, "validate", str(file), "--json"], capture_output=True, text=True, timeout=100)
        if done.returncode not in (0, 1):
            raise AssertionError(f"validate: {done.returncode} {done.stderr}")
        found = [[] for _ in events]
        for line in done.stdout.splitlines():
            told = json.loads(line)
            if told["severity"] == "error":
                found[told["line"] - 1].append(f"{told.get('path')}: {told['message']}")
        return found


def schema_event(schema):
    return {"type": "schema.published", "schema": schema}


def campaign_event(campaign):
    return {"type": "campaign.published", "campaign": campaign}


class Mutations:
    """Mutants of right values: those that the schema refuses must all be refused by the program."""

    def __init__(self, checks, program, name):
        self.checks, self.program, self.name = checks, program, name
        self.members, self.wrong, self.lax, self.right, self.count = Members(Places(name)), [], [], [], 0

    def add(self, value, before, event):
        """`before`: events that make it right. `event`: the one that publishes it."""
        found = list(self.members.mutants(value))
        refused = [(what, mutant) for what, mutant in found if not VALIDATORS[self.name].is_valid(mutant)]
        events = before + [event(mutant) for _, mutant in refused] + [event(value)]
        told = self.program.validate(events)
        self.right += [f"{event}: {problems}" for event, problems in zip(before + events[-1:], told[:len(before)] + told[-1:]) if problems]
        self.wrong += [what for (what, _), problems in zip(refused, told[len(before):]) if not problems]
        self.count += len(refused)
        # The other way round, as far as a schema can know it: no member that the program does not know. What is accepted may be in the
        # way of what follows, but makes no member unknown.
        accepted = [(what, mutant) for what, mutant in found if VALIDATORS[self.name].is_valid(mutant)]
        told = self.program.validate(before + [event(mutant) for _, mutant in accepted])[len(before):]
        self.lax += [f"{what}: {told}" for (what, _), told in zip(accepted, told) if any("unknown member" in message for message in told)]

    def done(self, excused=()):
        left = [place for place in self.members.left() if place not in excused]
        self.checks.add(f"{self.name}: what is mutated was right before", self.right)
        self.checks.add(f"{self.name}: {self.count} mutants that the schema refuses, the program refuses", self.wrong or (["none"] if not self.count else []))
        self.checks.add(f"{self.name}: members that the program does not know, the schema does not", self.lax)
        self.checks.add(f"{self.name}: every member was tried", left)


def check_campaigns(checks, program):
    schemas, mutations = [schema_event(schema) for schema in corpus.SCHEMAS], Mutations(checks, program, "campaign")
    examples, wrong = corpus.examples(), []
    for campaign in examples + corpus.ALL_OF_CAMPAIGNS:
        found = problem(VALIDATORS["campaign"], campaign)
        wrong += [f"{campaign['id']}: {found}"] if found else []
    told = program.validate(schemas + [campaign_event(campaign) for campaign in examples])
    wrong += [str(problems) for problems in told if problems]
    checks.add(f"campaign: {len(examples)} examples are right", wrong)
    readers = [campaign for campaign in examples if any(activity["type"] == "read-audience" for activity in campaign["activities"])]
    for campaign in corpus.ALL_OF_CAMPAIGNS + examples:
        before = [campaign_event(other) for other in examples if other not in readers] if campaign in readers else []
        mutations.add(campaign, schemas + before, campaign_event)
    mutations.done()


def check_schemas(checks, program):
    mutations, wrong = Mutations(checks, program, "schema"), []
    for schema in corpus.SCHEMAS + [corpus.ALL_OF_A_SCHEMA]:
        found = problem(VALIDATORS["schema"], schema)
        wrong += [f"{schema['name']}: {found}"] if found else []
    checks.add("schema: the examples are right", wrong)
    for schema in [corpus.ALL_OF_A_SCHEMA] + corpus.SCHEMAS:
        mutations.add(schema, [], schema_event)
    mutations.done()


def check_events(checks, program):
    mutations = Mutations(checks, program, "event")
    checks.add("event: those of each type are right", filter(None, (problem(VALIDATORS["event"], event) for event in corpus.EVENTS)))
    for event in corpus.EVENTS:
        before = corpus.EVENTS[:2] if event["type"] not in ("schema.published", "campaign.published") else corpus.EVENTS[:1]
        mutations.add(event, before if event is not corpus.EVENTS[0] else [], lambda event: event)
    # `validate` takes no CloudEvents.
    mutations.done(excused=("#/then/properties/specversion", "#/then/properties/data"))
    data = {"specversion": "1.0", "data": corpus.EVENTS[2], "type": "barrier.requested", "id": "1", "source": "x"}
    wrong = {**data, "data": {"type": "barrier.requested"}}
    checks.add("event: in a CloudEvent", [] if VALIDATORS["event"].is_valid(data) and not VALIDATORS["event"].is_valid(wrong) else [str(data)])


def check_examples_within(checks):
    """The examples that editors show, and the schemas themselves."""
    wrong = []

    def walk(name, schema, place):
        if isinstance(schema, dict):
            for example in schema["examples"] if isinstance(schema.get("examples"), list) else []:
                whole = {"$defs": SCHEMAS[name].get("$defs", {}), **{word: value for word, value in schema.items() if word != "$defs"}}
                if not Draft202012Validator(whole).is_valid(example):
                    wrong.append(f"{name} {place}: {example}")
            for word, inner in schema.items():
                walk(name, inner, f"{place}/{word}")
        elif isinstance(schema, list):
            for inner in schema:
                walk(name, inner, place)
    for name in NAMES:
        Draft202012Validator.check_schema(SCHEMAS[name])
        walk(name, SCHEMAS[name], "#")
    checks.add("the schemas are schemas, and their examples are right", wrong)
    checks.add("openapi.json is OpenAPI 3.1", [error.message[:200] for error in OpenAPIV31SpecValidator(load("openapi.json")).iter_errors()])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("shared", type=pathlib.Path, nargs="?")
    arguments = parser.parse_args()
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        program = Program(arguments.program.resolve(), folder)
        check_examples_within(checks)
        check_campaigns(checks, program)
        check_schemas(checks, program)
        check_events(checks, program)
        Configurations(checks, program).check()
        if arguments.shared:
            outputs.check(checks, program, arguments.shared)
    print(checks.last_line())
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
