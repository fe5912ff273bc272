"""Goal: what schemathesis sends to the API leads somewhere. It is loaded by schemathesis; see described.py. schemathesis itself looks at each
value again after it was changed here, and knows whether it is one that the description allows.

* A random name is nearly never one that is there: half of those that are names are made ones that are. What is stopped and deleted is another
  campaign than the one that is looked at.
* `after` is a cursor, the `next` of a page before, which no schema can say: it is left out, since 400 is right for a random one.
* `at` is the place of a dead letter, and `for` a duration from a second to a day: one that is right stands for all of them.
* `atLeast` asks for a commit that may never come, and `wait` for how long: it is not waited for."""
import json
import os
import re
import zlib

import schemathesis

KNOWN = json.loads(os.environ["AUDIENCED_KNOWN"])
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*|[0-9]+")


@schemathesis.hook
def before_call(context, case, kwargs):
    parameters = case.path_parameters or {}
    if zlib.crc32(json.dumps(parameters, sort_keys=True, default=str).encode()) % 2:
        for name, value in parameters.items():
            if name in KNOWN and NAME.fullmatch(str(value)):
                parameters[name] = KNOWN[name] if case.method == "GET" else KNOWN["other"]
    query = case.query or {}
    query.pop("after", None)
    if "at" in query:
        query["at"] = "0/0"
    if isinstance(case.body, dict) and isinstance(case.body.get("for"), str):
        case.body["for"] = "PT1S"
    if "atLeast" in query and str(query.get("wait", 0)).isdigit():
        query["wait"] = 0


@schemathesis.serializer("application/x-ndjson")
def one_line(context, value):
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"
