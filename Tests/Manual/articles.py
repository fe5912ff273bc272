"""Goal: what the articles of the manual show, as steps that can be run: files to save, commands, and what they say.

The conventions, which `Recipes.md` tells to who writes articles:
* A paragraph that ends in "as `NAME`:" and a fenced block behind it are a file.
* A fenced block ```console has commands, each behind "$ ", its further lines behind "> ", and behind each command all that it says.
* "…" within a line stands for anything within one, alone on a line for any lines.
* 127.0.0.1:9092 is a broker, 127.0.0.1:8080 the daemon, /tmp/audienced-manual its folder: where the test has others it puts them in, and takes
  them out of what is said."""
import re
from pathlib import Path

CATALOGUE = Path(__file__).resolve().parents[2] / "Sources/audienced/audienced.docc"


class Step:
    """A file to save, or a command with what it says."""

    def __init__(self, article, line, file=None, command=None):
        self.place, self.file, self.command, self.lines = f"{article}:{line}", file, command, []

    @property
    def text(self):
        return "".join(line + "\n" for line in self.lines)

    def fits(self, said):
        """Whether what was said is what stands in the article."""
        pattern = "".join("(?:.*\n)*" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))) + "\n" for line in self.lines)
        return re.fullmatch(pattern, said) is not None


def steps(text, name):
    """The steps of one article, in their order."""
    found, lines = [], text.splitlines()
    number, paragraph = 0, ""
    while number < len(lines):
        line = lines[number]
        if not line.startswith("```"):
            paragraph = "" if not line else paragraph + " " + line
            # What stands before a fence may be parted from it by an empty line.
            before = paragraph or before
            number += 1
            continue
        end = lines.index("```", number + 1)
        content = lines[number + 1:end]
        file = re.search(r"as `([\w./-]+)`:$", before)
        if line == "```console":
            for place, said in enumerate(content, number + 2):
                if said.startswith("$ "):
                    found.append(Step(name, place, command=said[2:]))
                elif said.startswith("> ") and not found[-1].lines:
                    found[-1].command += "\n" + said[2:]
                else:
                    found[-1].lines.append(said)
        elif file:
            found.append(Step(name, number + 1, file=file.group(1)))
            found[-1].lines = content
        number, paragraph, before = end + 1, "", ""
    return found


def names():
    """The articles in the order of the front page, without their endings."""
    return re.findall(r"^- <doc:(\w+)>", (CATALOGUE / "audienced.md").read_text(), re.MULTILINE)


def article(name):
    """The steps of an article of the catalogue."""
    return steps(next(CATALOGUE.rglob(f"{name}.md")).read_text(), name)
