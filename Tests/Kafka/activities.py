"""Goal: campaigns that use every activity, for the workload of the kill test. What they must give is worked out in populations.py (from the
tables at the end) and memories.py (from what was committed before).

Python on purpose: these tests share no code with the product."""
ZONE = "Europe/Paris"
WAIT_MS, COOLDOWN_MS, SCHEDULE_MS = 2_000, 6_000, 3_000      # the durations below


def build(name, dimension, condition):
    return {"id": name, "type": "build-audience", "dimension": dimension, "filter": condition}


def save(origin, audience, attributes=(), field="email", namespace="Email", **more):
    """Saves a transition under the names that its columns have."""
    return {"id": f"save-{audience}", "type": "save-audience", "from": origin, "audience": {"id": audience, "label": f"Audience {audience}"},
            "identity": {"field": field, "namespace": namespace}, "attributes": [{"source": name, "name": name} for name in attributes], **more}


def campaign(name, *activities):
    return {"id": name, "name": name, "timezone": ZONE, "activities": list(activities)}


# Choices among rows: enrichment in its three forms, deduplication, and split by limit, sample and percentage.
FACTS = {
    "id": "facts", "type": "enrichment", "from": "optins",
    "columns": [{"name": "spent", "value": "Coalesce(SUM(purchases.amount WHERE amount > 0), 0.0)"}],
    "collections": [{"link": "purchases", "filter": "amount >= 20", "sort": {"by": "amount", "order": "desc"}, "lines": 2, "fields": ["id", "amount"],
                     "alias": "top"}],
    "joins": [{"from": "large", "on": [{"source": "id", "target": "customer_id"}], "columns": [{"name": "large", "value": "category"}]}]}
SELECTION = campaign(
    "selection", build("optins", "customers", "optin = TRUE"), build("large", "purchases", "amount >= 70"), FACTS,
    {"id": "one", "type": "deduplication", "from": "facts", "fields": ["country", "age"], "keep": 2, "method": {"highest": "spent"}, "nulls": "keep",
     "complement": True},
    {"id": "parts", "type": "split", "from": "one", "complement": True, "subsets": [
        {"name": "best", "filter": "spent > 50", "limit": {"count": 60}, "sort": {"by": "spent", "order": "desc"}, "code": "B"},
        {"name": "lucky", "sample": {"percent": 50}, "limit": {"count": 90}},
        {"name": "tenth", "filter": "country IN ('FR', 'DE')", "limit": {"percent": 10}}]},
    save("parts.best", "best", ["spent", "top1_id", "top1_amount", "top2_amount", "large", "segmentCode"]),
    save("parts.lucky", "lucky", ["id", "segmentCode"]), save("parts.tenth", "tenth", ["id", "segmentCode"]),
    save("parts.complement", "others", ["id", "spent"]), save("one.complement", "doubles", ["id"]))

# Ways from one table to another, set operations, another campaign's audience; and a small population whose parity decides.
JOURNEYS = campaign(
    "journeys", build("garden", "purchases", "category = 'garden' AND amount >= 60"), build("germans", "customers", "country = 'DE'"),
    {"id": "buyers", "type": "change-dimension", "from": "garden", "link": "customer"},
    {"id": "bought", "type": "change-dimension", "from": "germans", "link": "purchases"},
    {"id": "owners", "type": "reconciliation", "from": "bought", "dimension": "customers", "rules": [{"source": "customer_id", "target": "id"}],
     "filter": "amount >= 30"},
    {"id": "recent", "type": "read-audience", "audience": "recent-buyers", "dimension": "customers", "identityField": "email", "attributes": ["country"]},
    {"id": "either", "type": "combine", "operation": "union", "from": ["buyers", "owners"]},
    {"id": "both", "type": "combine", "operation": "intersection", "by": ["email"], "from": ["buyers", "recent"]},
    {"id": "foreign", "type": "combine", "operation": "exclusion", "from": ["buyers", "germans"]},
    save("recent", "readers", ["country", "age"]), save("either", "either", ["id", "customer_id"]), save("both", "both", ["id", "country"]),
    save("foreign", "foreign", ["id"]),
    build("few", "customers", "age = 33 AND country = 'FR'"), {"id": "same", "type": "fork", "from": "few", "outputs": ["tested", "joined"]},
    {"id": "parity", "type": "test", "from": "same.tested", "conditions": [{"name": "even", "when": "recCount % 2 = 0"}]},
    {"id": "while-even", "type": "and-join", "from": ["same.joined", "parity.even"]},
    save("while-even", "even", ["id"]), save("parity.default", "odd", ["id"]), {"id": "last", "type": "end", "from": "parity.even"})


def remembering(label, condition):
    """Everything that remembers, beside a mirror of the same rows under an identity each, `seen`, which tells what there was to remember."""
    mirrored = {"attributes": ["email", "country"], "field": "id", "namespace": "Customer"}
    return campaign(
        "memory", build("young", "customers", condition) | {"label": label},
        {"id": "same", "type": "fork", "from": "young", "outputs": ["now", "later", "sent", "counted"]},
        save("same.now", "seen", **mirrored), save("same.now", "ever", **mirrored, mode="append"),
        save("same.now", "still", **mirrored, mode="frozen", schedule={"every": "PT3S"}),
        {"id": "long", "type": "wait", "from": "same.later", "duration": "PT2S"}, save("long", "settled", **mirrored),
        sender("welcome", "same.sent", repeat="once"), sender("again", "welcome", repeat="every-entry", cooldown="PT6S"),
        {"id": "fifth", "type": "alert", "from": "same.counted", "title": "Fifth", "message": "A fifth", "when": "recCount % 5 = 0"})


def sender(name, origin, **more):
    return {"id": name, "type": "channel", "from": origin, "channel": "email", "identity": {"field": "id", "namespace": "Customer"}, "address": "email",
            "template": "hello", "attributes": [{"source": "country", "name": "country"}], **more}


# The second version asks for other people; what the activities behind it remember is kept.
MEMORY_1 = remembering("Young", "optin = TRUE AND age < 26")
MEMORY_2 = remembering("Younger than 30", "optin = TRUE AND age < 30")
