"""Figures from outside, by hand, on a real broker: what an open page costs, and how far behind its numbers are, while much changes.

    python3 Tests/Console/live.py PROGRAM [--people 100000] [--rounds 3] [--seconds 15] [--changes 10000] [--browser /usr/bin/chromium]

The world is that of asked.py: people, each with a purchase, and an audience of a window over these. --changes go in every second: nine of ten
mark somebody, one moves a purchase out of the window, of one after the other, and later back: the size of the audience moves one way for long, so
that each size is of one time. In turns, without a page and with one in a browser without a screen, first that of the audience, then that of the
campaign:

* from before a mark is sent until its committed event is read: p50 and p99, with beside without;
* the processor time of the page (its renderer), from /proc, in parts of a core; that of the whole browser beside it;
* how old the numbers are that the page shows: since when the API shows later ones, looked at ten times a second."""
import argparse
import http.client
import json
import os
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Kafka"))
from asked import AUDIENCE, Asked  # noqa: E402
from broker import Broker, wait_for  # noqa: E402

DAY_MILLISECONDS = 86_400_000
TICKS = os.sysconf("SC_CLK_TCK")
# Each page: where it lies, the stream that it follows is its own, and the element that holds the number which is looked at.
PAGES = {
    "audience": (f"audiences/{AUDIENCE}", "[data-value='audience.size']"),
    "campaign": (f"campaigns/{AUDIENCE}", ".picture .count"),
}


def processes():
    """(number, number of its parent, command line) of each"""
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            yield int(folder.name), int((folder / "stat").read_text().rpartition(")")[2].split()[1]), (folder / "cmdline").read_text()
        except OSError:
            continue


def browser_processes():
    """Those that descend from this one, by whether they draw a page."""
    everything = list(processes())
    own, open_numbers = {}, [os.getpid()]
    while open_numbers:
        parent = open_numbers.pop()
        for number, other, command in everything:
            if other == parent and number not in own:
                own[number] = command
                open_numbers.append(number)
    found = {number: "--type=renderer" in command for number, command in own.items() if "chrom" in command.split("\0")[0]}
    return [n for n, draws in found.items() if draws], list(found)


def seconds_of(numbers):
    """The processor time of processes, with their threads."""
    total = 0
    for number in numbers:
        try:
            total += sum(map(int, pathlib.Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[11:13]))
        except OSError:
            continue
    return total / TICKS


class Live(Asked):
    def changes(self, rate):
        """Marks people, and moves purchases of one after the other, so many a second; a mark is when."""
        number, began = 0, time.monotonic()
        while not self.stop.is_set():
            while number < (time.monotonic() - began) * rate:
                if number % 10 == 0:
                    sweep, person = divmod(number // 10, self.options.people)
                    at = int(time.time() * 1000) - (40 if sweep % 2 == 0 else 1) * DAY_MILLISECONDS
                    self.send("purchases", person, {"id": f"{person}", "person": f"{person}", "at": at})
                else:
                    person = random.randrange(self.options.people)
                    self.send("people", person, {"id": f"{person}", "email": f"{person}@x.fr", "mark": f"{time.monotonic_ns()}"})
                number += 1
            self.producer.poll(0)
            time.sleep(0.001)
        self.producer.flush(30)
        self.sent_per_second = number / (time.monotonic() - began)

    def shown_by_the_api(self):
        """Notes what the API shows of the audience, as it changes: when, and how many are in."""
        connection = http.client.HTTPConnection(self.address, timeout=30)
        while not self.stop.is_set():
            connection.request("GET", f"/api/v1/audiences/{AUDIENCE}", headers=self.authorization)
            answer = connection.getresponse()
            size = json.loads(answer.read())["size"]
            if not self.sizes or self.sizes[-1][1] != size:
                self.sizes.append((time.monotonic(), size))
            time.sleep(0.02)
        connection.close()

    def age(self, size):
        """For how long there has been something newer than this size; None: it is no size of the last minute. Of a size between two looks of
        the API's, which moves one way, the later look knew better."""
        now, sizes = time.monotonic(), self.sizes[-3000:]
        for place in range(len(sizes) - 1, -1, -1):
            if sizes[place][1] == size:
                return 0.0 if place == len(sizes) - 1 else now - sizes[place + 1][0]
            if place and min(sizes[place - 1][1], sizes[place][1]) < size < max(sizes[place - 1][1], sizes[place][1]):
                return now - sizes[place][0]
        # The page was told before the API was looked at.
        return 0.0 if sizes and abs(size - sizes[-1][1]) < abs(size - sizes[0][1]) else None

    def ages(self, page, selector, seconds):
        """Of the number on the page, ten times a second."""
        found, missed = [], 0
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            age = self.age(int(page.text_content(selector).split()[0].replace(",", "")))
            missed += age is None
            found += [] if age is None else [age]
            time.sleep(0.1)
        if len(found) < seconds:
            raise SystemExit(f"of the numbers on the page only {len(found)} were ever shown by the API, {missed} were not")
        found.sort()
        return f"half at most {found[len(found) // 2]:.2f} s, 99 % {found[len(found) * 99 // 100]:.2f} s, at most {found[-1]:.2f} s ({len(found)} looks, {missed} at sizes that the API never showed)"

    def with_page(self, context, name):
        """What commits take, and the processor's part that the page has, with a page open that nobody touches; then how old its numbers are."""
        path, selector = PAGES[name]
        page = context.new_page()
        # The token is asked for where people begin.
        page.goto(f"http://{self.address}/")
        page.goto(f"http://{self.address}/{path}")
        page.wait_for_function("() => document.getElementById('live').textContent === '● live'")
        time.sleep(2)
        drawing, whole = browser_processes()
        before = time.monotonic(), seconds_of(drawing), seconds_of(whole)
        found = self.measure(self.options.seconds)
        elapsed = time.monotonic() - before[0]
        parts = [(seconds_of(numbers) - was) / elapsed for numbers, was in ((drawing, before[1]), (whole, before[2]))]
        print(f"  {name}: the page takes {parts[0]:.1%} of a core, the whole browser {parts[1]:.1%}", flush=True)
        print(f"  {name}: its number is old by {self.ages(page, selector, self.options.seconds)}", flush=True)
        page.close()
        return found, parts[0]

    def turns(self, browser):
        self.stop.clear()
        self.sizes = []
        threads = [threading.Thread(target=self.changes, args=(self.options.changes,), daemon=True)]
        threads += [threading.Thread(target=work, daemon=True) for work in (self.read, self.shown_by_the_api)]
        for thread in threads:
            thread.start()
        time.sleep(5)
        wait_for("a size that moves", 30, lambda: len(self.sizes) > 5)
        origin = f"http://{self.address}"
        context = browser.new_context(http_credentials={"username": "anybody", "password": self.tokens["publish"], "origin": origin})
        for name in PAGES:
            ratios, parts = {"p50": [], "p99": []}, []
            for number in range(self.options.rounds):
                found = {}
                for is_open in (False, True) if number % 2 == 0 else (True, False):
                    if is_open:
                        found[True], part = self.with_page(context, name)
                        parts.append(part)
                    else:
                        time.sleep(2)
                        found[False] = self.measure(self.options.seconds)
                for which in ratios:
                    ratios[which].append(found[True][which] / found[False][which])
                print(f"  {name}, round {number + 1}: without {found[False]}, with {found[True]}", flush=True)
            told = ", ".join(f"{which} {statistics.median(values):.2f}" for which, values in ratios.items())
            print(f"{name}: with the page, beside without (median of pairs): {told}; the page takes {statistics.median(parts):.1%} of a core", flush=True)
        context.close()
        self.stop.set()
        for thread in threads:
            thread.join(40)
        print(f"{self.sent_per_second:,.0f} changes/s went in", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=pathlib.Path)
    parser.add_argument("--people", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=15)
    parser.add_argument("--changes", type=int, default=10_000)
    parser.add_argument("--browser", default="/usr/bin/chromium")
    options = parser.parse_args()
    with Broker() as broker, tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        live = Live(options, broker, folder)
        # As root, in a container, the browser's own cage cannot be built.
        browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
        try:
            live.fill()
            live.turns(browser)
        finally:
            browser.close()
            for daemon in live.daemons:
                daemon.kill()


if __name__ == "__main__":
    main()
