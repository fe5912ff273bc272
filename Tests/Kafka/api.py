"""Goal: the HTTP API in front of a real daemon on a real broker (contract §8): definitions published over it, members listed while changes go
in, explanations that agree with the events, committed state only, through a kill.

    python3 Tests/Kafka/api.py PROGRAM

Python on purpose: it shares no code with the product, not even its HTTP client.

Method: the scenario's world is that of inputs.py. What the API says is compared with what the output topics hold."""
import argparse
import base64
import http.client
import json
import os
import pathlib
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import urllib.parse

from confluent_kafka import TopicPartition

from broker import Broker, Missing, wait_for
from checks import Checks
from inputs import PEOPLE, Scenario, everyone, schema
from stream import MEMBERS

JSON = {"Content-Type": "application/json"}


class Api(Scenario):
    def serve(self, **more):
        """Starts the daemon; returns when it listens."""
        files = {role: self.deployment.folder / f"token-{role}" for role in ("observe", "publish")}
        for file in files.values():
            if not file.exists():
                file.write_text(secrets.token_urlsafe(40))
        self.start(http={"listen": "127.0.0.1:0", "tokens": [{"name": role, "file": str(file), "role": role} for role, file in files.items()]}, **more)
        line = wait_for("the address", 60, lambda: next((line for line in self.log().splitlines() if "listening" in line), None))
        self.address = urllib.parse.urlparse(next(word for word in line.replace('"', " ").replace("=", " ").split() if word.startswith("http://"))).netloc
        self.tokens = {role: file.read_text() for role, file in files.items()}
        self.ready()

    def ask(self, path, method="GET", body=None, headers=None, role="publish"):
        """status, headers, JSON; `role`: of the token, None is none"""
        connection = http.client.HTTPConnection(self.address, timeout=40)
        all_headers = (headers or {}) | ({"Authorization": f"Bearer {self.tokens[role]}"} if role else {})
        data = None if body is None else json.dumps(body).encode()
        connection.request(method, "/api/v1/" + path, data, all_headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, dict(answer.getheaders()), json.loads(text) if text else None

    def command(self, *words):
        """exit code, standard output, standard error of a command that asks the daemon"""
        return self.program_run(*words, AUDIENCED_SERVER=f"http://{self.address}", AUDIENCED_TOKEN_FILE=str(self.deployment.folder / "token-publish"))

    def program_run(self, *words, **variables):
        done = subprocess.run([self.program, *words], capture_output=True, text=True, timeout=120, env=os.environ | variables)
        return done.returncode, done.stdout, done.stderr

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

    def page(self, path, role="publish", **headers):
        """status, headers and text of a page of the console, as a browser asks for it"""
        connection = http.client.HTTPConnection(self.address, timeout=40)
        token = {"Authorization": "Basic " + base64.b64encode(f"any:{self.tokens[role]}".encode()).decode()} if role else {}
        connection.request("GET", path, headers={"Accept": "text/html,*/*;q=0.8"} | token | headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, dict(answer.getheaders()), text

    def console(self):
        """Pages show what their reader may see, to nobody else, and under the daemon's own name alone."""
        status, headers, text = self.page(f"/audiences/{PEOPLE}")
        self.check("a page with members", (status, "p17" in text or "p1<" in text) != (200, True) and f"{status} {text[:500]}")
        self.check("a page is kept nowhere, and takes nothing from elsewhere", (headers.get("Cache-Control"), headers.get("Content-Security-Policy", "")[:18]) != ("no-store", "default-src 'none'") and f"{headers}")
        status, _, text = self.page(f"/audiences/{PEOPLE}", role="observe")
        self.check("who only observes sees counts, and no member", (status, "needs the role read" in text, "?who=" in text) != (200, True, False) and f"{status} {text[:500]}")
        for path in ("/", "/system", "/campaigns", f"/campaigns/{PEOPLE}", f"/audiences/{PEOPLE}/ask?who=p17", "/manual", "/manual/limits"):
            status, headers, text = self.page(path, role=None)
            self.check(f"no token, no page {path}", (status, headers.get("WWW-Authenticate", "")[:5], "the password is the token" in text) != (401, "Basic", True) and f"{status} {headers}")
        status, _, text = self.page("/manual/limits", role="observe")
        self.check("who only observes reads the manual", (status, "input record" in text) != (200, True) and f"{status} {text[:500]}")
        self.check("an article that is not there", self.page("/manual/limit")[0] != 404)
        for name, path, code, more in (("under another name", "/", 421, {"Host": "evil.example"}), ("that is not there", "/nowhere", 404, {})):
            status, headers, text = self.page(path, **more)
            self.check(f"a page {name} says why as a page", (status, headers.get("Content-Type", "")[:9], "<h1>" in text) != (code, "text/html", True) and f"{status} {headers} {text[:200]}")
            status, headers, text = self.page(path, Accept="application/json", **more)
            self.check(f"a program is told the same as a document, {name}", (status, json.loads(text)["status"]) != (code, code) and f"{status} {text[:200]}")
        status, _, text = self.page(f"/audiences/{PEOPLE}/ask?who=%3Cscript%3E")
        self.check("what is asked about is text", (status, "<script>" in text) != (200, False) and f"{status} {text[:500]}")

    def run(self):
        self.create(PEOPLE, 2)
        self.serve()
        status, _, answer = self.publish("schemas", schema(PEOPLE)["schema"])
        self.check("a schema is published", status != 201 and f"{status} {answer}")
        again = [self.publish("schemas", schema(PEOPLE)["schema"], **headers)[0] for headers in ({"If-None-Match": "*"}, {"If-Match": '"1"'}, {"If-Match": "*"})]
        self.check("a schema that is there is no new one, and has no version", again != [412, 412, 201] and f"{again}")
        campaign = everyone(PEOPLE)["campaign"]
        status, headers, answer = self.publish("campaigns", campaign)
        self.check("a campaign is published", (status, answer.get("version"), answer.get("complete")) != (201, 1, True) and f"{status} {answer}")
        self.check("where its publication is", headers.get("Location") != f"/api/v1/publications/{answer['offset']}" and str(headers))
        wrong = json.loads(json.dumps(campaign).replace('"email"', '"emial"'))
        status, _, answer = self.publish("campaigns", wrong)
        self.check("a wrong one is not", (status, answer["problems"][0].get("hint")) != (422, "did you mean email?") and f"{status} {answer}")
        self.check("a version that is not there", self.publish("campaigns", campaign, **{"If-Match": '"7"'})[0] != 412)
        self.check("no token, no change", self.ask("campaigns", "POST", campaign, JSON, role=None)[0] != 401)
        self.check("a form of a page", self.ask("campaigns", "POST", campaign, {"Content-Type": "text/plain"})[0] != 415)

        names = [f"p{number}" for number in range(3000)]
        for number, name in enumerate(names):
            self.put(name, partition=number % 2) if number % 500 == 0 else self.producer.produce(
                self.prefix + PEOPLE, json.dumps({"id": name, "email": name}).encode(), name.encode(), number % 2)
        self.producer.flush(20)
        self.barrier(PEOPLE)
        found = self.listed(PEOPLE, 333)
        self.check("all members in their order", found != sorted(self.members(PEOPLE)) and f"{len(found)} of {len(self.members(PEOPLE))}")
        status, _, rows = self.ask(f"campaigns/{PEOPLE}/transitions/b/rows?limit=1000")
        keys = {item["key"] for item in rows["items"]}
        self.check("rows at a transition", (status, len(keys), rows["more"]) != (200, 1000, True) or not keys <= set(names))
        self.check("rows are for readers", self.ask(f"campaigns/{PEOPLE}/transitions/b/rows", role="observe")[0] != 403)
        status, _, why = self.ask(f"audiences/{PEOPLE}/members/Email/p17")
        self.check("why somebody is in", (status, why["member"], why["rows"][0]["key"]) != (200, True, "p17") and str(why))
        status, _, why = self.ask(f"audiences/{PEOPLE}/members/Email/nobody%2Fat%20all")
        self.check("why somebody unknown is not", (status, why["member"], why["rows"]) != (200, False, []) and str(why))

        self.console()

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

        self.dead_letters()
        self.levels_and_tokens()
        self.barrier(PEOPLE)
        self.exported()
        self.verified()
        self.without_kafka()
        self.unanswered()
        sequence = int(self.ask("status")[1]["Audienced-Sequence"])
        status, _, answer = self.ask(f"status?atLeast={sequence + 1000000}&wait=1")
        self.check("a commit that does not come", (status, answer["code"]) != (412, "sequence-not-reached") and f"{status} {answer}")
        size = len(self.members(PEOPLE))
        self.check("its size", self.ask(f"audiences/{PEOPLE}")[2]["size"] != size)
        status, _, answer = self.publish("campaigns", campaign | {"name": "Everybody"}, **{"If-Match": '"1"'})
        self.check("a second version", (status, answer.get("version")) != (201, 2) and f"{status} {answer}")
        history, versions = self.history(size), self.versions(campaign)
        self.daemon.kill()
        self.serve()
        status, headers, answer = self.ask(f"audiences/{PEOPLE}?atLeast={sequence}")
        self.check("the same after a kill", (status, answer.get("size")) != (200, size) and f"{status} {answer}")
        after = self.history(size)
        # Minutes may have gone by meanwhile.
        self.check("its history too", any(point not in after for point in history) and f"{history} {after}")
        self.check("and its versions", self.versions(campaign) != versions)
        # A plan, and what publishing it then does.
        names = self.listed(PEOPLE, 1000)
        other = json.loads(json.dumps(campaign))
        build = next(activity for activity in other["activities"] if activity["type"] == "build-audience")
        build["filter"] = "id != 'p17' AND id != 'p18'"
        status, headers, plan = self.ask("campaigns:plan", "POST", other, JSON)
        counts = status == 200 and [(each["audience"], each["left"], each["entered"], each["then"]["members"]) for each in plan["audiences"]]
        self.check("a plan", counts != [(PEOPLE, 2, 0, len(names) - 2)] and f"{status} {plan}")
        self.check("who leaves by it, and why", [(each["identity"]["id"], each["now"]["reason"][:8], each["then"]["reason"][:12])
                   for each in plan["audiences"][0]["examples"]] != [(name, "A member", "Not a member") for name in ("p17", "p18")] and str(plan))
        self.check("of which commit", headers.get("Audienced-Sequence") != str(plan["sequence"]) and str(headers))
        self.check("nothing came of it", len(self.listed(PEOPLE, 1000)) != len(names))
        status, _, answer = self.ask("campaigns:plan", "POST", [other, wrong], JSON)
        self.check("a plan with problems", (status, answer["problems"][0]["path"][:3]) != (422, "[1]") and f"{status} {answer}")
        answers = []
        both = [threading.Thread(target=lambda: answers.append(self.ask("campaigns:plan", "POST", other, JSON)[0])) for _ in range(6)]
        for thread in both:
            thread.start()
        for thread in both:
            thread.join()
        self.check("one plan at a time", (answers.count(200) == 0 or answers.count(200) + answers.count(429) != 6) and str(answers))
        base = plan["campaigns"][0]["baseVersion"]
        status, _, answer = self.publish("campaigns", other, **{"If-Match": f'"{base}"'})
        self.check("what was planned is published", (status, answer.get("version")) != (201, plan["campaigns"][0]["version"]) and f"{status} {answer}")
        self.check("it was foreseen", self.listed(PEOPLE, 1000) != sorted(set(names) - {"p17", "p18"}) and "others")
        status, _, answer = self.ask(f"campaigns/{PEOPLE}:stop", "POST", None, JSON)
        self.check("a campaign is stopped", (status, self.ask(f"campaigns/{PEOPLE}")[2]["state"]) != (201, "stopped") and f"{status} {answer}")
        status, _, answer = self.ask(f"campaigns/{PEOPLE}", "DELETE", None, JSON)
        self.check("and deleted", (status, self.ask(f"audiences/{PEOPLE}")[2]["state"]) != (201, "retired") and f"{status} {answer}")
        self.check_members(PEOPLE, [])


    # ------------------------------------------------------------------------------------------------------------ dead letters

    def dead_letters(self):
        config = str(self.deployment.folder / "data.json")
        topic, keys, rounds = self.prefix + PEOPLE, [f"bad{number}" for number in range(20)], 100
        for turn in range(rounds):
            for number, key in enumerate(keys):
                value = json.dumps({"id": key, "email": turn}) if turn % 2 else f"{turn} {{"
                self.producer.produce(topic, value.encode(), key.encode(), number % 2, timestamp=1_600_000_000_000 + turn, headers=[("turn", str(turn)), ("none", None)])
        self.producer.flush(20)
        self.barrier(PEOPLE)
        count = rounds * len(keys)
        letters, after = [], ""
        while after is not None:
            status, _, page = self.ask(f"dead-letters?limit=300{after}")
            letters += page["items"]
            after = page["next"] and "&after=" + page["next"]
        self.check("all dead letters on pages, each once", (len(letters), len({letter["place"] for letter in letters})) != (count, count) and f"{len(letters)}")
        wrong = [letter for letter in letters if letter["value"].startswith("{") != (letter["reason"] == "wrong-value") or letter["topic"] != topic
                 or letter["headers"] != [{"name": "turn", "value": str(int(letter["time"][20:23]))}, {"name": "none", "value": None}]]
        self.check("dead letters as they were", wrong and str(wrong[0]))
        status, _, page = self.ask("dead-letters?reason=malformed&limit=5", role="observe")
        self.check("observers see no values", (status, [set(item) & {"key", "value", "headers"} for item in page["items"]]) != (200, [set()] * 5) and str(page))
        self.check("only those of a reason", any(item["reason"] != "malformed" for item in page["items"]) and str(page))
        self.check("a reason that is none", self.ask("dead-letters?reason=odd")[0] != 400)

        code, out, err = self.command("dlq", "list", "--json")
        groups = {(group["topic"], group["reason"]): group["count"] for group in map(json.loads, out.splitlines())}
        self.check("dlq list", (code, groups) != (0, {(topic, "malformed"): count // 2, (topic, "wrong-value"): count // 2}) and f"{code} {out} {err}")
        place = letters[7]["place"]
        code, out, err = self.command("dlq", "show", place, "--json")
        self.check("dlq show", (code, json.loads(out or "null")) != (0, letters[7]) and f"{code} {out} {err}")
        code, out, err = self.command("dlq", "show", place)
        self.check("dlq show for people", (code, letters[7]["value"] in out) != (0, True) and f"{code} {out} {err}")

        def redrive(*words):
            return self.program_run("dlq", "redrive", "--config", config, "--json", *words)
        # Nobody refuses again what is redriven, so that all that there is was there before.
        self.daemon.terminate()
        self.daemon.ended(20)
        before = self.sent(topic)
        code, out, err = redrive("--dry-run")
        found = sum(json.loads(line)["redriven"] for line in out.splitlines())
        self.check("a dry run tells all and sends nothing", (code, found, len(self.sent(topic))) != (0, count, len(before)) and f"{code} {out} {err}")
        code, out, err = redrive("--partition", "0", "--to", "50")
        self.check("a part of them", code and f"{code} {out} {err}")
        # One that ends in the middle, and two at once: what both leave is sent by the third.
        running = subprocess.Popen([self.program, "dlq", "redrive", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for("the middle of a redrive", 60, lambda: len(self.sent(topic, "read_uncommitted")) > len(before) + 300 or running.poll() is not None)
        running.kill()
        running.wait()
        both = [subprocess.Popen([self.program, "dlq", "redrive", "--config", config], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for _ in range(2)]
        codes = sorted(process.wait(60) for process in both)
        self.check("of two at once one is through", 0 not in codes and str(codes))
        code, out, err = redrive("--topic", topic)
        there = {(message.partition(), message.offset()) for message in before}
        sent = [message for message in self.sent(topic) if (message.partition(), message.offset()) not in there]
        def essence(message):
            return message.partition(), message.key(), message.value(), message.timestamp()[1], message.headers()
        originals = [essence(message) for message in before if message.headers()]
        self.check("each is redriven once, whole", sorted(map(repr, originals)) != sorted(repr(essence(message)) for message in sent) and f"{len(sent)} of {count}, {code} {err}")
        turns = {key: [message.timestamp()[1] for message in sent if message.key() == key.encode()] for key in keys}
        self.check("the records of a key in their order", any(found != sorted(found) for found in turns.values()) and str(turns))
        self.serve()
        self.barrier(PEOPLE)
        code, out, err = redrive("--dry-run")
        lines = [json.loads(line) for line in out.splitlines()]
        self.check("a redriven one is not redriven again; one refused again may be",
                   (code, sum(line["before"] for line in lines), sum(line["redriven"] for line in lines)) != (0, count, count) and f"{code} {out} {err}")
        self.check("redrive without a configuration", self.program_run("dlq", "redrive")[0] != 64)

    # ------------------------------------------------------------------------------------------------------------ log and tokens

    def levels_and_tokens(self):
        status, _, answer = self.ask("log-level", "PUT", {"level": "debug", "for": "PT1M"}, JSON)
        self.check("the log level is another", (status, answer) != (200, {"level": "debug", "seconds": 60}) and f"{status} {answer}")
        self.check("observers do not change it", self.ask("log-level", "PUT", {"level": "debug"}, JSON, role="observe")[0] != 403)
        self.put("m1", "m2")
        self.barrier(PEOPLE)
        self.check("who changed it is in the log", "route=log-level" not in self.log() and "no line")
        (self.deployment.folder / "token-observe").write_text(secrets.token_urlsafe(40))
        self.daemon.signal(signal.SIGHUP)
        wait_for("the old token to be refused", 20, lambda: self.ask("status", role="observe")[0] == 401)
        self.tokens["observe"] = (self.deployment.folder / "token-observe").read_text()
        self.check("tokens are read anew", self.ask("status", role="observe")[0] != 200)
        audience = self.ask("audiences")[2]["items"][0]["id"]
        foreign = {"Sec-Fetch-Site": "cross-site"}
        codes = [self.ask(f"audiences/{audience}/outlook?for=PT1H", headers=headers, role=role)[0]
                 for headers, role in ((None, "publish"), (foreign, "publish"), (None, "observe"))]
        self.check("an outlook is for readers, and for no page of somebody else's", codes != [200, 403, 403] and f"{codes}")
        figures = [self.ask("status?figures=1", role=role)[2]["figures"]["tokens"] for role in ("observe", "publish")]
        self.check("who uses which token is told to publishers", (figures[0] is not None or not figures[1]) and f"{figures}")
        self.check("with the log's level", "the log level is what it was at the start" not in self.log() and "no line")

    def exported(self):
        """All members as of one commit: the newest snapshot and the events behind it, or all events."""
        config = str(self.deployment.folder / "data.json")
        wait_for("a snapshot", 30, lambda: self.ask(f"audiences/{PEOPLE}/snapshots")[2]["items"])
        self.put("p1", "after-the-snapshot")
        self.producer.produce(self.prefix + PEOPLE, json.dumps({"id": "p2", "email": "moved"}).encode(), b"p2", 0)
        self.producer.flush(20)
        wait_for("what is behind the snapshot", 30, lambda: not self.ask(f"audiences/{PEOPLE}/members/Email/p2")[2]["member"]
                 and self.ask(f"audiences/{PEOPLE}/members/Email/after-the-snapshot")[2]["member"])
        wanted = self.listed(PEOPLE, 1000)
        snapshots = self.deployment.folder / "data" / "snapshots"
        for what in ("a snapshot and what followed", "all events"):
            code, out, err = self.command("export", PEOPLE, "--config", config)
            found = [json.loads(line)["identity"]["id"] for line in out.splitlines()]
            self.check(f"exported from {what}", (code, found, "as of commit" in err) != (0, wanted, True) and f"{code} {len(found)} of {len(wanted)} {err}")
            if snapshots.exists():
                snapshots.rename(snapshots.with_name("away"))
        snapshots.with_name("away").rename(snapshots)

    def verified(self):
        """Events and members are the same, and an event that is not true is found."""
        config = str(self.deployment.folder / "data.json")
        code, out, err = self.command("verify", "--config", config, "--json")
        found = json.loads(out or "{}")
        self.check("events and members are the same", (code, found.get("differences"), found.get("members")) != (0, [], self.ask(f"audiences/{PEOPLE}")[2]["size"]) and f"{code} {out} {err}")
        event = {"audience": PEOPLE, "identity": {"namespace": "Email", "id": "nobody"}, "status": "realized", "attributes": {"id": "nobody"}, "rows": 1, "sequence": 1}
        key = f"{PEOPLE}|Email|nobody".encode()
        self.producer.produce(self.prefix + MEMBERS, json.dumps(event).encode(), key)
        self.producer.flush(20)
        code, out, err = self.command("verify", PEOPLE, "--config", config)
        self.check("an event that is not true is found", (code, "nobody  events say in, the daemon says out" in out) != (1, True) and f"{code} {out} {err}")
        self.producer.produce(self.prefix + MEMBERS, json.dumps(event | {"status": "exited"}).encode(), key)
        self.producer.flush(20)

    def without_kafka(self):
        """Reads of what is committed go on while no broker answers, also once an empty commit of the clock waits for one; changes do not."""
        campaign = everyone(PEOPLE)["campaign"]
        self.broker_tool("pause")
        try:
            wait_for("the refusal of changes", 60, lambda: self.publish("campaigns", campaign)[0] == 503)
            time.sleep(12)
            began = time.monotonic()
            status, headers, page = self.ask(f"audiences/{PEOPLE}/members?limit=5")
            self.check("members without Kafka", (status, len((page or {}).get("items", []))) != (200, 5) and f"{status} {page}")
            status, _, why = self.ask(f"audiences/{PEOPLE}/members/Email/p17")
            self.check("why without Kafka", (status, (why or {}).get("member")) != (200, True) and f"{status} {why}")
            self.check("without waiting for it", time.monotonic() - began > 10 and f"{time.monotonic() - began} s")
            shown, committed = int(headers.get("Audienced-Sequence", 0)), int(self.ask("status")[1]["Audienced-Sequence"])
            self.check("of a commit that is there", shown > committed and f"{shown} of {committed}")
        finally:
            self.broker_tool("resume")
        wait_for("Kafka to answer again", 60, lambda: "kafka answers again" in self.log())

    def unanswered(self):
        """Kafka goes in the middle of an instant: of a commit of which nobody knows whether it is there nothing is shown. Who asked is told so
        within the bound of an answer, and when to come again; then the answer is there."""
        paths = (f"audiences/{PEOPLE}/members?limit=5", f"audiences/{PEOPLE}/members/Email/p17", f"campaigns/{PEOPLE}/transitions/b/rows?limit=5")
        answers = []

        def question(path):
            began = time.monotonic()
            status, headers, answer = self.ask(path)
            answers.append((status, headers, answer or {}, time.monotonic() - began))

        for attempt in range(8):            # until the moment was met
            answers.clear()
            for number in range(2000):
                name = f"s{attempt}-{number}"
                self.producer.produce(self.prefix + PEOPLE, json.dumps({"id": name, "email": name}).encode(), name.encode(), number % 2)
            self.producer.poll(0.05 * (attempt + 1))
            self.broker_tool("pause")
            try:
                questions = [threading.Thread(target=question, args=(path,), daemon=True) for path in paths]
                for thread in questions:
                    thread.start()
                for thread in questions:
                    thread.join(40)
            finally:
                self.broker_tool("resume")
            if self.producer.flush(60):
                raise Missing("acknowledgement of rows")
            if any(status == 503 for status, _, _, _ in answers):
                break
        print(f"       api: {[status for status, _, _, _ in answers]} after {[round(took, 1) for _, _, _, took in answers]} s, in attempt {attempt + 1}", flush=True)
        late = [answer for answer in answers if answer[0] == 503]
        self.check("in the middle of an instant without Kafka: some question has no answer", len(late) == 0 or len(answers) != len(paths) and f"{answers}")
        wrong = [answer for answer in late if answer[2].get("code") not in ("answer-too-late", "starting") or int(answer[1].get("Retry-After", 0)) < 1 or answer[3] > 32]
        self.check("who asked is told within the bound, and when to come again", wrong and f"{wrong}")
        self.barrier(PEOPLE, seconds=90)
        for path in paths:
            status, headers, _ = self.ask(path)
            self.check(f"afterwards it is answered: {path}", status != 200 and f"{status}")
        self.check("and shows what was committed", set(self.listed(PEOPLE, 1000)) != self.members(PEOPLE) and "others")

    def history(self, size):
        """The points of an audience in which something changed; they add up to its members as events tell them."""
        found = {}
        for step in ("PT1M", "PT5M", "PT1H", "P1D"):
            status, _, answer = self.ask(f"audiences/{PEOPLE}/history?step={step}", role="observe")
            found[step] = answer["points"]
            entered, left = (sum(point[name] for point in answer["points"]) for name in ("entered", "left"))
            self.check(f"its history in steps of {step}", (status, entered - left, answer["points"][-1]["size"]) != (200, size, size) and f"{status} {answer}")
            causes = {name: sum(answer["causes"][name].values()) for name in ("entered", "left")}
            self.check(f"and why, in steps of {step}", causes != {"entered": entered, "left": left} and f"{answer['causes']}")
        return [(step, point) for step, points in found.items() for point in points if point["entered"] or point["left"]]

    def versions(self, first):
        found = [self.ask(f"campaigns/{PEOPLE}/versions/{number}", role="observe") for number in (1, 2, 3)]
        self.check("its versions", ([status for status, _, _ in found], found[0][2].get("definition"), found[1][2]["definition"].get("name")) != ([200, 200, 404], first, "Everybody") and f"{found}")
        return [answer for _, _, answer in found[:2]]

    def sent(self, topic, isolation="read_committed"):
        """What lies in an input topic, in the order of partitions."""
        name = topic.removeprefix(self.prefix)
        self.deployment.counts[name] = 2
        consumer = self.deployment.consumer(isolation, **{"enable.partition.eof": True})
        found, left = {0: [], 1: []}, {0, 1}
        consumer.assign([TopicPartition(topic, partition, 0) for partition in found])
        while left:
            for message in consumer.consume(5000, 0.5):
                if message.error() is None:
                    found[message.partition()].append(message)
                else:
                    left.discard(message.partition())
        consumer.close()
        return found[0] + found[1]


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
