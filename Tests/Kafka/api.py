"""Goal: the HTTP API in front of a real daemon on a real broker (contract §8): definitions published over it, members listed while changes go
in, explanations that agree with the events, committed state only, through a kill.

    python3 Tests/Kafka/api.py PROGRAM

Python on purpose: it shares no code with the product, not even its HTTP client.

Method: the scenario's world is that of inputs.py. What the API says is compared with what the output topics hold."""
import argparse
import http.client
import json
import pathlib
import secrets
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

from broker import Broker, wait_for
from checks import Checks
from inputs import PEOPLE, Scenario, everyone, schema

JSON = {"Content-Type": "application/json"}


class Api(Scenario):
    def serve(self):
        """Starts the daemon; returns when it listens."""
        token = self.deployment.folder / "token"
        if not token.exists():
            token.write_text(secrets.token_urlsafe(40))
        self.start(http={"listen": "127.0.0.1:0", "tokens": [{"name": "ci", "file": str(token), "role": "publish"}]})
        line = wait_for("the address", 60, lambda: next((line for line in self.log().splitlines() if "listening" in line), None))
        self.address = urllib.parse.urlparse(next(word for word in line.replace('"', " ").replace("=", " ").split() if word.startswith("http://"))).netloc
        self.token = token.read_text()
        self.ready()

    def ask(self, path, method="GET", body=None, headers=None, token=True):
        """status, headers, JSON"""
        connection = http.client.HTTPConnection(self.address, timeout=40)
        all_headers = (headers or {}) | ({"Authorization": f"Bearer {self.token}"} if token else {})
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, "/api/v1/" + path, data, all_headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), json.loads(text) if text else None

    def publish(self, kind, definition, **headers):
        return self.ask(kind, "POST", definition, JSON | headers)

    def listed(self, audience, limit=100):
        """All members through pages; the identities in the order in which they came."""
        found, after = [], ""
        while True:
            status, _, page = self.ask(f"audiences/{audience}/members?limit={limit}{after}")
            if status != 200:
                raise AssertionError(f"members: {status} {page}")
            found += [item["identity"]["id"] for item in page["items"]]
            if page["next"] is None:
                return found
            after = "&after=" + page["next"]

    def run(self):
        self.create(PEOPLE, 2)
        self.serve()
        status, _, answer = self.publish("schemas", schema(PEOPLE)["schema"])
        self.check("a schema is published", status != 201 and f"{status} {answer}")
        campaign = everyone(PEOPLE)["campaign"]
        status, headers, answer = self.publish("campaigns", campaign)
        self.check("a campaign is published", (status, answer.get("version"), answer.get("complete")) != (201, 1, True) and f"{status} {answer}")
        self.check("where its publication is", headers.get("Location") != f"/api/v1/publications/{answer['offset']}" and str(headers))
        wrong = json.loads(json.dumps(campaign).replace('"email"', '"emial"'))
        status, _, answer = self.publish("campaigns", wrong)
        self.check("a wrong one is not", (status, answer["problems"][0].get("hint")) != (422, "did you mean email?") and f"{status} {answer}")
        self.check("a version that is not there", self.publish("campaigns", campaign, **{"If-Match": '"7"'})[0] != 412)
        self.check("no token, no change", self.ask("campaigns", "POST", campaign, JSON, token=False)[0] != 401)
        self.check("a form of a page", self.ask("campaigns", "POST", campaign, {"Content-Type": "text/plain"})[0] != 415)

        names = [f"p{number}" for number in range(3000)]
        for number, name in enumerate(names):
            self.put(name, partition=number % 2) if number % 500 == 0 else self.producer.produce(
                self.prefix + PEOPLE, json.dumps({"id": name, "email": name}).encode(), name.encode(), number % 2)
        self.producer.flush(20)
        self.barrier(PEOPLE)
        found = self.listed(PEOPLE, 333)
        self.check("all members in their order", found != sorted(self.members(PEOPLE)) and f"{len(found)} of {len(self.members(PEOPLE))}")
        status, _, why = self.ask(f"audiences/{PEOPLE}/members/Email/p17")
        self.check("why somebody is in", (status, why["member"], why["rows"][0]["key"]) != (200, True, "p17") and str(why))
        status, _, why = self.ask(f"audiences/{PEOPLE}/members/Email/nobody%2Fat%20all")
        self.check("why somebody unknown is not", (status, why["member"], why["rows"]) != (200, False, []) and str(why))

        # Pages while others come and go; those who stay are all there, once.
        stop = threading.Event()

        def change():
            number = 0
            while not stop.is_set():
                number += 1
                self.producer.produce(self.prefix + PEOPLE, json.dumps({"id": f"q{number}", "email": f"q{number}"}).encode(), f"q{number}".encode(), number % 2)
                if number % 100 == 0:
                    self.producer.flush(20)
                    time.sleep(0.05)
        thread = threading.Thread(target=change, daemon=True)
        thread.start()
        try:
            pages = [self.listed(PEOPLE, 500) for _ in range(3)]
        finally:
            stop.set()
            thread.join()
        self.producer.flush(20)
        self.check("who stays is on the pages", any([name for name in page if name[0] == "p"] != sorted(names) for page in pages) and "not all")
        self.check("nobody twice", any(len(set(page)) != len(page) for page in pages))

        self.barrier(PEOPLE)
        sequence = int(self.ask("status")[1]["Audienced-Sequence"])
        status, _, answer = self.ask(f"status?atLeast={sequence + 1000000}&wait=1")
        self.check("a commit that does not come", (status, answer["code"]) != (412, "sequence-not-reached") and f"{status} {answer}")
        size = len(self.members(PEOPLE))
        self.check("its size", self.ask(f"audiences/{PEOPLE}")[2]["size"] != size)
        self.daemon.kill()
        self.serve()
        status, headers, answer = self.ask(f"audiences/{PEOPLE}?atLeast={sequence}")
        self.check("the same after a kill", (status, answer.get("size")) != (200, size) and f"{status} {answer}")
        status, _, answer = self.ask(f"campaigns/{PEOPLE}:stop", "POST", None, JSON)
        self.check("a campaign is stopped", (status, self.ask(f"campaigns/{PEOPLE}")[2]["state"]) != (201, "stopped") and f"{status} {answer}")
        status, _, answer = self.ask(f"campaigns/{PEOPLE}", "DELETE", None, JSON)
        self.check("and deleted", (status, self.ask(f"audiences/{PEOPLE}")[2]["state"]) != (201, "retired") and f"{status} {answer}")
        self.check_members(PEOPLE, [])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    arguments = parser.parse_args()
    checks = Checks()
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        scenario = Api(arguments.program.resolve(), broker, folder, checks, "api")
        try:
            scenario.run()
        except Exception:
            traceback.print_exc()
            checks.add("api: to its end", ["it broke off"])
            print(scenario.log()[-3000:])
        scenario.leave()
    print(checks.last_line())
    sys.exit(bool(checks.failed))


if __name__ == "__main__":
    main()
