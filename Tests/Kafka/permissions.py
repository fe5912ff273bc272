"""Goal: a permission that is missing is waited for, with one line in the log that says which, for each that is missing; once it is granted the daemon
goes on by itself, and nothing is lost meanwhile (the manual, Operations).

    python3 Tests/Kafka/permissions.py PROGRAM [SCENARIO…]

Method: the world of inputs.py, over a broker that grants nothing by itself. An operator who knows nothing but the log grants what each line says,
and nothing else: so every line must name operation and topic, and when all is granted the daemon must be through."""
import pathlib
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

from confluent_kafka.admin import AclBinding, AclBindingFilter, AclOperation, AclPermissionType, ResourcePatternType, ResourceType

from broker import Broker, Missing, wait_for
from inputs import OTHERS, PEOPLE, Scenario, everyone, play, schema

# What the daemon was doing, and the permission that this takes. Of a transaction no answer names a topic: all of it are named.
OPERATIONS = {"ask about topic": (ResourceType.TOPIC, AclOperation.DESCRIBE), "describe topic": (ResourceType.TOPIC, AclOperation.DESCRIBE_CONFIGS),
              "create topic": (ResourceType.TOPIC, AclOperation.CREATE), "read": (ResourceType.TOPIC, AclOperation.READ),
              "take over transactional id": (ResourceType.TRANSACTIONAL_ID, AclOperation.WRITE),
              "commit transaction": (ResourceType.TOPIC, AclOperation.WRITE), "send record": (ResourceType.TOPIC, AclOperation.WRITE)}
SERIES_SECONDS = 62             # what is refused after a life that went well for a minute is said anew
LINE = re.compile(r' warning starting again from the journal cause="([^"(]*) \(([^)]*)\): [^"]*AUTHORIZATION_FAILED\]; grant this user')


class Permissions(Scenario):
    def start(self, data="data", changes=((PEOPLE, PEOPLE), (OTHERS, OTHERS)), password=None, **settings):
        secure = self.broker.secure
        file = self.deployment.folder / "password"
        file.unlink(missing_ok=True)
        file.write_text(password or secure["password"])
        file.chmod(0o400)
        self.granted = []
        return super().start(data, changes, kafka={
            "bootstrap.servers": secure["bootstrap"], "security.protocol": "SASL_SSL", "ssl.ca.location": secure["ca"],
            "sasl.mechanisms": "PLAIN", "sasl.username": secure["username"], "sasl.password": {"file": str(file)}} | settings)

    def binding(self, kind, name, operation):
        return AclBinding(kind, name, ResourcePatternType.LITERAL, f"User:{self.broker.secure['username']}", "*", operation, AclPermissionType.ALLOW)

    def grant(self, kind, name, operation):
        acl = self.binding(kind, name, operation)
        self.admin.create_acls([acl])[acl].result(20)

    def revoke(self, topic, operation):
        acl = AclBindingFilter(ResourceType.TOPIC, self.prefix + topic, ResourcePatternType.LITERAL, f"User:{self.broker.secure['username']}", "*",
                               operation, AclPermissionType.ALLOW)
        removed = self.admin.delete_acls([acl])[acl].result(20)
        if len(removed) != 1:
            raise Missing(f"one permission to take away, not {removed}")

    def lines(self):
        """What the log says is missing: (operation, object), in its order."""
        return LINE.findall(self.log())

    def grant_what_is_said(self, until, seconds=180):
        """Grants what each new line says is missing, until a condition is met."""
        deadline = time.monotonic() + seconds
        while not until():
            for operation, what in self.lines()[len(self.granted):]:
                kind, permission = OPERATIONS[operation]
                for name in what.split(", "):
                    self.grant(kind, name.split("/")[0], permission)
                self.granted.append((operation, what))
                print(f"       {operation} {what.replace(self.prefix, '')}", flush=True)
            self.daemon.must_run("what is granted")
            if time.monotonic() > deadline:
                raise Missing(f"the end of what is missing: not within {seconds} s; granted {self.granted}\n{self.daemon.last_words()}")
            time.sleep(0.05)

    def is_in(self, *topics):
        """A condition: everything that lies in the topics now is in."""
        self.barriers += 1
        name = f"b{self.barriers}"
        self.control({"type": "barrier.requested", "id": name, "after": self.ends(*topics)})

        def is_reached():
            self.tail.receive(0.05)
            return any(event.get("type") == "barrier.reached" and event["id"] == name for event in self.tail.events)
        return is_reached

    # ----------------------------------------------------------------------------------------------------------- the scenarios

    def one_after_the_other(self):
        """From nothing granted to two topics that are followed; then a permission is taken away again, of the second topic, and of an output."""
        for topic in (PEOPLE, OTHERS):
            self.create(topic, 2)
        self.start()
        self.grant_what_is_said(lambda: " ready " in self.log())
        self.ready()
        said = self.lines()
        self.check("each is said once", len(set(said)) != len(said) and f"{said}")
        for operation, topic in (("ask about topic", PEOPLE), ("ask about topic", OTHERS), ("describe topic", PEOPLE), ("describe topic", OTHERS)):
            self.check(f"{operation} {topic} was said", (operation, self.prefix + topic) not in said and f"{said}")
        self.control(schema(PEOPLE), schema(OTHERS), everyone(PEOPLE), everyone(OTHERS))
        for topic in (PEOPLE, OTHERS):
            self.put("a", topic=topic)
            self.put("b", topic=topic, partition=1)
        self.grant_what_is_said(self.is_in(PEOPLE, OTHERS))
        said = self.lines()
        read = sorted(what.split("/")[0] for operation, what in said if operation == "read" and not what.startswith(self.prefix + "audienced."))
        self.check("reading each of two topics was said once", not {self.prefix + PEOPLE, self.prefix + OTHERS} <= set(read) or len(set(read)) != len(read)
                   and f"{said}")
        for topic in (PEOPLE, OTHERS):
            self.check_members(topic, "ab")
        time.sleep(SERIES_SECONDS)
        for topic, permission, operation in ((OTHERS, AclOperation.READ, "read"), ("audience-members", AclOperation.WRITE, "commit transaction")):
            before = len(self.lines())
            self.revoke(topic, permission)
            self.put(f"c{operation[0]}", topic=OTHERS)
            self.put(f"c{operation[0]}", topic=PEOPLE)
            wait_for(f"a line about {topic}", 60, lambda: self.lines()[before:])
            time.sleep(8)               # in which it is tried again and again
            found = self.lines()[before:]
            self.check(f"{topic}, taken away: one line says so", (len(found) != 1 or found[0][0] != operation or self.prefix + topic not in found[0][1])
                       and f"{found} {self.daemon.last_words()}")
            self.granted = self.lines()[:before]
            self.grant_what_is_said(self.is_in(PEOPLE, OTHERS))
        for topic in (PEOPLE, OTHERS):
            self.check_members(topic, ["a", "b", "cr", "cc"])
        self.check("nobody is told twice", self.not_alternating())
        self.check("nothing is a dead letter", len(self.deployment.messages(["audienced.dlq"])) != 0)
        self.check("SIGTERM ends it", self.daemon.terminate() != 0)

    def not_let_in(self):
        """A wrong password, and a broker whose certificate nobody vouches for: that is said, in few lines, and tried again; readiness fails, and
        nothing shows the password."""
        self.create(PEOPLE, 1)
        secret = "not-the-secret-at-all"
        authority = pathlib.Path(shutil.copy(self.broker.secure["ca"], self.deployment.folder / "other.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=other", "-keyout", "/dev/null",
                        "-out", str(authority)], check=True, capture_output=True)
        for what, word, settings in (("a wrong password", "Authentication failed", {"password": secret}),
                                     ("an unknown authority", "certificate verify failed", {"ssl.ca.location": str(authority)})):
            self.start(**settings)
            wait_for(f"{what}: a line that says so", 60, lambda: word in self.log() or self.daemon.process.poll() is not None)
            time.sleep(6)
            self.daemon.must_run(f"{what}: another attempt")
            lines = self.log().splitlines()
            self.check(f"{what}: few lines", len(lines) > 8 and self.log())
            self.check(f"{what}: no line has the password", secret in self.log() and self.log())
            address = next(word for word in self.log().split() if word.startswith("address=")).removeprefix("address=").strip('"')
            try:
                urllib.request.urlopen(f"{address}/readyz?verbose", timeout=10)
                self.check(f"{what}: it is not ready", "200")
            except urllib.error.HTTPError as answer:
                text = answer.read().decode()
                self.check(f"{what}: it is not ready", (answer.code != 503 or secret in text) and f"{answer.code} {text}")
            self.check(f"{what}: SIGTERM ends it", (code := self.daemon.terminate()) != 0 and f"{code}")


if __name__ == "__main__":
    play([Permissions.one_after_the_other, Permissions.not_let_in], __doc__, Broker(secure=True))
