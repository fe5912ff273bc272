"""Goal: wrong definitions out of a right one: another name, another type, another word, a member less, one more."""
import copy

VALUES = ("x", "", 5, -1, 1.5, True, None, [], ["x"], [5], {}, {"x": 1})


def at(value, path):
    for step in path:
        value = value[step]
    return value


def mutants(value, path):
    """(what was done, the whole value) for one member or item of it."""
    def changed(change):
        whole = copy.deepcopy(value)
        change(at(whole, path[:-1]), path[-1])
        return whole

    def rename(parent, name):
        members = [(name + "X" if key == name else key, inner) for key, inner in parent.items()]
        parent.clear()
        parent.update(members)

    old, place = at(value, path), ".".join(map(str, path))
    if isinstance(path[-1], str):
        yield f"{place} renamed", changed(rename)
        yield f"{place} removed", changed(lambda parent, name: parent.pop(name))
    for other in VALUES:
        if type(other) is not type(old) or isinstance(old, str) and other == "":
            yield f"{place} = {other!r}", changed(lambda parent, name, other=other: parent.__setitem__(name, copy.deepcopy(other)))
    if isinstance(old, str):
        yield f"{place} = {old + 'X'!r}", changed(lambda parent, name: parent.__setitem__(name, old + "X"))
    if isinstance(old, dict):
        yield f"{place} has another member", changed(lambda parent, name: parent[name].__setitem__("another", 1))


class Members:
    """Members of a document that were not mutated yet: each once is enough, whatever value has it."""

    def __init__(self, places):
        self.places, self.seen = places, set()

    def mutants(self, value):
        for place, path in self.places.of(value):
            if place not in self.seen:
                self.seen.add(place)
                yield from mutants(value, path)

    def left(self):
        return sorted(self.places.described() - self.seen)
