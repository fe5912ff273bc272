"""Goal: every command of the manual does, and every output is, what its articles show; and what they promise downstream holds over kills.

    python3 Tests/Manual/manual.py PROGRAM [--show] [--article NAME]

Method: the steps of all articles are done one after the other, in one folder and one shell, before a real broker, as a reader would; then the
programs that the article about consumers has people save follow a daemon, and are killed while they do (downstream.py). Commands that only read
are asked again until they say what they should: a row is committed a moment after it was written. `--show` prints what commands say."""
import argparse
import os
import re
import secrets
import select
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "Kafka"))
import articles  # noqa: E402
import downstream  # noqa: E402
from broker import Broker  # noqa: E402
from checks import Checks  # noqa: E402

BROKER, DAEMON, DATA = "127.0.0.1:9092", "127.0.0.1:8080", "/tmp/audienced-manual"
ONLY_READS = re.compile(r"(audienced (status|audiences?|campaigns?|explain|export|verify|dlq (list|show))|kcat -C|curl -s |cat |grep |python3 mirror.py show)\b")
PATIENCE = 25


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


class Shell:
    """A shell that is told one command after the other."""

    def __init__(self, folder, environment):
        self.process = subprocess.Popen(["bash"], cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                        start_new_session=True)
        self.mark = f"-- {secrets.token_hex(8)}"
        self.code = 0

    def run(self, command, seconds=60):
        """What it says, on both outputs, to its end. A command that goes on in the background must not hold the output."""
        # What reads its input must not read what comes after.
        text = f"(exit {self.code})\n{{ {command}\n}} </dev/null\nprintf '\\n%s %s\\n' '{self.mark}' $?\n"
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()
        said, deadline = b"", time.monotonic() + seconds
        while not (end := re.search(rb"\n" + self.mark.encode() + rb" (\d+)\n\Z", said)):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 65536) if ready else b""
            if not piece:
                raise AssertionError(f"no end of: {command}\n{said.decode(errors='replace')}")
            said += piece
        self.code = int(end.group(1))
        return said[:end.start()].decode()

    def close(self):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Manual:
    def __init__(self, options, folder, broker):
        self.options, self.folder, self.broker, self.checks = options, folder, broker, Checks()
        self.daemon = f"127.0.0.1:{free_port()}"
        tools = folder / "bin"
        tools.mkdir()
        (tools / "audienced").symlink_to(Path(options.program).resolve())
        self.examples = folder / "read"
        self.examples.mkdir()
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDIENCED")}
        path = f"{tools}:{Path(sys.executable).parent}:{environment['PATH']}"
        self.shell = Shell(self.examples, environment | {"PATH": path, "AUDIENCED_HTTP_LISTEN": self.daemon, "AUDIENCED_SERVER": f"http://{self.daemon}", "TERM": "dumb"})

    def here(self, text):
        return text.replace(BROKER, self.broker.bootstrap).replace(DAEMON, self.daemon).replace(DATA, str(self.folder / "data"))

    def there(self, text):
        return text.replace(self.broker.bootstrap, BROKER).replace(self.daemon, DAEMON).replace(str(self.folder / "data"), DATA)

    def take(self, step):
        """None, or what is wrong with a step."""
        if step.file:
            file = self.examples / step.file
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(self.here(step.text))
            return None
        deadline = time.monotonic() + PATIENCE
        while True:
            said = self.there(self.shell.run(self.here(step.command)))
            said += "" if said.endswith("\n") or not said else "\n"
            if step.fits(said):
                break
            if not ONLY_READS.match(step.command) or time.monotonic() > deadline:
                return f"{step.place}: {step.command}\n--- stands there\n{step.text}--- is said\n{said}"
            time.sleep(0.2)
        if self.options.show:
            print(f"{step.place}: $ {step.command}\n{said}", end="")
        return None

    def run(self):
        count = 0
        for name in [self.options.article] if self.options.article else articles.names():
            steps = articles.article(name)
            problems = [problem for problem in map(self.take, steps) if problem]
            if steps:
                self.checks.add(f"{name}: {sum(1 for step in steps if step.command)} commands", problems)
            count += len(steps)
        self.checks.add("the articles have steps", [] if count > 1 else ["a reader that finds nothing proves nothing"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--article")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="audienced-manual-") as folder, Broker() as broker:
        manual = Manual(options, Path(folder), broker)
        try:
            manual.run()
            if not options.article:
                downstream.check(manual.checks, options.program, broker, Path(folder), f"127.0.0.1:{free_port()}")
        except Exception:
            manual.checks.add("the test came to its end", [traceback.format_exc()])
        finally:
            manual.shell.close()
    print(manual.checks.last_line())
    return 1 if manual.checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
