"""Goal: the members that every audience must have, computed from scratch from the final tables.

Python on purpose, and not the conformance reference either: it shares no code with the product or the referee. The rules of the
campaigns of workload.py are written out by hand; those that use every activity are in populations.py."""
from collections import defaultdict
from datetime import datetime
from fractions import Fraction

import populations

DAY_MS = 86_400_000


class Tables:
    """Rows by table and primary key. A change with an older version than the one held (live or deleted) is ignored; one without a
    version is applied and leaves the version that is held."""

    def __init__(self):
        self.rows, self.versions = defaultdict(dict), {}

    def apply(self, content):
        """Applies one plain change; None (poison) does nothing."""
        if content is None:
            return
        table, row = content["table"], content["row"]
        key, version = row["id"], row.get("updated")
        held = self.versions.get((table, key))
        if version is not None:
            if held is not None and version < held:
                return
            self.versions[table, key] = version
        if content["op"] == "d":
            self.rows[table].pop(key, None)
        else:
            self.rows[table][key] = row


def instant_ms(value):
    """Milliseconds of an instant in either form; None stays."""
    if value is None or isinstance(value, int):
        return value
    at = datetime.fromisoformat(value)
    return round(at.timestamp() * 1000)


def since(purchase, days, now_ms):
    at = instant_ms(purchase.get("at"))
    return at is not None and at >= now_ms - days * DAY_MS


def at_least(purchase, amount):
    return purchase.get("amount") is not None and purchase["amount"] >= amount


def recent_1(customer, purchases, now_ms):
    return customer.get("optin") is True and any(since(p, 30, now_ms) and at_least(p, 10) for p in purchases)


def recent_2(customer, purchases, now_ms):
    return customer.get("country") in ("FR", "DE", "IT") and any(since(p, 90, now_ms) and at_least(p, 10) for p in purchases)


def dormant(customer, purchases, now_ms):
    young = customer.get("age") is not None and customer["age"] < 40
    return young or customer.get("optin") is True and not any(since(p, 30, now_ms) for p in purchases)


def frequent(customer, purchases, now_ms):
    # NOT of an unknown comparison is unknown: a customer without a country is not in.
    elsewhere = customer.get("country") is not None and customer["country"] != "DE"
    return sum(at_least(p, 20) for p in purchases) >= 3 and elsewhere


def big_spenders(customer, purchases, now_ms):
    amounts = [Fraction(p["amount"]) for p in purchases
               if p.get("category") in ("shoes", "garden") and since(p, 90, now_ms) and p.get("amount") is not None]
    return bool(amounts) and float(sum(amounts)) > 150      # the exact sum, rounded once; of nothing it is null


# What a campaign is at a time: its rule, and its attributes by name (the field each comes from).
RECENT_1 = (recent_1, {"country": "country", "age": "age"})
RECENT_2 = (recent_2, {"country": "country", "customer": "id"})
DORMANT = (dormant, {"optin": "optin", "email": "email"})
FREQUENT = (frequent, {"id": "id"})
SPENDERS = (big_spenders, {"age": "age"})


def members(tables, definition, now_ms):
    """identity -> (rows, attributes of the row with the lowest row id), over the customers for whom the rule is true."""
    rule, attributes = definition
    purchases, rows = defaultdict(list), defaultdict(list)
    for purchase in tables.rows["purchases"].values():
        purchases[purchase.get("customer_id")].append(purchase)
    for name, customer in tables.rows["customers"].items():
        if customer.get("email") and rule(customer, purchases[name], now_ms):
            rows[customer["email"]].append(name)
    found = {}
    for email, names in rows.items():
        first = tables.rows["customers"][min(names, key=str.encode)]
        found[email] = (len(names), {label: first.get(field) for label, field in attributes.items()})
    return found


def difference(wanted, got):
    """Problems of one audience: members that are missing, unexpected or different."""
    problems = [f"missing {name!r} {wanted[name]}" for name in wanted.keys() - got.keys()]
    problems += [f"unexpected {name!r} {got[name]}" for name in got.keys() - wanted.keys()]
    problems += [f"different {name!r}: expected {wanted[name]}, got {got[name]}" for name in wanted.keys() & got.keys() if wanted[name] != got[name]]
    return sorted(problems)


def seen(age):
    """What the mirror of campaign `memory` holds: the young who agreed, each under its own id."""
    def rule(tables, _now_ms, _audiences):
        return {"seen": {name: (1, {"email": customer.get("email"), "country": customer.get("country")}) for name, customer in tables.rows["customers"].items()
                         if customer.get("optin") is True and customer.get("age") is not None and customer["age"] < age}}
    return rule


def alone(name, definition):
    """The rule of a campaign that saves one audience, of its own name."""
    return lambda tables, now_ms, _: {name: members(tables, definition, now_ms)}


# Campaign -> its versions: (tables, now_ms, audiences that it may read) -> audience -> members, in the order in which workload.PLAN publishes them.
VERSIONS = {"recent-buyers": [alone("recent-buyers", RECENT_1), alone("recent-buyers", RECENT_2)], "dormant": [alone("dormant", DORMANT)],
            "frequent": [alone("frequent", FREQUENT)], "big-spenders": [alone("big-spenders", SPENDERS)],
            "memory": [seen(26), seen(30)], "selection": [populations.selection], "journeys": [populations.journeys]}


class Expectation:
    """What every audience must hold after the changes and control events so far. A stop freezes it, a delete empties it."""

    def __init__(self, now_ms):
        self.tables, self.now_ms, self.live, self.published, self.kept = Tables(), now_ms, {}, defaultdict(int), {}

    def changes(self, changes):
        for change in changes:
            self.tables.apply(change.content)

    def control(self, event):
        match event["type"]:
            case "campaign.published":
                name = event["campaign"]["id"]
                self.live[name] = VERSIONS[name][self.published[name]]
                self.published[name] += 1
            case "campaign.stopped":
                name = event["campaignId"]
                self.kept |= self.live.pop(name)(self.tables, self.now_ms, {})
            case "campaign.deleted":
                name = event["campaignId"]
                self.live.pop(name, None)
                self.kept[name] = {}

    def audiences(self):
        """audience -> its members. A campaign sees the audiences of those that were published before it."""
        found = dict(self.kept)
        for rule in self.live.values():
            found |= rule(self.tables, self.now_ms, found)
        return found
