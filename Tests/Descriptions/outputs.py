"""Goal: every record of a conformance run is one that AsyncAPI describes, on the channel where it says; and every definition that a run
accepts, the schemas accept."""
import concurrent.futures
import json
import pathlib
import subprocess
import tempfile

import corpus
from documents import VALIDATORS, closed, load, problem
from jsonschema import Draft202012Validator

FILES = {"audience-members.ndjson": "audience-members", "audience-updated.ndjson": "audience-updated", "channel-requests.ndjson": "channel-requests",
         "dlq.ndjson": "audienced.dlq"}
# `replay` writes no tombstones, and tells of no snapshots.
NOT_OF_REPLAY = {"audience.member.forgotten", "audience.snapshot"}


class Messages:
    def __init__(self):
        document = load("asyncapi.json")
        self.components = closed(document["components"]["schemas"])
        self.channels = {name: [reference["$ref"].split("/")[-1] for reference in channel["messages"].values()]
                         for name, channel in document["channels"].items()}
        self.messages = document["components"]["messages"]
        self.validators = {name: self.validator(closed(message["payload"])) for name, message in self.messages.items() if "$ref" not in message["payload"]}
        self.headers = {name: self.validator(message["headers"]) for name, message in self.messages.items() if "headers" in message}
        self.manifest = self.validator({"$ref": "#/components/schemas/manifest"})

    def validator(self, schema):
        return Draft202012Validator({**schema, "components": {"schemas": self.components}})

    def examples(self):
        return [f"{name}: {found}" for name, message in self.messages.items() for example in message.get("examples", [])
                for found in [problem(self.validators[name], example["payload"])] if found]

    def problems(self, channel, record):
        """(its message, what is wrong with it)"""
        headers = record["headers"]
        name = "dead-letter" if channel == "audienced.dlq" else headers.get("ce_type")
        if name not in self.channels[channel]:
            return name, f"{channel} has no message {name}"
        return name, problem(self.headers[name], headers) or problem(self.validators[name], record["value"])


def run(program, name, scenario):
    """The files of a run: (control events with their kind and outcome, records by channel, manifests)."""
    with tempfile.TemporaryDirectory(dir=program.folder) as folder:
        source, target = pathlib.Path(folder) / "in", pathlib.Path(folder) / "out"
        scenario.write(str(source))
        subprocess.run([program.path, "replay", "--input", str(source), "--output", str(target), "--snapshots"], check=True, capture_output=True, timeout=100)
        records = {channel: [json.loads(line) for line in (target / file).read_text().splitlines()] for file, channel in FILES.items()}
        manifests = [json.loads(path.read_text()) for path in target.rglob("manifest.json")]
    events = [content for _, control, content in scenario.lines if control and isinstance(content, dict)]
    return name, events, records, manifests


def accepted(events, records):
    """(kind, definition) of each definition of which no version was refused."""
    refused = {(record["value"]["type"].split(".")[0], record["value"].get("campaign") or record["value"].get("schema"))
               for record in records["audience-updated"] if record["value"]["type"].endswith(".rejected")}
    for event in events:
        kind = event.get("type", "").split(".")[0]
        definition = event.get(kind)
        if event.get("type") in ("schema.published", "campaign.published") and isinstance(definition, dict):
            if (kind, definition.get("id" if kind == "campaign" else "name")) not in refused:
                yield kind, definition


def check(checks, program, shared):
    messages = Messages()
    checks.add("asyncapi: its examples are right", messages.examples())
    wrong, definitions, seen, count, taken = [], [], set(), 0, 0
    manifests = []
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for name, events, records, written in pool.map(lambda case: run(program, *case), corpus.scenarios(shared)):
            for channel, found in records.items():
                for record in found:
                    message, what = messages.problems(channel, record)
                    seen.add(message)
                    count += 1
                    wrong += [f"{name}: {message}: {what}"] if what else []
            for kind, definition in accepted(events, records):
                taken += 1
                what = problem(VALIDATORS[kind], definition)
                definitions += [f"{name}: {kind} {definition.get('id') or definition.get('name')}: {what}"] if what else []
            for event in events:
                if event.get("type") in ("campaign.stopped", "campaign.deleted", "barrier.requested", "clock.advanced"):
                    what = problem(VALIDATORS["event"], event)
                    definitions += [f"{name}: {event}: {what}"] if what else []
            manifests += [f"{name}: {what}" for manifest in written for what in [problem(messages.manifest, manifest)] if what]
    checks.add(f"asyncapi: {count} records of conformance runs are described", wrong or ([] if count > 1000 else ["too few"]))
    outputs = {name for channel in FILES.values() for name in messages.channels[channel]}
    checks.add("asyncapi: every message was seen", sorted(outputs - seen - NOT_OF_REPLAY))
    checks.add("asyncapi: manifests of snapshots are described", manifests)
    checks.add(f"{taken} definitions of conformance cases that the program accepts, the schemas accept", definitions or ([] if taken > 300 else ["too few"]))
