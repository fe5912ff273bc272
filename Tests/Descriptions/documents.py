"""Goal: the documents of Config as a validator sees them, and which of their members a value has.

Python on purpose: the validator is another's, and shares no code with the product."""
import json
import pathlib

from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

CONFIG = pathlib.Path(__file__).resolve().parents[2] / "Config"
NAMES = ("campaign", "schema", "event", "configuration")


def load(path):
    return json.loads((CONFIG / path).read_text())


SCHEMAS = {name: load(f"schemas/{name}.json") for name in NAMES}
# As an editor finds them: beside each other in one folder.
BASE = "file:///schemas/"
REGISTRY = Registry().with_resources(
    (f"{BASE}{name}.json", Resource.from_contents(schema, default_specification=DRAFT202012)) for name, schema in SCHEMAS.items())
VALIDATORS = {name: Draft202012Validator({"$ref": f"{BASE}{name}.json"}, registry=REGISTRY) for name in NAMES}


def problem(validator, value):
    """What is wrong with a value, nearest to its cause; None: nothing."""
    from jsonschema.exceptions import best_match
    error = best_match(validator.iter_errors(value))
    return error and f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"


class Places:
    """The members that a document describes, by their places in it, and those that a value has."""

    def __init__(self, name):
        self.name, self.document = name, SCHEMAS[name]

    def described(self):
        """The places of all members that are described."""
        found = set()

        def walk(schema, place):
            for word, value in schema.items() if isinstance(schema, dict) else []:
                if word == "properties":
                    for name, inner in value.items():
                        found.add(f"{place}/properties/{name}")
                        walk(inner, f"{place}/properties/{name}")
                elif word in ("items", "additionalProperties", "then", "else"):
                    walk(value, f"{place}/{word}")
                elif word in ("allOf", "anyOf"):
                    for number, inner in enumerate(value):
                        walk(inner, f"{place}/{word}/{number}")
        walk(self.document, "#")
        for name, schema in self.document.get("$defs", {}).items():
            walk(schema, f"#/$defs/{name}")
        return found

    def of(self, value):
        """(place, path) of each member of a value that the document describes."""
        found = []

        def holds(schema, value):
            return Draft202012Validator(schema, registry=REGISTRY).is_valid(value)

        def walk(schema, place, value, path):
            if not isinstance(schema, dict):
                return
            if "$ref" in schema and schema["$ref"].startswith("#"):
                name = schema["$ref"].split("/")[-1]
                walk(self.document["$defs"][name], schema["$ref"], value, path)
            for word in ("allOf", "anyOf"):
                for number, inner in enumerate(schema.get(word, [])):
                    walk(inner, f"{place}/{word}/{number}", value, path)
            if "if" in schema:
                branch = "then" if holds(schema["if"], value) else "else"
                walk(schema.get(branch), f"{place}/{branch}", value, path)
            if isinstance(value, dict):
                for name, inner in value.items():
                    if name in schema.get("properties", {}):
                        found.append((f"{place}/properties/{name}", path + (name,)))
                        walk(schema["properties"][name], f"{place}/properties/{name}", inner, path + (name,))
                    elif isinstance(schema.get("additionalProperties"), dict):
                        found.append((f"{place}/additionalProperties", path + (name,)))
                        walk(schema["additionalProperties"], f"{place}/additionalProperties", inner, path + (name,))
            if isinstance(value, list) and "items" in schema:
                for number, inner in enumerate(value):
                    found.append((f"{place}/items", path + (number,)))
                    walk(schema["items"], f"{place}/items", inner, path + (number,))
        walk(self.document, "#", value, ())
        return found


def closed(schema):
    """A schema that takes no member which it does not describe: outputs are described to readers, who ignore others."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {word: closed(value) for word, value in schema.items()}
    if "properties" in schema and isinstance(schema["properties"], dict) and "additionalProperties" not in schema:
        inner["additionalProperties"] = False
    return inner
