"""Goal: the console as people meet it: every page, light and dark, wide and 390 pixels narrow, with and without its script, by keyboard alone.

    python3 Tests/Console/console.py PROGRAM [--screenshots FOLDER] [--picture FILE] [--browser /usr/bin/chromium]

Method: a real browser without a screen before `audienced demo`, which is the real daemon with a small shop. Of each page: axe finds nothing; no
request leaves the origin; nothing scrolls sideways; the browser's console is silent; the same facts stand there without the script; no text
was taken for markup and no markup for text. Then what people do: follow numbers, pause, lose the connection, find, ask, publish.
--picture writes the one that README begins with, and tests nothing: a campaign, once the demo has told its story."""
import argparse
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Kafka"))
from checks import Checks  # noqa: E402

PAGES = {
    "audiences": "", "found": "?q=gift&state=live", "found nothing": "?q=nobody", "audience": "audiences/recent-buyers",
    "members found": "audiences/recent-buyers?prefix=a", "ask": "audiences/gift/ask", "why in": "audiences/gift/ask?kind=identity&who=fay%40example.com",
    "why not": "audiences/gift/ask?who=eve%40example.com", "why not by key": "audiences/recent-buyers/ask?kind=key&who=ben",
    "unknown person": "audiences/gift/ask?who=%3Cscript%3Ealert(1)%3C%2Fscript%3E", "history": "audiences/recent-buyers/history?step=PT1M",
    "history of a month": "audiences/recent-buyers/history?step=P1D", "outlook": "audiences/recent-buyers/outlook",
    "looking ahead": "audiences/recent-buyers/outlook?for=P7D", "nobody leaves": "audiences/gift-holdout/outlook?for=PT1H",
    "follow": "audiences/gift/follow", "campaigns": "campaigns",
    "campaign": "campaigns/gift", "large campaign": "campaigns/large", "activity": "campaigns/gift/activities/best",
    "activity that saves": "campaigns/gift/activities/save", "version": "campaigns/gift/versions/1", "second version": "campaigns/large/versions/2",
    "system": "system", "dead letters": "system/dead-letters", "dead letters by reason": "system/dead-letters?topic=campaign-publish&reason=rejected",
    "publish": "publish", "manual": "manual", "manual, code": "manual/first-campaign", "manual, tables": "manual/expressions",
    "manual, activity": "manual/save-audience", "manual, contract": "manual/contract"}
MISSING = {"no page": "nowhere", "no article": "manual/nobody", "no audience": "audiences/nobody", "no campaign": "campaigns/nobody", "no activity": "campaigns/gift/activities/nobody"}
# Without scripts at all axe, which is one, cannot look: it does where the page's own is missing.
VIEWS = {
    "light": (1280, "light", "runs"), "dark": (1280, "dark", "runs"), "narrow": (390, "light", "runs"), "narrow dark": (390, "dark", "runs"),
    "without its script": (390, "light", "missing"), "without scripts": (1280, "light", "off")}


def large(count, label):
    """A campaign of that many activities: a row of splits, put together at the end."""
    activities = [{"id": "all", "label": label, "type": "build-audience", "dimension": "customers", "filter": "country = 'FR' OR country = 'DE'"}]
    ends = []
    for number in range((count - 3) // 2):
        source = "all" if number < 4 else f"s{number // 4}.b"
        activities.append({"id": f"s{number}", "type": "split", "from": source, "complement": True, "subsets": [{"name": "b", "sample": {"percent": 50}}]})
        activities.append({"id": f"e{number}", "type": "enrichment", "from": f"s{number}.complement", "columns": [{"name": f"c{number}", "value": "country"}]})
        ends.append(f"e{number}")
    activities.append({"id": "together", "type": "combine", "operation": "union", "from": ends})
    activities.append({"id": "save", "type": "save-audience", "from": "together", "audience": {"id": "large"}, "identity": {"field": "email", "namespace": "Email"}})
    return {"id": "large", "activities": activities}


class Console:
    def __init__(self, options):
        self.options = options
        self.checks = Checks()
        self.program = subprocess.Popen([options.program, "demo"], stdout=subprocess.PIPE, text=True, env=os.environ | {"TERM": "dumb"})
        lines = [self.program.stdout.readline() for _ in range(4)]
        self.address = re.search(r"http://\S+", lines[2]).group()
        self.token = lines[3].split()[-1]
        # Else the program waits for somebody to read.
        self.output = tempfile.TemporaryFile("w+")
        self.reader = subprocess.Popen(["cat"], stdin=self.program.stdout, stdout=self.output)

    def check(self, name, problem):
        self.checks.add(name, [problem] if isinstance(problem, str) else problem if isinstance(problem, list) else ["no"] if problem else [])

    def context(self, browser, width=1280, scheme="light", script="runs", **more):
        """A fresh browser whose every request, error and message is noted."""
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script != "off", **more)
        context.set_default_timeout(15000)
        self.noted = []

        def route(route):
            if not route.request.url.startswith(self.address):
                self.noted.append(f"asks {route.request.url}")
                return route.abort()
            if script == "missing" and route.request.url.endswith("/console.js"):
                return route.fulfill(body="", content_type="text/javascript")
            return route.continue_()
        context.route("**/*", route)
        context.on("console", lambda message: self.noted.append(f"console: {message.text}") if message.type in ("error", "warning") else None)
        context.on("weberror", lambda error: self.noted.append(f"error: {error.error}"))
        return context

    def publish(self, definition):
        request = urllib.request.Request(self.address + "api/v1/campaigns", json.dumps(definition).encode(), {"Content-Type": "application/json", "Authorization": "Bearer " + self.token})
        return json.load(urllib.request.urlopen(request))

    def looks(self, page, has_axe=True):
        """What is wrong with a page as it stands."""
        found = []
        width = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if width[0] > width[1]:
            found.append(f"scrolls sideways: {width[0]} of {width[1]}")
        for violation in Axe().run(page).response["violations"] if has_axe else []:
            found.append(f"axe: {violation['id']}: " + "; ".join(node["html"][:120] for node in violation["nodes"][:3]))
        source = page.content()
        found += [f"markup was taken for text: {match}" for match in re.findall(r"HTML\(|Optional\(|&lt;(?:span|b|a|td|code|p|li)\b", source)[:3]]
        if re.search(r"\sstyle=|<style|\son\w+=\"", source):
            found.append("styles or handlers stand in the markup")
        return found

    def facts(self, page):
        """What does not move while one looks: headings, the first column of each table, questions and answers."""
        return page.eval_on_selector_all("main h1, main h2, main h3, main thead th, main tbody th, main .notice p, main .verdict", "all => all.filter(e => !e.closest('noscript')).map(e => e.textContent.trim())")

    def pages(self, browser):
        facts = {}
        for view, (width, scheme, script) in VIEWS.items():
            context = self.context(browser, width, scheme, script)
            page = context.new_page()
            found = []
            for name, path in (PAGES | MISSING).items():
                self.noted.clear()
                answer = page.goto(self.address + path)
                page.wait_for_load_state("load")
                if script == "runs" and name not in MISSING:
                    page.wait_for_timeout(100)
                wanted = 404 if name in MISSING else 200
                problems = self.looks(page, script != "off") + [note for note in self.noted if name not in MISSING or "404" not in note]
                if answer.status != wanted:
                    problems.append(f"status {answer.status}")
                csp = answer.headers.get("content-security-policy", "")
                if not csp.startswith("default-src 'none'") or answer.headers.get("cache-control") != "no-store":
                    problems.append(f"headers {answer.headers}")
                if name not in ("system", "audience", "members found", "history", "looking ahead", "why not by key"):
                    # The demo goes on: what has only just come is no difference.
                    facts.setdefault(name, (view, self.facts(page)))
                    if len(self.facts(page)) != len(facts[name][1]):
                        problems.append(f"other facts than {facts[name][0]}: {set(self.facts(page)) ^ set(facts[name][1])}")
                if self.options.screenshots:
                    page.screenshot(path=f"{self.options.screenshots}/{name} {view}.png", full_page=True)
                found += [f"{name}: {problem}" for problem in problems]
            self.check(f"every page, {view}", found)
            context.close()

    def manual(self, browser):
        """Every article, where it is narrowest: what leads into it leads to a heading that is there."""
        context = self.context(browser, 390)
        page = context.new_page()
        page.goto(self.address + "manual")
        paths = page.eval_on_selector_all(".article li a", "all => all.map(e => e.getAttribute('href'))")
        found = [] if len(paths) > 25 else [f"only {len(paths)} articles"]
        for path in paths:
            page.goto(self.address + path[1:])
            found += [f"{path}: {problem}" for problem in self.looks(page)]
            found += page.eval_on_selector_all("main a[href^='#']", "all => all.map(e => e.getAttribute('href')).filter(h => !document.getElementById(h.slice(1)))")
            found += page.eval_on_selector_all("main a[href^='/']", "(all, known) => all.map(e => e.getAttribute('href')).filter(h => !known.includes(h))", paths + ["/manual"])
        self.check("every article of the manual", found)
        context.close()

    def keyboard(self, browser):
        context = self.context(browser)
        page = context.new_page()
        page.goto(self.address)
        page.keyboard.press("Tab")
        skip = page.evaluate("document.activeElement.textContent")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        inside = page.evaluate("document.querySelector('main').contains(document.activeElement)")
        self.check("the first key skips to the content", (skip, inside) != ("Skip to the content", True) and f"{skip} {inside}")
        found = []
        for path in ("", "audiences/recent-buyers", "campaigns/gift", "system", "publish", "manual/downstream"):
            page.goto(self.address + path)
            page.wait_for_timeout(200)
            wanted = page.eval_on_selector_all("a[href], button, input, select, textarea, summary, [tabindex]", "all => all.filter(e => !e.disabled && e.checkVisibility({visibilityProperty: true})).length")
            reached = set()
            for _ in range(wanted + 5):
                page.keyboard.press("Tab")
                seen = page.evaluate("""() => { const e = document.activeElement; if (e === document.body) return null;
                    const s = getComputedStyle(e), r = e.querySelector?.("rect"), box = e.getBoundingClientRect();
                    const all = [...document.querySelectorAll("*")];
                    return [all.indexOf(e), s.outlineStyle !== "none" || (r && getComputedStyle(r).strokeWidth === "4px"), box.width > 0, e.outerHTML.slice(0, 80)]; }""")
                if seen is None:
                    continue
                reached.add(seen[0])
                if not seen[1] or not seen[2]:
                    found.append(f"{path}: nothing shows the focus of {seen[3]}")
            if len(reached) < wanted:
                found.append(f"{path}: {len(reached)} of {wanted} are reached")
        self.check("all is reached by the key Tab, and shows it", found)
        page.goto(self.address + "audiences/gift/ask")
        page.focus("#who")
        page.keyboard.type("eve@example.com")
        page.keyboard.press("Enter")
        page.wait_for_selector(".verdict")
        self.check("somebody is asked about by keyboard", "is not a member" not in page.text_content(".verdict") and page.text_content(".verdict"))
        context.close()

    def live(self, browser):
        context = self.context(browser)
        page = context.new_page()
        page.goto(self.address)
        number = "[data-value='audiences.buying-now.size']"
        first = page.text_content(number)
        page.wait_for_function("([selector, first]) => document.querySelector(selector).textContent !== first", arg=[number, first])
        self.check("a number follows without a reload", page.text_content("#live") != "● live" and page.text_content("#live"))
        page.click("#pause")
        page.wait_for_timeout(700)
        stood = page.text_content("main table")
        page.wait_for_timeout(4000)
        self.check("paused numbers stand", (page.text_content("main table") != stood or "paused" not in page.text_content("#live")) and page.text_content("#live"))
        page.click("#pause")
        page.wait_for_function("stood => document.querySelector('main table').textContent !== stood", arg=stood)
        page.fill("#q", "holdout")
        shown = page.eval_on_selector_all("main tbody tr", "rows => rows.filter(r => !r.hidden).length")
        self.check("rows are found while one types", shown != 1 and f"{shown} rows")
        self.check("how long ago it was stands where an instant stood", not page.text_content("time[data-ago]").endswith((" ago", "now")) and page.text_content("time[data-ago]"))
        # Only the stream can bring other numbers.
        page.route("**/campaigns/buying-now", lambda route: route.abort() if route.request.resource_type == "fetch" else route.continue_())
        page.goto(self.address + "campaigns/buying-now")
        before = page.text_content(".picture .count")
        page.wait_for_function("before => document.querySelector('.picture .count').textContent !== before", arg=before, timeout=60000)
        self.check("counts of the picture follow", page.text_content(".picture .count").split()[0] != page.text_content("[data-part=transitions] [data-value]") and "not those of the table")
        context.close()

    def looking_ahead(self, browser):
        """How many leave by themselves: asked from the page of the audience, and then seen."""
        context = self.context(browser)
        page = context.new_page()
        page.goto(self.address + "audiences/buying-now")
        page.select_option("#for", "PT1H")
        page.click("text=Look ahead")
        page.wait_for_selector(".verdict")
        # Its window is of seconds: nobody stays for an hour.
        told = page.text_content(".verdict").split()
        self.check("who leaves by itself is counted", ("In an hour" not in page.text_content("main") or told[0] not in ("Nobody", told[2])) and " ".join(told))
        context.close()

    def too_many_streams(self, browser):
        """A refused stream is not tried again by browsers: the page asks instead, and says so."""
        streams, code = [], None
        # Pages that were closed a moment ago give back theirs in between.
        for _ in range(4):
            try:
                while len(streams) < 40:
                    streams.append(urllib.request.urlopen(self.address + "api/v1/events?for=system"))
            except urllib.error.HTTPError as error:
                code = error.code
            time.sleep(1)
        self.check("streams are refused when there are too many", code != 429 and f"{code}")
        context = self.context(browser)
        page = context.new_page()
        page.goto(self.address)
        page.wait_for_function("() => document.getElementById('live').textContent.includes('asks every')")
        before = page.text_content("#commit")
        page.wait_for_function("before => document.getElementById('commit').textContent !== before", arg=before, timeout=60000)
        self.check("without a stream the page asks, and says so", [note for note in self.noted if "429" not in note])
        for stream in streams:
            stream.close()
        context.close()

    def publishing(self, browser):
        context = self.context(browser, http_credentials={"username": "anybody", "password": self.token, "origin": self.address[:-1]})
        page = context.new_page()
        page.goto(self.address + "publish")
        definition = {"id": "french", "activities": [
            {"id": "who", "type": "build-audience", "dimension": "customers", "filter": "country = 'FR'"},
            {"id": "save", "type": "save-audience", "from": "who", "audience": {"id": "french"}, "identity": {"field": "emial", "namespace": "Email"}}]}
        text = json.dumps(definition, indent=1)
        page.fill("#definition", text)
        page.click("#publish button")
        page.wait_for_selector("#result .notice")
        line = text[:text.index("emial")].count("\n") + 1
        shown = page.text_content("#result")
        self.check("a problem stands at its line, with its hint", (f"Line {line}:" not in shown or "did you mean email?" not in shown) and shown)
        page.fill("#definition", text[:-3])
        page.click("#publish button")
        page.wait_for_function("() => document.getElementById('told').textContent === 'That is no definition.'")
        self.check("what is no JSON is shown where it ends", "expected" not in page.text_content("#result") and page.text_content("#result"))
        page.fill("#definition", text.replace("emial", "email"))
        page.click("#publish button")
        page.wait_for_selector("#go")
        plan, problems = page.text_content("#result"), self.looks(page)
        if self.options.screenshots:
            page.screenshot(path=f"{self.options.screenshots}/plan light.png", full_page=True)
        self.check("the plan says who would enter", (("a new campaign" not in plan or "french" not in plan) and plan) or problems)
        page.click("#go")
        page.wait_for_url("**/campaigns/french")
        self.check("it is published, and shown", page.text_content("h1") != "french" and page.text_content("h1"))
        page.goto(self.address + "publish")
        page.fill("#definition", json.dumps(definition | {"activities": [definition["activities"][0] | {"filter": "country = 'FR' AND household = 'eve and fay'"}, definition["activities"][1] | {"identity": {"field": "email", "namespace": "Email"}}]}))
        page.click("#publish button")
        page.wait_for_selector("#go")
        self.publish(definition | {"name": "faster", "activities": [definition["activities"][0], definition["activities"][1] | {"identity": {"field": "email", "namespace": "Email"}}]})
        page.click("#go")
        page.wait_for_function("() => document.getElementById('told').textContent.startsWith('Not published.')")
        self.check("who was slower than somebody else publishes nothing", "version 2 is live" not in page.text_content("#told") and page.text_content("#told"))
        context.close()
        # Without any, a browser with a screen would show its dialog.
        context = self.context(browser, http_credentials={"username": "anybody", "password": "w" * 32, "origin": self.address[:-1]})
        page = context.new_page()
        page.goto(self.address + "publish")
        page.fill("#definition", text.replace("emial", "email"))
        page.click("#publish button")
        page.wait_for_selector("#go")
        page.click("#go")
        page.wait_for_function("() => document.getElementById('told').textContent.startsWith('Not published.')")
        self.check("with another token nothing is published", "token" not in page.text_content("#told") and page.text_content("#told"))
        context.close()

    def files(self):
        script = urllib.request.urlopen(self.address + "console.js")
        size = len(script.read())
        self.check("the script has at most 10 kB", size > 10000 and f"{size} bytes")
        request = urllib.request.Request(self.address + "console.css", headers={"If-None-Match": urllib.request.urlopen(self.address + "console.css").headers["ETag"]})
        try:
            status = urllib.request.urlopen(request).status
        except urllib.error.HTTPError as error:
            status = error.code
        self.check("a browser that has the stylesheet is not sent it again", status != 304 and f"{status}")

    def picture(self, browser):
        """What README begins with."""
        context = self.context(browser, 1100)
        page = context.new_page()
        page.goto(self.address)
        page.wait_for_selector("text=gift-france", timeout=90000)
        page.goto(self.address + "campaigns/gift")
        # Until its last line the demo says who comes and goes.
        page.wait_for_timeout(15000)
        page.screenshot(path=self.options.picture, clip={"x": 0, "y": 0, "width": 1100, "height": 720}, full_page=True)
        size = pathlib.Path(self.options.picture).stat().st_size
        self.check("the picture is small", size > 150_000 and f"{size} bytes")
        context.close()

    def run(self, browser):
        # Somebody looks from the beginning to the end, so the shop stays open.
        watching = self.context(browser).new_page()
        watching.goto(self.address)
        watching.wait_for_selector("text=buying-now", timeout=90000)
        self.publish(large(60, "everybody"))
        self.publish(large(60, "everybody in two countries"))
        watching.wait_for_timeout(8000)
        self.live(browser)
        self.looking_ahead(browser)
        self.pages(browser)
        self.manual(browser)
        self.keyboard(browser)
        self.too_many_streams(browser)
        self.publishing(browser)
        self.files()
        self.check("the shop stays open while somebody looks", self.program.poll() is not None)
        self.program.send_signal(signal.SIGINT)
        self.check("and ends at Ctrl-C", self.program.wait(20) != 0 and f"exit {self.program.returncode}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--screenshots")
    parser.add_argument("--picture")
    parser.add_argument("--browser", default="/usr/bin/chromium")
    options = parser.parse_args()
    if options.screenshots:
        pathlib.Path(options.screenshots).mkdir(parents=True, exist_ok=True)
    console = Console(options)
    try:
        with sync_playwright() as playwright:
            # As root, in a container, the browser's own cage cannot be built.
            browser = playwright.chromium.launch(executable_path=options.browser, args=["--no-sandbox"])
            try:
                console.picture(browser) if options.picture else console.run(browser)
            except Exception:
                traceback.print_exc()
                console.check("the test came to its end", True)
            browser.close()
    finally:
        if console.program.poll() is None:
            console.program.kill()
            console.program.wait()
        console.reader.wait()
    print(console.checks.last_line())
    return 1 if console.checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
