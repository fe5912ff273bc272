"""Goal: definitions that the program accepts: the examples of Config, those of the conformance cases, and some that say all there is."""
import json
import pathlib
import sys

from documents import CONFIG

SCHEMAS = json.loads((CONFIG / "examples/schemas.json").read_text())

# What the examples leave out; together with them every member of the schemas is there.
ALL_OF_A_SCHEMA = {
    "$schema": "../schemas/schema.json", "name": "everything", "label": "Everything", "primaryKey": ["id"], "version": "at",
    "fields": [
        {"name": "id", "type": "string", "label": "Its id"}, {"name": "at", "type": "datetime", "unit": "seconds"},
        {"name": "kind", "type": "enum", "values": ["a", "b"], "unit": None}, {"name": "owner", "type": "string", "unit": None},
        {"name": "n", "type": "integer", "unit": None}, {"name": "x", "type": "double", "unit": None},
        {"name": "b", "type": "boolean", "unit": None}, {"name": "day", "type": "date", "unit": None}],
    "identities": [{"field": "owner", "namespace": "Owner"}],
    "links": [{"name": "parent", "to": "nodes", "on": {"owner": "id"}, "reverse": "things", "unique": False}]}

BUYERS = {"id": "buyers", "type": "build-audience", "dimension": "customers", "label": "Buyers", "filter": {
    "except": [{"and": ["country = 'FR'", {"or": ["opted_in = TRUE", "phone IS NOT NULL"]}]}, "email IS NULL"]}}
IDENTITY = {"field": "email", "namespace": "Email"}


def campaign(identifier, *activities, **members):
    return {"id": identifier, "activities": [BUYERS, *activities], **members}


ALL_OF_CAMPAIGNS = [
    campaign("all-of-a-campaign", name="All", timezone="Europe/Paris", startAt="2026-01-01T00:00:00Z", endAt=1798761600000,
             **{"$schema": "../schemas/campaign.json"}),
    campaign("all-of-combine", {"id": "others", "type": "build-audience", "dimension": "customers", "filter": "TRUE"},
             {"id": "c", "type": "combine", "operation": "exclusion", "from": ["buyers", "others"], "by": ["email"], "primary": "buyers",
              "match": {"others": [{"primary": "email", "other": "email"}]}, "complement": True},
             {"id": "j", "type": "and-join", "from": ["c", "others"], "primary": "others"}),
    campaign("all-of-split", {"id": "s", "type": "split", "from": ["buyers"], "overlap": True, "complement": True, "seed": "s", "subsets": [
        {"name": "one", "filter": "TRUE", "sample": {"percent": 12.5}, "limit": {"count": 10}, "sort": {"by": "email", "order": "desc"}, "code": "1"},
        {"name": "two", "limit": {"percent": 10}}]}),
    campaign("all-of-deduplication", {
        "id": "d", "type": "deduplication", "from": "buyers", "fields": ["email"], "keep": 2, "nulls": "drop", "complement": True, "seed": "d",
        "method": {"lowest": "birth_date"}},
        {"id": "e", "type": "deduplication", "from": "buyers", "fields": ["email"], "method": {"highest": "birth_date"}},
        {"id": "f", "type": "deduplication", "from": "buyers", "fields": ["email"], "method": {"nonEmpty": "phone"}},
        {"id": "g", "type": "deduplication", "from": "buyers", "fields": ["email"], "method": {"values": {"of": "country", "order": ["FR", "DE"]}}}),
    campaign("all-of-enrichment", {
        "id": "e", "type": "enrichment", "from": "buyers", "columns": [{"name": "upper", "value": "Upper(email)"}],
        "collections": [{"link": "purchases", "filter": "TRUE", "sort": {"by": "at", "order": "asc"}, "lines": 2, "fields": ["at"], "alias": "p"}],
        "joins": [{"from": "buyers", "on": [{"source": "email", "target": "email"}], "columns": [{"name": "other", "value": "country"}]}]}),
    campaign("all-of-reconciliation", {
        "id": "r", "type": "reconciliation", "from": "buyers", "dimension": "customers", "rules": [{"source": "email", "target": "email"}],
        "filter": "email IS NOT NULL", "keepUnreconciled": False, "complement": True}),
    campaign("all-of-flow", {"id": "w", "type": "wait", "from": "buyers", "duration": "PT30M"},
             {"id": "u", "type": "wait", "from": "buyers", "until": "2026-03-01T00:00:00+01:00"},
             {"id": "k", "type": "fork", "from": "w", "outputs": ["a", "b"]},
             {"id": "t", "type": "test", "from": "k.a", "conditions": [{"name": "many", "when": "recCount > 9"}], "default": False},
             {"id": "al", "type": "alert", "from": "t.many", "title": "T", "message": "M", "when": "recCount > 5"},
             {"id": "en", "type": "end", "from": "al"}),
    campaign("all-of-channel", {
        "id": "c", "type": "channel", "from": "buyers", "channel": "direct-mail", "category": "transactional", "identity": IDENTITY, "address": "email",
        "template": "t", "attributes": [{"source": "country", "name": "country"}], "repeat": "every-entry", "cooldown": "P1D"}),
    campaign("all-of-save", {
        "id": "s", "type": "save-audience", "from": "buyers", "audience": {"id": "a", "label": "A", "description": "d"}, "identity": IDENTITY,
        "attributes": [{"source": "country", "name": "country"}], "mode": "frozen", "ifExists": "replace", "schedule": {"every": "P1D"}},
        {"id": "t", "type": "save-audience", "from": "buyers", "audience": {"id": "b"}, "identity": IDENTITY, "mode": "frozen",
         "schedule": {"cron": "0 6 * * MON-FRI"}}),
]

EVENTS = [
    {"type": "schema.published", "schema": SCHEMAS[0], "time": "2026-01-01T00:00:00Z", "$schema": "../schemas/event.json"},
    {"type": "campaign.published", "campaign": {"id": "c", "activities": [{**BUYERS, "dimension": SCHEMAS[0]["name"], "filter": "TRUE"}]}},
    {"type": "barrier.requested", "id": "b", "after": {"profile-changes": {"0": 5}}},
    {"type": "clock.advanced", "to": 1767225600000},
    {"type": "campaign.stopped", "campaignId": "c"},
    {"type": "campaign.deleted", "campaignId": "c"},
]


def examples():
    """The campaigns of Config/examples; those that read an audience come after who writes it."""
    folders = ("examples/activities", "examples/campaigns")
    found = [json.loads(path.read_text()) for folder in folders for path in sorted((CONFIG / folder).glob("*.json"))]
    found = [campaign for item in found for campaign in (item if isinstance(item, list) else [item])]
    return sorted(found, key=lambda item: any(activity["type"] == "read-audience" for activity in item["activities"]))


def scenarios(shared):
    """The conformance cases as (name, folder writer)."""
    sys.path.insert(0, str(pathlib.Path(shared) / "conformance"))
    import scenario
    for path in sorted((pathlib.Path(shared) / "conformance/cases").glob("*.json")):
        yield path.stem, scenario.read_case(str(path))
