"""Goal: the schema of the configuration says what the start says. A start that refuses a configuration ends with 64 before it touches anything."""
import concurrent.futures
import json
import pathlib
import subprocess
import tempfile

import yaml
from documents import CONFIG, VALIDATORS, Places, problem
from mutations import Members

USAGE = 64


class Configurations:
    def __init__(self, checks, program):
        self.checks, self.program = checks, program
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=program.folder))
        for name in ("a", "b"):
            (self.folder / name).write_text(name * 40)

    def all(self):
        """One that says all there is; nobody answers at its broker."""
        secret = str(self.folder / "a")
        kafka = {"bootstrap.servers": "127.0.0.1:1", "sasl.username": "u", "sasl.password": {"file": secret}, "linger.ms": 1, "check.crcs": True,
                 "client.id": {"file": secret}}
        return {
            "kafka": kafka, "group": "g", "data": str(self.folder / "data"), "clock": "events", "clock-step": "PT5M", "clock-ahead": "PT1H",
            "topics": {"prefix": "p.", "control": "c", "changes": [{"topic": "t", "table": "t"}], "create": True},
            "checkpoints": {"every": "PT1M", "also": str(self.folder), "trim": False}, "memory": "1GiB",
            "http": {"listen": "127.0.0.1:0", "token": {"file": secret}, "hosts": ["a.example"],
                     "tokens": [{"name": "t", "file": str(self.folder / "b"), "role": "read"}]},
            "metrics": {"audiences": 10, "transitions": True}, "snapshots": {"every": "PT1H", "formats": ["csv"], "keep": 1, "for": "P1D"}}

    def refusal(self, number, configuration, seconds):
        """What the program says against it; None when it would go on."""
        file = self.folder / f"{number}.yaml"
        file.write_text(configuration if isinstance(configuration, str) else json.dumps(configuration))
        try:
            done = subprocess.run([self.program.path, "run", "--config", str(file)], capture_output=True, text=True, timeout=seconds)
        except subprocess.TimeoutExpired:
            return None
        return done.stderr if done.returncode == USAGE else None

    def check(self):
        right = {
            "all": self.all(), "memory as a number": {**self.all(), "memory": 1 << 30, "clock-ahead": "none"},
            "empty sections": {"kafka": {"bootstrap.servers": "127.0.0.1:1"}, "data": str(self.folder / "other"), "http": None, "snapshots": None},
        }
        wrong = []
        for name, configuration in right.items():
            found = problem(VALIDATORS["configuration"], configuration) or self.refusal(name, configuration, 1.5)
            wrong += [f"{name}: {found}"] if found else []
        example = (CONFIG / "audienced.yaml").read_text()
        found = problem(VALIDATORS["configuration"], yaml.safe_load(example))
        self.checks.add("configuration: right ones are right", wrong + ([f"audienced.yaml: {found}"] if found else []))

        places = Members(Places("configuration"))
        mutants = [(what, mutant) for what, mutant in places.mutants(self.all()) if not VALIDATORS["configuration"].is_valid(mutant)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            told = list(pool.map(lambda each: self.refusal(each[0], each[1][1], 5), enumerate(mutants)))
        self.checks.add(f"configuration: {len(mutants)} mutants that the schema refuses, the program refuses",
                        [what for (what, _), refusal in zip(mutants, told) if refusal is None] or ([] if len(mutants) > 300 else ["too few"]))
        # librdkafka's settings are of one kind, or secrets.
        self.checks.add("configuration: every member was tried", [place for place in places.left() if "/kafka/" not in place])
