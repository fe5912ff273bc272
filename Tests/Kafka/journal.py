"""Goal: records of the journal in the format that was written before (JSON), made of those that are written now (bytes).

For upgrade.py. The formats stand in Sources/Daemon/Journal/JournalRecord.swift and JournalRecord+JSON.swift; this file shares no code with them."""
import json

NOW, BEFORE = 3, 2
COMMIT, CONTROL, CHANGES, SNAPSHOTS, REPAIR, SHARE = range(1, 7)


class Bytes:
    """Reads what a record is made of."""

    def __init__(self, left):
        self.left = left

    def take(self, count):
        taken, self.left = self.left[:count], self.left[count:]
        if len(taken) < count:
            raise ValueError("a record ends in the middle")
        return taken

    def number(self):
        number = shift = 0
        while True:
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return number

    def signed(self):
        number = self.number()
        return number >> 1 ^ -(number & 1)

    def text(self):
        return self.take(self.number()).decode()

    def word(self):
        return f"{int.from_bytes(self.take(8), 'little'):016x}"

    def range(self):
        begin, length, records, word = self.number(), self.number(), self.number(), self.word()
        return {"from": begin, "to": begin + length, "records": records, "hash": word}


def as_older(value, mapping):
    """A commit in the format before, with the text of the mapping, of which a commit has the hash only; what is no commit as it is."""
    if value[0] != NOW:
        return value
    record, reader = {"format": BEFORE, "control": None, "changes": []}, Bytes(value[1:])
    while reader.left:
        tag, section = reader.take(1)[0], Bytes(reader.take(reader.number()))
        if tag == COMMIT:
            record |= {"sequence": section.number(), "clock": section.signed(), "semantics": section.number(), "mapping": mapping}
            section.word()
            record["timezones"] = section.text()
        elif tag == CONTROL:
            record["control"] = section.range() | ({"refused": True} if section.take(1)[0] else {})
        elif tag == CHANGES:
            while section.left:
                topic, count = section.text(), section.number()
                record["changes"] += [{"topic": topic, "partition": section.number(), **section.range()} for _ in range(count)]
        elif tag == SNAPSHOTS:
            record["snapshots"] = []
            while section.left:
                record["snapshots"].append({"audience": section.text(), "sequence": section.number()})
        elif tag == REPAIR:
            record["repair"] = True
        else:
            raise ValueError(f"section {tag} has no older form")
    return json.dumps(record).encode()
