"""Goal: the API is as Config/openapi.json describes it, for whatever anybody sends: schemathesis with all its checks against a daemon that has
data, on a real broker.

    python3 Tests/Kafka/described.py PROGRAM [EXAMPLES]

Method: what is tried follows from a fixed seed. described_hooks.py says which values are put in the place of random ones, and why."""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from api import Api
from broker import Broker, wait_for
from checks import Checks
from inputs import PEOPLE, everyone, schema

HERE = pathlib.Path(__file__).resolve().parent
# A definition is more than its form (fields that are not there, a graph with a cycle): 422. A commit that is asked for may not come, and a
# version may be another: 412. So these are no refusal of what is described. What is not may be refused for its length, or for its version.
CONFIGURATION = """
seed = 20260301

[checks]
positive_data_acceptance.expected-statuses = ["2xx", 304, 401, 403, 404, 409, 412, 422]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 406, 409, 412, 413, 414, 415, 422, 429, "5xx"]
"""


# It does not end, and who asks for it with a limit of time sees a failure. APITests read it.
STREAM = "/api/v1/events"
# What is tested is read from there; schemathesis does not ask for it again.
DESCRIPTION = "/api/v1/openapi.json"


def answered(report):
    """The operations that answered with a success at least once."""
    found = set()
    with report.open() as lines:
        for line in lines:
            scenario = json.loads(line).get("ScenarioFinished") or {}
            recorder = scenario.get("recorder", {})
            if any((interaction.get("response") or {}).get("status_code") in range(200, 300) for interaction in recorder.get("interactions", {}).values()):
                found.add(recorder["label"])
    return found


class Described(Api):
    def operations(self):
        paths = self.ask("openapi.json")[2]["paths"]
        return {f"{method.upper()} {path}" for path, methods in paths.items() if path not in (STREAM, DESCRIPTION) for method in methods}

    def fill(self):
        self.create(PEOPLE, 2)
        self.serve()
        # The examples of the description are about these.
        for line in (HERE.parents[1] / "Config/first-campaign.ndjson").read_text().splitlines():
            self.control(json.loads(line))
        campaign = everyone(PEOPLE)["campaign"]
        other = json.loads(json.dumps(campaign).replace(f'"{PEOPLE}"', '"others"').replace('"dimension": "others"', f'"dimension": "{PEOPLE}"'))
        for kind, definition in (("schemas", schema(PEOPLE)["schema"]), ("campaigns", campaign), ("campaigns", other)):
            status, _, answer = self.publish(kind, definition)
            self.check(f"{kind} are there", status != 201 and f"{status} {answer}")
        self.put(*[f"p{number}" for number in range(500)])
        self.control({"type": "campaign.published", "campaign": {"id": "wrong"}})
        self.barrier(PEOPLE)
        return wait_for("a snapshot", 30, lambda: self.ask(f"audiences/{PEOPLE}/snapshots")[2]["items"])[0]

    def run(self, examples):
        snapshot = self.fill()
        folder = pathlib.Path(self.deployment.folder)
        configuration = folder / "schemathesis.toml"
        configuration.write_text(CONFIGURATION)
        report = folder / "report.ndjson"
        command = [
            pathlib.Path(sys.executable).parent / "schemathesis", "--config-file", configuration, "run", f"http://{self.address}{DESCRIPTION}",
            "--header", f"Authorization: Bearer {self.tokens['publish']}", "--checks", "all", "--max-examples", str(examples), "--continue-on-failure",
            "--request-timeout", "40", "--exclude-path", STREAM, "--no-color", "--report", "ndjson", "--report-ndjson-path", report]
        environment = os.environ | {
            "SCHEMATHESIS_HOOKS": "described_hooks", "PYTHONPATH": str(HERE), "AUDIENCED_KNOWN": json.dumps({
                "id": PEOPLE, "other": "others", "name": PEOPLE, "namespace": "Email", "identity": "p17", "key": "p17", "offset": 1, "n": 1, "from": "b",
                "sequence": snapshot["sequence"], "file": "manifest.json"})}
        done = subprocess.run([str(word) for word in command], env=environment, cwd=folder, capture_output=True, text=True, timeout=500)
        log = HERE.parents[1] / ".build/described.log"
        log.write_text(done.stdout + done.stderr)
        self.check("schemathesis finds nothing", done.returncode and f"all of it: {log}\n" + (done.stdout + done.stderr)[-4000:])
        silent = self.operations() - answered(report)
        self.check("every operation has done what it is for", silent and str(sorted(silent)))
        self.check("the daemon is well", self.ask("status")[2].get("ready") is not True and self.log()[-2000:])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("examples", type=int, nargs="?", default=25)
    arguments = parser.parse_args()
    checks = Checks()
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        scenario = Described(arguments.program.resolve(), broker, folder, checks, "described")
        try:
            scenario.run(arguments.examples)
        finally:
            scenario.leave()
    print(checks.last_line())
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
