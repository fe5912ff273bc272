"""Goal: what goes wrong with the machine under the daemon: a log that nobody reads, no descriptors left, a disk that fails, no memory, signals.
Commits go on, or the process ends and the next start goes on where it was; nobody is lost or told twice.

    python3 Tests/Kafka/faults.py PROGRAM [SCENARIO…]

Method: the scenarios' world is that of inputs.py; the fault comes from outside of the process: a pipe, limits (prlimit), a C library that fails
at certain calls (failing_files.c), signals. Each scenario ends with the members, and with every person's events in alternation."""
import array
import fcntl
import os
import pathlib
import signal
import subprocess
import termios
import threading
import time

from confluent_kafka.admin import NewPartitions

from broker import Missing, Tail, wait_for
from inputs import PEOPLE, Scenario, everyone, play, schema

CHECKPOINT = " info checkpoint "


class Faults(Scenario):
    def within(self, name, line):
        """The program is started by a shell that does something before."""
        wrapper = self.deployment.folder / name
        wrapper.write_text(f'#!/bin/sh\n{line.format(program=self.program)}\n')
        wrapper.chmod(0o755)
        self.program = str(wrapper)

    def check_all(self, people):
        self.check_members(PEOPLE, people)
        self.check("nobody is told twice", self.not_alternating())

    def spoil(self, count):
        """Rows that are dead letters, each with a line of log for whoever debugs."""
        for number in range(count):
            self.producer.produce(self.prefix + PEOPLE, b"{broken", f"x{number}".encode(), 0)
        if self.producer.flush(20):
            raise Missing("acknowledgement of rows")

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.daemon.process.pid}/fd"))

    def limit(self, what):
        subprocess.run(["prlimit", "--pid", str(self.daemon.process.pid), what], check=True)

    # ----------------------------------------------------------------------------------------------------------- the scenarios

    def log_blocked(self):
        """Standard error is a pipe that nobody reads: commits go on, and what was dropped is counted once somebody reads."""
        pipe = self.deployment.folder / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        self.within("to-a-pipe", f'exec {{program}} "$@" --debug 2>{pipe}')
        self.create(PEOPLE, 1)
        self.start()
        self.deployment.wait_for_outputs()
        fcntl.fcntl(reader, fcntl.F_SETPIPE_SZ, 8192)
        self.tail = Tail(self.deployment)
        self.control(schema(PEOPLE), everyone(PEOPLE))
        self.put(*"ab")
        self.spoil(300)
        self.put("c")
        self.barrier(PEOPLE)
        time.sleep(1)                   # the daemon waits 50 ms for a reader that is only slow
        waiting = array.array("i", [0])
        fcntl.ioctl(reader, termios.FIONREAD, waiting)
        self.check("the pipe was full", waiting[0] < 3000 and f"{waiting[0]} bytes")
        text = self.read(reader)
        self.spoil(1)
        self.put("d")
        self.barrier(PEOPLE)
        texts = [text]                  # with what was read before: the line is said as soon as there is room
        wait_for("a line that counts", 20, lambda: texts.append(self.read(reader)) or "log lines were dropped count=" in "".join(texts))
        self.check_all("abcd")
        self.check("SIGTERM ends it", self.daemon.terminate() != 0)
        os.close(reader)

    @staticmethod
    def read(reader):
        """All that waits in a pipe."""
        text = b""
        while True:
            try:
                part = os.read(reader, 1 << 16)
            except BlockingIOError:
                part = b""
            if not part:
                return text.decode(errors="replace")
            text += part

    def no_descriptors(self):
        """No file and no socket can be opened: commits go on without checkpoints. A reader that has to be made anew meanwhile, since there are
        more partitions, and a broker that went, are there again afterwards."""
        self.begin()
        wait_for("a checkpoint", 20, lambda: CHECKPOINT in self.log())
        time.sleep(1)
        before = self.descriptors()
        said = len(self.log())
        self.limit("--nofile=3:")
        for name in "de":
            self.put(name)
            self.barrier(PEOPLE)
            time.sleep(1.5)
        self.check("what cannot be written is said", "a checkpoint failed" not in self.log()[said:] and self.log()[said:])
        self.admin.create_partitions([NewPartitions(self.prefix + PEOPLE, 2)])[self.prefix + PEOPLE].result(30)
        wait_for("another reader, or an end", 30, lambda: "partitions were added" in self.log()[said:] or self.daemon.process.poll() is not None)
        self.broker_tool("kill")
        time.sleep(2)
        self.broker_tool("start")
        time.sleep(3)
        self.check("it goes on", self.daemon.process.poll() is not None and f"ended with {self.daemon.process.returncode}: {self.daemon.last_words()}")
        self.limit("--nofile=4096:")
        self.reconnect()
        self.tail = Tail(self.deployment)
        self.put("f")
        self.put("g", partition=1)
        self.barrier(PEOPLE, seconds=90)
        said = len(self.log())
        wait_for("a checkpoint, once there are descriptors", 90, lambda: CHECKPOINT in self.log()[said:] or self.put(f"again{time.monotonic_ns()}"), 1)
        wait_for(f"no more than {before + 8} descriptors, {self.descriptors()} now", 30, lambda: self.descriptors() <= before + 8, 0.5)
        self.check("nobody is told twice", self.not_alternating())
        self.check("members", not set("abcdefg") <= self.members(PEOPLE))

    def failing_disk(self):
        """Writing, fsync or rename fails with EIO: commits go on, and the next start begins with an older checkpoint."""
        library = self.deployment.folder / "failing_files.so"
        source = pathlib.Path(__file__).with_name("failing_files.c")
        subprocess.run(["clang", "-O1", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
        sound, people = self.program, ["a", "b", "c"]
        flag, data = self.deployment.folder / "failing", self.deployment.folder / "data"
        for call in ("write", "fsync", "rename"):
            self.program = sound
            self.within(f"failing-{call}", f'export LD_PRELOAD={library} FAILING_CALL={call} FAILING_PATH={data}/ FAILING_WHILE={flag}\n'
                                           'exec {program} "$@"')
            self.begin() if call == "write" else (self.start(), self.ready())
            self.put(f"{call}1")
            self.barrier(PEOPLE)
            wait_for("a checkpoint", 20, lambda: CHECKPOINT in self.log())
            flag.touch()
            said = len(self.log())
            for number in range(2, 5):
                self.put(f"{call}{number}")
                self.barrier(PEOPLE)
                time.sleep(1.2)
            people += [f"{call}{number}" for number in range(1, 5)]
            self.check(f"{call}: what fails is said", "a checkpoint failed" not in self.log()[said:] and self.log()[said:])
            self.check(f"{call}: and not often", self.log()[said:].count(" error ") > 10 and self.log()[said:])
            self.daemon.kill()
            flag.unlink()
            self.program = sound
            self.start()
            self.ready()
            repeated = int(self.log().split("commits_replayed=")[1].split()[0])
            self.check(f"{call}: an older checkpoint, and the journal behind it", repeated == 0 and self.log())
            self.put(f"{call}5")
            people.append(f"{call}5")
            self.barrier(PEOPLE)
            self.check_all(people)
            self.daemon.kill()

    def no_memory(self):
        """A start that may have less memory than it needs ends, or is ready; the next, with memory, is right. Where librdkafka 2.0.2 can have
        no thread it hangs: then the service manager's watchdog ends the process, and here the test does."""
        self.begin()
        self.check("SIGTERM ends it", self.daemon.terminate() != 0)
        sound = self.program
        for number, megabytes in enumerate((100, 250, 1200)):
            self.program = sound
            self.within(f"within-{megabytes}", f'exec prlimit --as={megabytes << 20} {{program}} "$@"')
            started = time.monotonic()
            daemon = self.start()
            while daemon.process.poll() is None and " ready " not in self.log(daemon) and time.monotonic() < started + 15:
                time.sleep(0.1)
            code, is_ready = daemon.process.poll(), " ready " in self.log(daemon)
            print(f"       {megabytes} MB: {'ready' if is_ready else 'hangs' if code is None else f'ended with {code}'}", flush=True)
            self.check(f"{megabytes} MB: it does not end as if all were well", code == 0)
            daemon.kill()
            self.program = sound
            self.start()
            self.ready()
            self.put(f"d{number}")
            self.barrier(PEOPLE)
            self.daemon.kill()
        self.check_all(["a", "b", "c", "d0", "d1", "d2"])

    def signals(self):
        """SIGINT is a stop like SIGTERM, and so would SIGHUP be on a terminal; here it goes on. SIGPIPE is nothing; a second SIGTERM ends what waits for the broker."""
        self.begin()
        self.daemon.signal(signal.SIGPIPE)
        self.put("d")
        self.barrier(PEOPLE)
        self.daemon.signal(signal.SIGHUP)
        time.sleep(1)
        self.daemon.must_run("goes on after SIGHUP")
        self.daemon.signal(signal.SIGINT)
        self.check("SIGINT: 0", (code := self.daemon.ended(30)) != 0 and f"{code}")
        self.start()
        self.ready()
        self.put("e")
        self.barrier(PEOPLE)
        self.broker_tool("pause")
        self.put_anyway("f")
        time.sleep(1)
        self.daemon.signal(signal.SIGTERM)
        time.sleep(0.5)
        self.daemon.signal(signal.SIGTERM)
        self.check("SIGTERM twice: 0", (code := self.daemon.ended(30)) != 0 and f"{code}")
        self.broker_tool("resume")
        self.start()
        self.ready()
        self.put("f")
        self.barrier(PEOPLE)
        self.check_all("abcdef")

    def refused(self):
        """An output that its topic does not take: what has no key, since the topic is compacted. The next start sees that, ends with 65 and
        says what to set; once that is set, the output is there."""
        self.begin()
        dead = "audienced.dlq"
        self.deployment.set(dead, "cleanup.policy", "compact")
        self.producer.produce(self.prefix + PEOPLE, b"{broken", None, 0)
        self.put("d")
        self.check_end("it ends with 65", 65, 60, [f"{self.prefix}{dead}", "INVALID_RECORD", "set cleanup.policy=delete"])
        self.deployment.set(dead, "cleanup.policy", "delete")
        self.start()
        self.ready()
        self.put("e")
        self.barrier(PEOPLE)
        self.check("the dead letter is there once", (count := len(self.deployment.messages([dead]))) != 1 and f"{count}")
        self.check_all("abcde")

    def same_folder(self):
        """A second process that is given the folder of the first ends at once, and says who has it; the first goes on."""
        self.begin()
        first, folder = self.daemon, self.deployment.folder / "data"
        second = self.start()
        self.check_end("it ends with 73", 73, 20, [f"{folder} is in use by process {first.process.pid}"], second)
        self.daemons.append(first)
        self.put("d")
        self.barrier(PEOPLE)
        self.check_all("abcd")

    def no_broker(self):
        """None is there at the start: the process lives, says in one line why it is not ready, is nearly idle, and is ready once there is one."""
        self.begin()
        self.daemon.kill()
        self.broker_tool("kill")
        self.start()
        wait_for("a line that says it", 60, lambda: "kafka does not answer" in self.log())
        used = self.processor_seconds()
        time.sleep(10)
        used = self.processor_seconds() - used
        self.daemon.must_run("another attempt")
        self.check("it is nearly idle", used > 1 and f"{used} s of 10")
        lines = [line for line in self.log().splitlines() if "kafka does not answer" in line]
        self.check("one line says it", len(lines) != 1 and self.log())
        self.broker_tool("start")
        self.reconnect()
        self.ready()
        self.put("d")
        self.barrier(PEOPLE)
        self.check_all("abcd")

    def processor_seconds(self):
        fields = pathlib.Path(f"/proc/{self.daemon.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def slow_broker(self):
        """The broker runs for a twentieth of a second, then stands still for two seconds or more, again and again: changes come through, in the same life."""
        self.begin()
        said, slow = len(self.log()), threading.Event()

        def stand_still():
            while not slow.is_set():
                self.broker_tool("pause")
                slow.wait(2.5)
                self.broker_tool("resume")
                slow.wait(0.05)

        thread = threading.Thread(target=stand_still, daemon=True)
        thread.start()
        try:
            names = [f"s{number}" for number in range(8)]
            for name in names:
                self.put_anyway(name)
                time.sleep(3)
        finally:
            slow.set()
            thread.join(60)
            self.broker_tool("resume")
        self.barrier(PEOPLE)
        self.check("in the same life", "starting again" in self.log()[said:] and self.log()[said:])
        self.check_all(["a", "b", "c", *names])

    def put_anyway(self, name):
        """A row that is acknowledged whenever the broker goes on."""
        self.producer.produce(self.prefix + PEOPLE, f'{{"id": "{name}", "email": "{name}"}}'.encode(), name.encode(), 0)


if __name__ == "__main__":
    play([Faults.log_blocked, Faults.no_descriptors, Faults.failing_disk, Faults.no_memory, Faults.signals, Faults.refused, Faults.same_folder,
          Faults.no_broker, Faults.slow_broker], __doc__)
