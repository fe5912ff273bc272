"""Goal: a seeded workload whose final result is a function of the data alone, whatever commits the daemon makes of it.

Python on purpose: these tests share no code with the product.

Method
* Two tables, customers and purchases, each on a change topic of its own; the record key is the customer's id, so what hangs together
  shares a partition number. Rows change, are deleted and come back, e-mails are shared, change, or are missing.
* Versions: the number of the change, so they grow. Some changes carry an older one (ignored), an equal one (applied) or none (applied).
  One purchase in ten may move to another customer, and so to another partition, where the order is lost: those always carry a new
  version (or an older one), so that the newest wins in any order.
* `at` keeps two days of distance from the edge of every window that a campaign uses, so no window ends while the test runs.
* A few records are poison: each must reach the dead letters, alone.
* Between control events the run decides when they are sent; only the stop depends on the moment (`PLAN`), and what campaign `memory`
  remembers, which memories.py judges by the commits. The campaigns that use every activity are in activities.py."""
import json
import random
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from activities import JOURNEYS, MEMORY_1, MEMORY_2, SELECTION

CUSTOMER_TOPIC, PURCHASE_TOPIC, CONTROL_TOPIC = "profile-changes", "purchase-changes", "campaign-publish"
DAY_MS = 86_400_000
NAMESPACE = "Email"

SCHEMAS = [
    {"name": "purchases", "primaryKey": ["id"], "version": "updated", "identities": [],
     "fields": [{"name": "id", "type": "string"}, {"name": "customer_id", "type": "string"}, {"name": "amount", "type": "double"},
                {"name": "category", "type": "enum", "values": ["shoes", "books", "garden"]},
                {"name": "at", "type": "datetime"}, {"name": "updated", "type": "integer"}],
     "links": [{"name": "customer", "to": "customers", "on": {"customer_id": "id"}, "reverse": "purchases"}]},
    {"name": "customers", "primaryKey": ["id"], "version": "updated", "identities": [{"field": "email", "namespace": NAMESPACE}, {"field": "id", "namespace": "Customer"}],
     "fields": [{"name": "id", "type": "string"}, {"name": "email", "type": "string"}, {"name": "country", "type": "string"},
                {"name": "age", "type": "integer"}, {"name": "optin", "type": "boolean"}, {"name": "updated", "type": "integer"}],
     "links": []},
]


def campaign(name, text, attributes=None, zone="Europe/Paris"):
    """A campaign that saves the customers for whom the expression is true; campaign and audience have one id."""
    save = {"id": "save", "type": "save-audience", "from": "build", "audience": {"id": name, "label": f"Audience {name}"},
            "identity": {"field": "email", "namespace": NAMESPACE}}
    if attributes is not None:
        save["attributes"] = [{"source": source, "name": label} for source, label in attributes.items()]
    return {"id": name, "name": name, "timezone": zone,
            "activities": [{"id": "build", "type": "build-audience", "dimension": "customers", "filter": text}, save]}


# The same rules, by hand, are in scratch.py.
RECENT_1 = campaign("recent-buyers", "optin = TRUE AND EXISTS(purchases WHERE at >= DaysAgo(30) AND amount >= 10)",
                    {"country": "country", "age": "age"})
RECENT_2 = campaign("recent-buyers", "country IN ('FR', 'DE', 'IT') AND EXISTS(purchases WHERE at >= DaysAgo(90) AND amount >= 10)",
                    {"country": "country", "id": "customer"})
DORMANT = campaign("dormant", "age < 40 OR optin = TRUE AND NOT EXISTS(purchases WHERE at >= DaysAgo(30))",
                   {"optin": "optin", "email": "email"})
FREQUENT = campaign("frequent", "COUNT(purchases WHERE amount >= 20) >= 3 AND NOT country = 'DE'")
SPENDERS = campaign("big-spenders", "SUM(purchases.amount WHERE category IN ('shoes', 'garden') AND at >= DaysAgo(90)) > 150", {"age": "age"})


def publish(definition):
    return {"type": "campaign.published", "campaign": definition}


def stop(name):
    return {"type": "campaign.stopped", "campaignId": name}


def delete(name):
    return {"type": "campaign.deleted", "campaignId": name}


# (share of the changes that is written before it, control event). A link is declared before its target exists. The stop freezes
# what is there, so the run sends it when everything written so far is committed, and waits for it.
PLAN = [(0.0, {"type": "schema.published", "schema": SCHEMAS[0]}), (0.0, {"type": "schema.published", "schema": SCHEMAS[1]}),
        (0.0, publish(RECENT_1)), (0.0, publish(DORMANT)), (0.0, publish(MEMORY_1)), (0.15, publish(SELECTION)), (0.25, publish(JOURNEYS)),
        (0.35, publish(FREQUENT)), (0.55, publish(RECENT_2)), (0.6, publish(MEMORY_2)), (0.7, stop("dormant")), (1.0, publish(SPENDERS))]


@dataclass(frozen=True)
class Change:
    """One record of a change topic. `content` is the plain change, None for poison."""
    topic: str
    key: str
    value: bytes
    content: dict | None


def plain(topic, key, table, op, row):
    content = {"table": table, "op": op, "row": row}
    return Change(topic, key, json.dumps(content, ensure_ascii=False).encode(), content)


def poison(number):
    """A record that is refused: one kind after the other."""
    kinds = [
        (CUSTOMER_TOPIC, b'{"table": "nobody", "op": "u", "row": {"id": "bad%d"}}'),
        (CUSTOMER_TOPIC, b'{"table": "customers", "op": "u", "row": {"id": "bad%d", "email": "bad@example.test", "age": "old"}}'),
        (CUSTOMER_TOPIC, b'{"table": "customers", "op": "u", "row": {"id": null, "email": "bad%d@example.test"}}'),
        (CUSTOMER_TOPIC, b'{"table": "customers", "op": "u", "row": {"id": "bad%d", "email": '),
        (PURCHASE_TOPIC, b'{"table": "purchases", "op": "u", "row": {"id": "bad%d", "category": "hats"}}'),
        (PURCHASE_TOPIC, b'{"table": "purchases", "op": "u", "row": {"id": "bad%d", "customer_id": "\\ud800"}}'),
    ]
    topic, text = kinds[number % len(kinds)]
    return Change(topic, f"bad{number}", text % number, None)


class Generator:
    """Makes `count` changes; the same seed, count and `now_ms` give the same."""

    def __init__(self, seed, count, now_ms):
        self.random, self.count, self.now_ms = random.Random(seed), count, now_ms
        self.customers, self.purchases = max(20, count // 25), max(60, count // 6)
        self.versions = {}                      # id -> newest version written
        self.owner = {}                         # purchase id -> customer whose partition has its last change

    def changes(self):
        every = max(1, self.count // max(12, self.count // 5000))
        return [poison(number // every) if number % every == every - 1 else self.change(number) for number in range(self.count)]

    def change(self, number):
        draw = self.random.random()
        if draw < 0.38:
            return self.customer(number, "d" if draw < 0.03 else "u")
        return self.purchase(number, "d" if draw < 0.46 else "u")

    def maybe(self, share, value):
        """The value, or null in `share` of the cases."""
        return None if self.random.random() < share else value

    def stamp(self, row, name, number, strict):
        """Gives the row its version: new; sometimes older, equal or none."""
        held, draw = self.versions.get(name), self.random.random()
        if held is not None and draw < 0.03:
            return {**row, "updated": max(0, held - self.random.randint(1, 50))}
        if not strict and held is not None and draw < 0.05:
            return {**row, "updated": held}
        if not strict and draw < 0.08:
            return {**row, "updated": None} if draw < 0.065 else row
        self.versions[name] = number + 1
        return {**row, "updated": number + 1}

    def customer(self, number, op):
        name = f"c{self.random.randrange(self.customers)}"
        if op == "d":
            row = {"id": name}
        else:
            n = self.random.randrange(self.customers * 6 // 10)
            email = "" if self.random.random() < 0.01 else f"zoé{n}@example.test" if n % 20 == 0 else f"user{n}@example.test"
            row = {"id": name, "email": self.maybe(0.05, email), "country": self.maybe(0.05, self.random.choice(["FR", "DE", "IT", "ES"])),
                   "age": self.maybe(0.05, self.random.randint(18, 80)), "optin": self.maybe(0.05, self.random.random() < 0.6)}
            for field in [f for f, value in row.items() if value is None and self.random.random() < 0.5]:
                del row[field]                  # a missing nullable field is null
            if self.random.random() < 0.02:
                row["unheard_of"] = [1, {"of": None}]           # ignored
        return plain(CUSTOMER_TOPIC, name, "customers", op, self.stamp(row, name, number, strict=False))

    def purchase(self, number, op):
        n = self.random.randrange(self.purchases)
        name, moves = f"p{n}", n % 10 == 0
        owner = self.owner.get(name, f"c{n % self.customers}")
        if op == "d":
            row = {"id": name}
        else:
            if moves and self.random.random() < 0.5:
                owner = f"c{self.random.randrange(self.customers)}"
            self.owner[name] = owner
            row = {"id": name, "customer_id": self.maybe(0.02, owner), "amount": self.maybe(0.05, self.amount()),
                   "category": self.maybe(0.05, self.random.choice(["shoes", "books", "garden"])), "at": self.maybe(0.03, self.at())}
        return plain(PURCHASE_TOPIC, owner, "purchases", op, self.stamp(row, name, number, strict=moves))

    def amount(self):
        if self.random.random() < 0.1:
            return self.random.randint(-20, 100)
        return round(self.random.uniform(0.01, 90), 2)

    def at(self):
        """An instant in one of the contract's forms, far from the edges of the windows of 30 and 90 days."""
        days = self.random.uniform(*self.random.choices([(-5, -2), (0.5, 28), (32, 88), (92, 150)], [1, 6, 6, 3])[0])
        at = self.now_ms - int(days * DAY_MS)
        if self.random.random() < 0.5:
            return at
        hours = self.random.choice([0, 2, -5])
        text = (datetime.fromtimestamp(0, timezone(timedelta(hours=hours))) + timedelta(milliseconds=at)).isoformat(timespec="milliseconds")
        return text.replace("+00:00", "Z")


def generate(seed, count, now_ms):
    return Generator(seed, count, now_ms).changes()
