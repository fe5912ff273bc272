"""Goal: named checks, each of which passes or fails once, and the last line that counts them.

Part of the black-box tests of audienced. They are in Python on purpose: they share no code with the product, not even its Kafka client."""


class Checks:
    """Collects the outcome of named checks. A check is a list of problems; it passes when the list is empty."""

    def __init__(self):
        self.passed, self.failed = [], []

    def add(self, name, problems):
        """Counts one check and prints it; of many problems the first five are shown."""
        problems = list(problems)
        (self.failed if problems else self.passed).append(name)
        print(f"{'FAILED' if problems else 'ok    '} {name}", flush=True)
        for problem in problems[:5]:
            print(f"         {problem}", flush=True)
        if len(problems) > 5:
            print(f"         … and {len(problems) - 5} more", flush=True)

    def last_line(self):
        return f"{len(self.passed)} passed, {len(self.failed)} failed"
