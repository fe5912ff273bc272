"""Keeps the members of an audience in a database, and notes a mail for each who enters: each once, whatever ends this program."""
import json
import os
import sqlite3
import sys
import urllib.request

import zstandard
from confluent_kafka import Consumer, KafkaException, TopicPartition

AUDIENCE, TOPIC = "recent-buyers", "audience-members"
BROKER, SERVER = "127.0.0.1:9092", "http://127.0.0.1:8080"

database = sqlite3.connect("mirror.db", isolation_level=None)
database.executescript("""
    CREATE TABLE IF NOT EXISTS member (namespace TEXT, id TEXT, status TEXT, attributes TEXT, sequence INTEGER, PRIMARY KEY (namespace, id));
    CREATE TABLE IF NOT EXISTS mail (namespace TEXT, id TEXT, sequence INTEGER, PRIMARY KEY (namespace, id, sequence));
    CREATE TABLE IF NOT EXISTS position (partition INTEGER PRIMARY KEY, next INTEGER);
    CREATE TABLE IF NOT EXISTS start (sequence INTEGER);
""")


def take(member, status, sequence):
    """Whether it is news. What is older than what is there, or the same again, changes nothing."""
    identity = member["identity"]
    return database.execute(
        """INSERT INTO member VALUES (?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET status = excluded.status, attributes = excluded.attributes, sequence = excluded.sequence
           WHERE excluded.sequence > sequence""",
        (identity["namespace"], identity["id"], status, json.dumps(member.get("attributes")), sequence)).rowcount > 0


def ask(path):
    request = urllib.request.Request(SERVER + path)
    if "AUDIENCED_TOKEN_FILE" in os.environ:
        with open(os.environ["AUDIENCED_TOKEN_FILE"]) as token:
            request.add_header("Authorization", "Bearer " + token.read().strip())
    return urllib.request.urlopen(request)


def begin(partitions):
    """Takes the newest snapshot, and where it says that its events go on; without one, all events from the beginning."""
    path = f"/api/v1/audiences/{AUDIENCE}/snapshots"
    snapshots = json.load(ask(path))["items"]
    positions, sequence = dict.fromkeys(partitions, 0), 0
    database.execute("BEGIN")
    if snapshots:
        manifest = snapshots[0]
        sequence = manifest["sequence"]
        positions |= {int(partition): offset for partition, offset in manifest["outputs"][TOPIC].items()}
        file = ask(f"{path}/{sequence}/members.ndjson.zst")
        for line in zstandard.ZstdDecompressor().stream_reader(file).read().decode().split("\n"):
            if line:
                take(json.loads(line), "realized", sequence)
    database.execute("INSERT INTO start VALUES (?)", (sequence,))
    database.executemany("INSERT INTO position VALUES (?, ?)", positions.items())
    database.execute("COMMIT")


def follow():
    consumer = Consumer({"bootstrap.servers": BROKER, "group.id": "mirror", "isolation.level": "read_committed",
                         "enable.auto.commit": False, "auto.offset.reset": "error"})
    if not database.execute("SELECT * FROM start").fetchone():
        begin(consumer.list_topics(TOPIC, 10).topics[TOPIC].partitions)
    start, = database.execute("SELECT sequence FROM start").fetchone()
    consumer.assign([TopicPartition(TOPIC, partition, offset) for partition, offset in database.execute("SELECT * FROM position")])
    while True:
        messages = consumer.consume(500, 1)
        # What was read, and how far, is one transaction: it is there as a whole, or it is read again.
        database.execute("BEGIN")
        for message in messages:
            if message.error():
                raise KafkaException(message.error())
            # A record without a value only lets Kafka forget who has left.
            event = json.loads(message.value()) if message.value() else {}
            if event.get("audience") == AUDIENCE and event["sequence"] > start:
                if take(event, event["status"], event["sequence"]) and event["status"] == "realized":
                    identity = event["identity"]
                    database.execute("INSERT INTO mail VALUES (?, ?, ?)", (identity["namespace"], identity["id"], event["sequence"]))
            database.execute("UPDATE position SET next = ? WHERE partition = ?", (message.offset() + 1, message.partition()))
        database.execute("COMMIT")


def show():
    for identity, attributes in database.execute("SELECT id, attributes FROM member WHERE status <> 'exited' ORDER BY id"):
        print("member", identity, attributes)
    for identity, in database.execute("SELECT id FROM mail ORDER BY sequence, id"):
        print("mail to", identity)


show() if sys.argv[1:] == ["show"] else follow()
