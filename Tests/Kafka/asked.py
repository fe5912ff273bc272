"""Figures from outside, by hand, on the real broker: what it costs commits that the daemon is asked. Prints ratios, and what must not be.

    python3 Tests/Kafka/asked.py PROGRAM [--people 100000] [--rounds 4] [--seconds 15] [--rate 1000] [--connections 16]

people, each with a purchase, and an audience of a window over these. Changes go in at 1,000/s all the time; each is timed from before it is
sent until its committed event is read. In turns, without and with: lists, members and explanations at --rate requests/s (wrk), and 32 streams of
events. Then 10,000 changes/s go in while all members are listed through pages, and 500 connections that send half a head and no more
while /readyz is asked."""
import argparse
import functools
import http.client
import json
import pathlib
import random
import re
import socket
import statistics
import subprocess
import tempfile
import threading
import time

from api import Api
from broker import Broker, wait_for
from checks import Checks

AUDIENCE = "buyers"
STREAMS = 32
HALF_HEADS = 500
SCRIPT = """
local paths = {%s}
local place = 0
function request() place = place %% #paths + 1; return wrk.format("GET", paths[place]) end
function delay() return %d end
"""


def schema(name, fields, **more):
    return {"type": "schema.published", "schema": {"name": name, "primaryKey": ["id"], "fields": [{"name": n, "type": t} for n, t in fields], **more}}


class Asked(Api):
    def __init__(self, options, broker, folder):
        super().__init__(options.program.resolve(), broker, folder, Checks(), "asked")
        self.options, self.waits, self.sent, self.stop = options, [], {}, threading.Event()

    def fill(self):
        for topic in ("people", "purchases"):
            self.create(topic, 2)
        self.serve(changes=(("people", "people"), ("purchases", "purchases")))
        self.control(
            schema("people", [("id", "string"), ("email", "string"), ("mark", "string")], identities=[{"field": "email", "namespace": "Email"}]),
            schema("purchases", [("id", "string"), ("person", "string"), ("at", "datetime")],
                   links=[{"name": "buyer", "to": "people", "on": {"person": "id"}, "reverse": "purchases"}]),
            {"type": "campaign.published", "campaign": {"id": AUDIENCE, "activities": [
                {"id": "b", "type": "build-audience", "dimension": "people", "filter": "EXISTS(purchases WHERE at >= DaysAgo(30))"},
                {"id": "s", "type": "save-audience", "from": "b", "audience": {"id": AUDIENCE}, "identity": {"field": "email", "namespace": "Email"},
                 "attributes": [{"name": "mark", "source": "mark"}]}]}})
        now = int(time.time() * 1000)
        for number in range(self.options.people):
            self.send("people", number, {"id": f"{number}", "email": f"{number}@x.fr"})
            self.send("purchases", number, {"id": f"{number}", "person": f"{number}", "at": now - random.randrange(20 * 86_400_000)})
            if number % 1000 == 0:
                self.producer.poll(0)
        self.producer.flush(60)
        wait_for("all members", 120, lambda: self.ask(f"audiences/{AUDIENCE}")[2].get("size") == self.options.people)

    def send(self, topic, number, row):
        while True:
            try:
                return self.producer.produce(self.prefix + topic, json.dumps(row).encode(), f"{number}".encode(), number % 2)
            except BufferError:
                self.producer.poll(0.05)

    def changes(self, rate):
        """Marks people, so many a second; the mark is when."""
        number, began = 0, time.monotonic()
        while not self.stop.is_set():
            while number < (time.monotonic() - began) * rate:
                person = random.randrange(self.options.people)
                self.send("people", person, {"id": f"{person}", "email": f"{person}@x.fr", "mark": f"{time.monotonic_ns()}"})
                number += 1
            self.producer.poll(0)
            time.sleep(0.001)
        self.producer.flush(30)

    def read(self):
        """Reads committed events as they come, and notes how long each change took."""
        consumer = self.deployment.consumer("read_committed", **{"fetch.wait.max.ms": 5, "auto.offset.reset": "latest"})
        consumer.subscribe([self.prefix + "audience-members"])
        while not self.stop.is_set():
            for message in consumer.consume(1000, 0.01):
                if message.error() is None and message.value():
                    mark = json.loads(message.value()).get("attributes", {}).get("mark")
                    if mark:
                        self.waits.append((time.monotonic_ns() - int(mark)) / 1e6)
        consumer.close()

    def measure(self, seconds):
        del self.waits[:]
        time.sleep(seconds)
        waits = sorted(self.waits)
        if len(waits) < 100:
            raise SystemExit(f"only {len(waits)} events were read")
        return {"p50": waits[len(waits) // 2], "p99": waits[len(waits) * 99 // 100], "count": len(waits)}

    def follow(self):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request("GET", "/api/v1/events?for=audiences", headers=self.authorization)
        answer = connection.getresponse()
        while answer.status == 200 and not self.quiet.is_set() and answer.readline():
            pass
        connection.close()

    @property
    def authorization(self):
        return {"Authorization": f"Bearer {self.tokens['publish']}"}

    def asking(self, seconds):
        """Starts wrk and the streams; returns wrk."""
        self.quiet = threading.Event()
        for _ in range(STREAMS):
            threading.Thread(target=self.follow, daemon=True).start()
        paths = ["/api/v1/audiences", "/api/v1/campaigns", f"/api/v1/audiences/{AUDIENCE}/members?limit=100"]
        paths += [f"/api/v1/audiences/{AUDIENCE}/members/Email/{random.randrange(self.options.people)}@x.fr" for _ in range(3)]
        self.script = SCRIPT.replace("%s", ", ".join(f'"{path}"' for path in paths))
        return self.wrk(seconds, self.pause)

    def wrk(self, seconds, pause_milliseconds):
        script = self.deployment.folder / "asked.lua"
        script.write_text(self.script % pause_milliseconds)
        return subprocess.Popen(["wrk", "-t1", f"-c{self.options.connections}", f"-d{seconds}s", "--latency", "-s", str(script), "-H",
                                 f"Authorization: {self.authorization['Authorization']}", f"http://{self.address}"], stdout=subprocess.PIPE, text=True)

    @functools.cached_property
    def pause(self):
        """How long each connection waits between two requests: wrk knows no rate, and an answer about state takes as long as a commit."""
        between = self.options.connections * 1000 / self.options.rate
        text = self.wrk(5, round(between)).communicate()[0]
        answer = self.options.connections * 1000 / float(re.search(r"Requests/sec: *([0-9.]+)", text)[1]) - round(between)
        return max(0, round(between - answer))

    def pairs(self):
        threads = [threading.Thread(target=self.changes, args=(1000,), daemon=True), threading.Thread(target=self.read, daemon=True)]
        for thread in threads:
            thread.start()
        time.sleep(5)
        ratios = {"p50": [], "p99": []}
        for number in range(self.options.rounds):
            found = {}
            for isAsked in (False, True) if number % 2 == 0 else (True, False):
                wrk = self.asking(self.options.seconds + 4) if isAsked else None
                time.sleep(2)
                found[isAsked] = self.measure(self.options.seconds)
                if wrk:
                    self.quiet.set()
                    text = wrk.communicate()[0]
                    asked = {line.split(":")[0].strip(): line.split(":")[1].strip() for line in text.splitlines() if ":" in line}
                    rest = [line.strip() for line in text.splitlines() if line.strip()[:3] in ("50%", "99%") or "Non-2xx" in line or "Socket" in line]
                    print(f"  wrk: {asked.get('Requests/sec')} requests/s, {', '.join(rest)}", flush=True)
            for part in ratios:
                ratios[part].append(found[True][part] / found[False][part])
            print(f"round {number + 1}: without {found[False]}, with {found[True]}", flush=True)
        self.stop.set()
        for thread in threads:
            thread.join(40)
        print("with, beside without (median of pairs): " + ", ".join(f"{part} {statistics.median(values):.2f}" for part, values in ratios.items()), flush=True)

    def pages(self):
        """All members, in pages of 1,000, while 10,000 changes/s go in."""
        self.stop.clear()
        thread = threading.Thread(target=self.changes, args=(10_000,), daemon=True)
        thread.start()
        time.sleep(2)
        for _ in range(3):
            began = time.monotonic()
            found = self.listed(AUDIENCE, 1000)
            wanted = sorted(f"{number}@x.fr" for number in range(self.options.people))
            print(f"{len(found)} members listed in {time.monotonic() - began:.2f} s; in order, all of them, each once: {found == wanted}", flush=True)
        self.stop.set()
        thread.join(40)

    def half_heads(self):
        """How long /readyz takes, alone and beside connections that send half a head; these are closed within seconds, so they come again."""
        host, port = self.address.split(":")

        def ready():
            times = []
            for _ in range(200):
                began = time.monotonic()
                connection = http.client.HTTPConnection(self.address, timeout=10)
                connection.request("GET", "/readyz")
                status = connection.getresponse().status
                connection.close()
                times.append((time.monotonic() - began) * 1000)
                if status != 200:
                    raise SystemExit(f"/readyz says {status}")
                time.sleep(0.005)
            return f"p50 {statistics.median(times):.2f} ms, worst {max(times):.2f} ms"

        print(f"/readyz alone: {ready()}", flush=True)
        sockets = []
        for _ in range(HALF_HEADS):
            connection = socket.create_connection((host, int(port)))
            connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: ")
            sockets.append(connection)
        print(f"beside {len(sockets)} half heads: {ready()}", flush=True)
        for connection in sockets:
            connection.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--rate", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=16)
    options = parser.parse_args()
    with Broker() as broker, tempfile.TemporaryDirectory() as folder:
        asked = Asked(options, broker, folder)
        try:
            asked.fill()
            asked.half_heads()
            asked.pairs()
            asked.pages()
        finally:
            for daemon in asked.daemons:
                daemon.kill()


if __name__ == "__main__":
    main()
