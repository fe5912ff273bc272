"""Goal: what the campaigns `selection` and `journeys` of activities.py must save, computed from the tables at the end.

Python on purpose, and not the conformance reference either: it shares no code with the product or the referee. Each activity is written
out for what its campaign asks of it, over whole lists of rows, from semantics §2 and §4."""
from collections import defaultdict
from dataclasses import dataclass, field
from fractions import Fraction

MASK = 2**64 - 1


def stable_hash(text):
    """FNV-1a of 64 bits, then murmur3's finaliser (semantics §2)."""
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001B3 & MASK
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        h = (h ^ h >> 33) * factor & MASK
    return h ^ h >> 33


@dataclass
class Row:
    """A row of a population: the keys it went through, and what it carries."""
    keys: tuple
    columns: dict = field(default_factory=dict)

    @property
    def key(self):
        return self.keys[-1]

    @property
    def id(self):
        return ">".join(key or "" for key in self.keys)

    @property
    def id_bytes(self):
        return self.id.encode()


def in_stable_order(rows, seed):
    return sorted(rows, key=lambda row: (stable_hash(f"{seed}/{row.id}"), row.id_bytes))


def highest_first(rows, seed, value):
    """By the value, the highest first; what is equal in stable order."""
    return sorted(in_stable_order(rows, seed), key=value, reverse=True)      # a reversed sort keeps the order of equals


def without(rows, taken):
    places = {id(row) for row in taken}
    return [row for row in rows if id(row) not in places]


def unique(rows):
    """One row per key, the one with the lowest row id; rows without a key are dropped."""
    found = {}
    for row in sorted(rows, key=lambda row: row.id_bytes):
        if row.key is not None:
            found.setdefault(row.key, row)
    return found


class View:
    """The tables as the campaigns look at them. Everything they save is of customers."""

    def __init__(self, tables):
        self.customers, self.purchases = tables.rows["customers"], tables.rows["purchases"]
        self.bought = defaultdict(list)
        for name, purchase in self.purchases.items():
            self.bought[purchase.get("customer_id")].append(name)

    def value(self, row, name):
        """Of a row of customers: a carried column, else a field."""
        return row.columns[name] if name in row.columns else self.customers.get(row.key, {}).get(name)

    def amount(self, purchase):
        return self.purchases[purchase].get("amount")

    def save(self, rows, names):
        """identity -> (rows, attributes of the row with the lowest row id)."""
        found = defaultdict(list)
        for row in rows:
            if row.key is not None and self.value(row, "email"):
                found[self.value(row, "email")].append(row)
        return {email: (len(group), {name: self.value(min(group, key=lambda row: row.id_bytes), name) for name in names}) for email, group in found.items()}


def selection(tables, _now_ms, _audiences):
    view = View(tables)
    facts = [Row((name,), columns_of(view, name)) for name, customer in view.customers.items() if customer.get("optin") is True]
    # Deduplication: the two highest of each pair of country and age; a row without one of them is a group of its own.
    groups, kept = defaultdict(list), []
    for row in facts:
        pair = (view.value(row, "country"), view.value(row, "age"))
        (kept if None in pair else groups[pair]).append(row)
    for group in groups.values():
        kept += highest_first(group, "selection/one", lambda row: row.columns["spent"])[:2]
    # Split: each subset sees what the one before left.
    seed = "selection/parts"
    best = highest_first([row for row in kept if row.columns["spent"] > 50], seed, lambda row: row.columns["spent"])[:60]
    rest = without(kept, best)
    lucky = in_stable_order([row for row in rest if stable_hash(f"{seed}/lucky/{row.id}") % 10_000 < 5_000], seed)[:90]
    rest = without(rest, lucky)
    tenth = in_stable_order([row for row in rest if view.value(row, "country") in ("FR", "DE")], seed)
    tenth = tenth[:len(tenth) // 10]
    for rows, code in ((best, "B"), (lucky, "lucky"), (tenth, "tenth")):
        for row in rows:
            row.columns["segmentCode"] = code
    return {
        "best": view.save(best, ["spent", "top1_id", "top1_amount", "top2_amount", "large", "segmentCode"]),
        "lucky": view.save(lucky, ["id", "segmentCode"]), "tenth": view.save(tenth, ["id", "segmentCode"]),
        "others": view.save(without(rest, tenth), ["id", "spent"]), "doubles": view.save(without(facts, kept), ["id"])}


def columns_of(view, customer):
    """What the enrichment adds to a customer."""
    known = {purchase: view.amount(purchase) for purchase in view.bought[customer] if view.amount(purchase) is not None}
    # The exact sum, rounded once.
    columns = {"spent": float(sum(Fraction(amount) for amount in known.values() if amount > 0))}
    top = sorted((purchase for purchase in known if known[purchase] >= 20), key=lambda purchase: (-known[purchase], purchase.encode()))
    for line in (1, 2):
        purchase = top[line - 1] if len(top) >= line else None
        columns |= {f"top{line}_id": purchase, f"top{line}_amount": known.get(purchase)}
    large = min((purchase for purchase in known if known[purchase] >= 70), key=str.encode, default=None)
    return columns | {"large": view.purchases[large].get("category") if large else None}


def journeys(tables, _now_ms, audiences):
    view = View(tables)
    garden = [name for name, purchase in view.purchases.items() if purchase.get("category") == "garden" and (purchase.get("amount") or 0) >= 60]
    germans = {name for name, customer in view.customers.items() if customer.get("country") == "DE"}
    buyers = []
    for purchase in garden:
        customer = view.purchases[purchase].get("customer_id")
        buyers.append(Row((purchase, customer if customer in view.customers else None)))
    # Each of a German's purchases finds its customer again when it cost enough; the others stay without a key, and nothing saves them.
    owners = [Row((customer, purchase, customer), {"customer_id": customer}) for customer in germans for purchase in view.bought[customer]
              if (view.amount(purchase) or 0) >= 30]
    recent = [Row((name,), {"country": audiences["recent-buyers"][customer["email"]][1]["country"]}) for name, customer in view.customers.items()
              if customer.get("email") in audiences["recent-buyers"]]
    found = {"readers": view.save(recent, ["country", "age"]), "either": view.save(union(buyers, owners), ["id", "customer_id"])}
    found["both"] = view.save(same_email(view, buyers, recent), ["id", "country"])
    found["foreign"] = view.save([row for row in buyers if row.key is not None and row.key not in germans], ["id"])
    few = [Row((name,)) for name, customer in view.customers.items() if customer.get("age") == 33 and customer.get("country") == "FR"]
    return found | {"even": view.save(few if len(few) % 2 == 0 else [], ["id"]), "odd": view.save(few if len(few) % 2 else [], ["id"])}


def union(buyers, owners):
    """By key; the row is the buyer's where there is one, and what it lacks comes from the owner."""
    first, second = unique(buyers), unique(owners)
    return [Row(first.get(key, second.get(key)).keys, {"customer_id": second[key].columns["customer_id"] if key in second else None})
            for key in first.keys() | second.keys()]


def same_email(view, buyers, recent):
    """The buyers' rows, one per e-mail address, that a reader has as well; what they lack comes from the reader's lowest row."""
    def lowest(rows):
        found = {}
        for row in sorted(rows, key=lambda row: row.id_bytes):
            if view.value(row, "email") is not None:
                found.setdefault(view.value(row, "email"), row)
        return found
    first, second = lowest(buyers), lowest(recent)
    return [Row(row.keys, second[email].columns) for email, row in first.items() if email in second]
