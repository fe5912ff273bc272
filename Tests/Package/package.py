"""Goal: the Debian package on a Debian that has no Swift: it installs, works, is upgraded, and leaves nothing.

    python3 Tests/Package/package.py PACKAGE.deb [--boot]

Method: a root of Debian's essential packages alone and of what the package depends on (mmdebstrap; as root), with /proc, where Swift reads its
arguments. What dpkg, systemd's own tools and the installed program say and leave there is looked at. With --boot a copy of the root is booted
(systemd-nspawn), and systemd runs the service as its unit says, before a broker of our own."""
import argparse
import contextlib
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "Kafka"))
from checks import Checks  # noqa: E402

UNIT, CONFIGURATION, CREDENTIALS = "audienced.service", "etc/audienced/audienced.yaml", "etc/audienced/credentials"
EXAMPLES = "/usr/share/doc/audienced/examples"
MOST_EXPOSED = 1.2                          # by `systemd-analyze security`, 0 to 10
# Inside, before a broker; each line of the answer is a name and what was found.
TRIAL = """
say() { echo "$1=$2"; }
state() { systemctl show --property "$1" --value audienced; }
systemctl start audienced; say start $?
say user "$(ps -o user:32= -p "$(state MainPID)")"
say status "$(state StatusText)"
export AUDIENCED_TOKEN_FILE=/tmp/token; cp /etc/audienced/credentials/api-token /tmp/token; chmod 444 /tmp/token
as() { setpriv --reuid=nobody --regid=nogroup "$@" audienced status >/dev/null 2>&1; echo $?; }
say group "$(as --groups=audienced)"
say stranger "$(as --clear-groups)"
say nobody "$(AUDIENCED_TOKEN_FILE= as --groups=audienced)"
systemctl reload audienced; say reload $?
for _ in $(seq 50); do journalctl --unit audienced --output cat | grep --quiet tokens-reopened && { say read yes; break; }; sleep 0.2; done
say active "$(state ActiveState) $(state NRestarts)"
systemctl stop audienced; say stop $?
say result "$(state Result) $(state ExecMainStatus)"
"""
TRIAL_UNIT = """[Unit]
After=multi-user.target
[Service]
Type=oneshot
StandardOutput=append:/root/answer
ExecStart=-/bin/bash /root/trial
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
"""
WANTED = {"start": "0", "user": "audienced", "group": "0", "stranger": "69", "nobody": "77", "reload": "0", "read": "yes", "active": "active 0",
          "stop": "0", "result": "success 0"}
# What a command leaves that is none of the package's: dpkg's own books, and those of users, who stay.
OF_OTHERS = re.compile(r"(proc|sys|dev|run|tmp|var/lib/dpkg|var/log|var/cache)(/|$)|etc/\.pwd\.lock$|etc/(passwd|group|shadow|gshadow)-?$")


def run(*words, **more):
    """Exit code and all that it said."""
    done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=300, **more)
    return done.returncode, done.stdout


def must(*words, **more):
    code, said = run(*words, **more)
    if code:
        raise SystemExit(f"{' '.join(map(str, words))} ended with {code}: {said[-2000:]}")
    return said


@contextlib.contextmanager
def mounted(kind, place):
    must("mount", "-t", kind, kind, str(place))
    try:
        yield
    finally:
        must("umount", str(place))


class Package:
    def __init__(self, file, work):
        self.file, self.work, self.root = pathlib.Path(file).resolve(), pathlib.Path(work), pathlib.Path(work) / "root"
        self.checks = Checks()

    def check(self, name, problem):
        self.checks.add(name, [problem] if isinstance(problem, str) else problem if isinstance(problem, list) else ["no"] if problem else [])

    def field(self, name):
        return must("dpkg-deb", "--field", str(self.file), name).strip()

    def inside(self, *words):
        clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C", "HOME": "/root"}
        return run("chroot", str(self.root), *words, env=clean)

    def dpkg(self, what, *words):
        code, said = self.inside("dpkg", *words)
        self.check(what, code and f"{code} {said}")

    def install(self, what, file):
        shutil.copy(file, self.root / "tmp" / "new.deb")
        self.dpkg(what, "--install", "/tmp/new.deb")

    def files(self):
        """All paths but those that others keep."""
        found = set()
        for folder, folders, names in os.walk(self.root):
            place = os.path.relpath(folder, self.root)
            paths = {name: os.path.normpath(os.path.join(place, name)) for name in folders + names}
            folders[:] = [name for name in folders if not OF_OTHERS.match(paths[name])]
            found |= {path for path in paths.values() if not OF_OTHERS.match(path)}
        return found

    @contextlib.contextmanager
    def bare(self):
        """The root, with what the package depends on but without it: of alternatives the first."""
        names = [re.split(r"[ (|]", part.strip())[0] for part in self.field("Depends").split(",")]
        must("mmdebstrap", "--quiet", "--variant=minbase", "--include=" + ",".join(names), self.release(), str(self.root))
        with mounted("proc", self.root / "proc"):
            yield

    @staticmethod
    def release():
        facts = dict(line.rstrip().split("=", 1) for line in open("/etc/os-release") if "=" in line)
        return facts["VERSION_CODENAME"]

    # ---------------------------------------------------------------------------------------------------------------------------- checks

    def linted(self):
        code, said = run("lintian", "--allow-root", "--fail-on", "error", str(self.file))
        self.check("lintian finds no error", code and said)

    def installed(self):
        self.install("it installs", self.file)
        libraries = [path for path in self.files() if re.search(r"libswift|libFoundation|libdispatch", path)]
        self.check("there is no Swift", libraries)
        code, said = self.inside("audienced", "--version")
        self.check("it says the version of the package", (code, said.split()[1] + said.partition(" ")[0]) !=
                   (0, re.sub(r"~deb.*", "", self.field("Version")) + "audienced") and said)
        self.check("its files are as they were packed", (said := self.inside("dpkg", "--verify", "audienced")) != (0, "") and f"{said}")
        code, said = self.inside("getent", "passwd", "audienced")
        self.check("its user is there", (code, said.split(":")[5:6]) != (0, ["/var/lib/audienced"]) and said)
        status = (self.root / CREDENTIALS).stat()
        self.check("secrets are root's", (status.st_uid, status.st_mode & 0o777) != (0, 0o700) and f"{status}")
        self.check("it is not enabled", [path for path in self.files() if path.startswith("etc/systemd/system/") and UNIT in path])

    def works(self):
        code, said = self.inside("audienced", "validate", f"{EXAMPLES}/first-campaign.ndjson")
        self.check("the first campaign is valid", code and said)
        for folder in ("activities", "campaigns"):
            names = sorted(path.name for path in (self.root / f"{EXAMPLES[1:]}/{folder}").iterdir())
            code, said = self.inside("audienced", "validate", *(f"{EXAMPLES}/{folder}/{name}" for name in names), "--schemas", f"{EXAMPLES}/schemas.json")
            self.check(f"{len(names)} examples of {folder} are valid", (code or len(names) < 5) and said)
        code, said = self.inside("audienced", "demo")
        self.check("the demo tells its story to the end", (code or "ada@example.com enters recent-buyers" not in said or "What you saw" not in said) and said[-2000:])
        for shell in ("bash-completion/completions/audienced", "zsh/vendor-completions/_audienced", "fish/vendor_completions.d/audienced.fish"):
            self.check(f"completions: {shell}", "validate" not in (self.root / "usr/share" / shell).read_text())

    def configured(self):
        """The packaged configuration is read whole: what is refused is the mistake put into it, and nothing else."""
        wrong = self.root / "tmp" / "wrong.yaml"
        wrong.write_text((self.root / CONFIGURATION).read_text() + "\nextra: 1\n")
        code, said = self.inside("audienced", "run", "--config", "/tmp/wrong.yaml")
        problems = [line for line in said.splitlines() if re.match(r"[a-z.-]+: .*\(line ", line)]
        self.check("its configuration has no mistake", (code, [line.split(":")[0] for line in problems]) != (64, ["extra"]) and f"{code} {said}")
        listens = [line.strip() for line in (self.root / CONFIGURATION).read_text().splitlines() if re.match(r"\s*listen:", line)]
        self.check("it listens on the socket alone", listens != ["listen: unix:/run/audienced/http.sock"] and listens)
        wrong.unlink()

    def unit(self):
        code, said = self.inside("systemd-analyze", "verify", "--man=no", UNIT)
        self.check("systemd finds nothing wrong with the unit", (code, said) != (0, "") and f"{code} {said}")
        code, said = self.inside("systemd-analyze", "security", "--offline=true", "--no-pager", UNIT)
        found = re.search(r"exposure level for \S+: ([0-9.]+)", said)
        self.check(f"exposed {found and found.group(1)} of 10", not found or float(found.group(1)) > MOST_EXPOSED)

    def booted(self, bootstrap):
        """As systemd runs it: the sandbox of the unit, its user, secrets, readiness, reload and stop."""
        root = self.work / "booted"
        must("cp", "--archive", "--one-file-system", str(self.root), str(root))
        configuration = (root / CONFIGURATION).read_text().replace("127.0.0.1:9092", bootstrap)
        (root / CONFIGURATION).write_text(configuration.replace("  # token: {file: credentials_api-token}", "  token: {file: credentials_api-token}"))
        (root / CREDENTIALS / "api-token").write_text(secrets.token_urlsafe(40))
        (root / "root/trial").write_text(TRIAL)
        (root / "etc/systemd/system/trial.service").write_text(TRIAL_UNIT)
        must("chroot", str(root), "systemctl", "enable", "trial.service")
        container = ["systemd-nspawn", "--quiet", f"--directory={root}", "--register=no", "--keep-unit", "--console=pipe"]
        code, said = run(*container, "/bin/true")
        if code:
            print(f"not run: the service under systemd, for this machine starts no containers: {said.strip()}")
            return
        code, said = run(*container, "--boot")
        answer = (root / "root/answer").read_text() if (root / "root/answer").exists() else said
        found = dict(line.split("=", 1) for line in answer.splitlines() if "=" in line)
        self.check("under systemd it is ready", not found.get("status", "").startswith("ready") and answer)
        for name, wanted in WANTED.items():
            self.check(f"under systemd: {name}", found.get(name) != wanted and f"{found.get(name)}, not {wanted}: {answer}")

    def newer(self):
        """The same package as of a later version."""
        folder, file = self.work / "newer", self.work / "newer.deb"
        must("dpkg-deb", "--raw-extract", str(self.file), str(folder))
        control = folder / "DEBIAN" / "control"
        control.write_text(re.sub(r"(?m)^Version: .*", "Version: 999", control.read_text()))
        must("dpkg-deb", "-Zgzip", "-z1", "--build", str(folder), str(file))
        return file

    def upgraded(self):
        changed = (self.root / CONFIGURATION).read_text().replace("127.0.0.1:9092", "broker:9092")
        (self.root / CONFIGURATION).write_text(changed)
        (self.root / CREDENTIALS / "kafka-password").write_text("secret")
        kept = self.root / "var/lib/audienced/checkpoints/kept"
        kept.parent.mkdir(parents=True)
        kept.write_text("")
        for what, file in (("over itself", self.file), ("to a later version", self.newer()), ("back", self.file)):
            self.install(f"upgraded {what}", file)
            self.check(f"{what}: configuration, secrets and data stay", (self.root / CONFIGURATION).read_text() != changed
                       or not (self.root / CREDENTIALS / "kafka-password").exists() or not kept.exists())
        self.check("it works", self.inside("audienced", "--version")[0])

    def removed(self, before):
        # As an operator has enabled it.
        self.check("enabled", self.inside("systemctl", "enable", UNIT)[0])
        self.dpkg("removed", "--remove", "audienced")
        self.check("what is the operator's stays", [path for path in (CONFIGURATION, CREDENTIALS + "/kafka-password", "var/lib/audienced/checkpoints/kept")
                                                     if not (self.root / path).exists()])
        self.check("the program is gone", (self.root / "usr/bin/audienced").exists())
        self.install("installed again", self.file)
        self.check("it is still enabled", self.inside("systemctl", "is-enabled", UNIT)[0])
        self.dpkg("removed again", "--remove", "audienced")
        self.dpkg("purged", "--purge", "audienced")
        self.check("a purge leaves nothing", sorted(self.files() - before))
        self.check("and takes nothing of others", sorted(before - self.files()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("package")
    parser.add_argument("--boot", action="store_true", help="run the service under systemd, too; needs systemd-nspawn and Kafka")
    options = parser.parse_args()
    # In memory: what dpkg synchronises would wait for the disk.
    with tempfile.TemporaryDirectory() as work, mounted("tmpfs", work):
        package = Package(options.package, work)
        package.linted()
        with package.bare():
            before = package.files()
            package.installed()
            package.works()
            package.configured()
            package.unit()
            if options.boot:
                from broker import Broker       # its client is in the Python environment of the tests before a broker
                with Broker() as broker:
                    package.booted(broker.bootstrap)
            package.upgraded()
            package.removed(before)
    print(package.checks.last_line())
    return 1 if package.checks.failed else 0


if __name__ == "__main__":
    sys.exit(main())
