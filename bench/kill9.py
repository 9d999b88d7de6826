#!/usr/bin/env python3
"""Kills a Caravan node while events stream in, and counts what is missing afterwards.

    kill9.py [--jar ../target/caravan.jar] [--events 20000] [--kills 10] [--connections 16] [--seed N]

Sends unique signed events as fast as the node takes them; at random moments the node is ended by SIGKILL and started again on the
same directory, now and then killed once more while it starts. A sender does as vendors do: no answer or a 503, and the same event
goes out again. When all are answered and delivered, three parties that know nothing of each other are compared: what the senders
were answered, what `caravan events` and `caravan deliveries` say, and what the Slack stand-in received.

Exit 0 if nothing is lost and nothing is twice in the inbox, 1 if something is, 2 if it could not be found out. A message that came
more than once is reported and allowed: delivery is at least once, and a kill between the message and its record repeats it.
Python 3.11 or later and Java; everything runs on loopback in a temporary directory.
"""

import argparse
import asyncio
import collections
import json
import os
import random
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import sign

HERE = Path(__file__).resolve().parent
SETTLED = {"succeeded", "dead", "discarded"}

ROUTE = """\
- route:
    id: kill9
    description: One message per event
    from:
      uri: inbox:koji
      steps:
        - to:
            id: message
            uri: kamelet:slack-message-sink
            parameters:
              webhookUrl: "{{slack.bench.webhook-url}}"
              text: "${variable.eventId} ${body[data][interview_id]}"
"""


class CannotTell(Exception):
    """The run broke before a verdict: one sentence for the user."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class StandIn:
    """The Slack stand-in, a process of its own so that it takes no time from the senders."""

    def __init__(self):
        command = [sys.executable, str(HERE / "slack_standin.py"), "--until-eof"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{int(self.process.stdout.readline().split()[1])}/services/T0/B0/kill9"

    def messages(self):
        """Text of a message to the number of times it came."""
        with urllib.request.urlopen(self.url, timeout=30) as response:
            return json.load(response)

    def stop(self):
        self.process.terminate()
        self.process.wait(10)


class Node:
    """The node under test and its directory. One process at a time."""

    def __init__(self, caravan, directory, secret, slack_url):
        self.caravan = caravan
        self.directory = directory
        self.port = free_port()
        self.process = None
        self.log = open(directory / "node.log", "ab")
        settings = {
            "caravan.source.koji.preset": "koji",
            "caravan.source.koji.secret": secret,
            "camel.server.host": "127.0.0.1",
            "camel.server.port": self.port,
            "camel.management.port": free_port(),
            "slack.bench.webhook-url": slack_url,
        }
        lines = (f"{key} = {value}\n" for key, value in settings.items())
        (directory / "application.properties").write_text("".join(lines), encoding="utf-8")
        (directory / "routes").mkdir()
        (directory / "routes" / "kill9.yaml").write_text(ROUTE, encoding="utf-8")

    def start(self):
        command = [*self.caravan, "--dir", str(self.directory)]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL)

    def must_run(self):
        if self.process.poll() is not None:
            raise CannotTell(f"The node ended by itself with exit code {self.process.returncode}:\n{self.log_tail()}")

    def kill(self):
        self.must_run()
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def log_tail(self):
        text = (self.directory / "node.log").read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-20:])

    def ask(self, *words):
        """The records that a command of the command line prints with --json."""
        command = [*self.caravan, *words, "--json", "--limit", "0", "--dir", str(self.directory)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise CannotTell(f"`caravan {' '.join(words)}` ended with exit code {done.returncode}: {done.stderr.strip()[-500:]}")
        return records(done.stdout)


def records(text):
    """A JSON array, an object that holds one, or one object a line."""
    try:
        document = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    if isinstance(document, dict):
        return next((value for value in document.values() if isinstance(value, list)), [document])
    return document


def first(record, *names):
    return next((record[name] for name in names if record.get(name) is not None), None)


class Ledger:
    """What the senders were answered."""

    def __init__(self):
        self.event_ids = {}  # interview id -> event id of the 200
        self.words = {}  # interview id -> accepted or duplicate
        self.unanswered = 0
        self.busy = 0
        self.unexpected = []

    def note(self, interview, body):
        answer = json.loads(body)
        self.words[interview] = answer["status"]
        self.event_ids[interview] = answer["id"]


def request(port, secret, interview):
    body = json.dumps(sign.sample("koji", "interview.completed", interview), separators=(",", ":")).encode()
    fields = {"Host": f"127.0.0.1:{port}", "Content-Type": "application/json", "Content-Length": len(body)}
    fields.update(sign.headers("koji", secret, body))
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    return f"POST /webhooks/koji HTTP/1.1\r\n{head}\r\n".encode() + body


async def read_answer(reader):
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    status = int(head.split(" ", 2)[1])
    fields = {line.partition(":")[0].lower(): line.partition(":")[2].strip() for line in head.split("\r\n")[1:]}
    body = await reader.readexactly(int(fields.get("content-length", 0)))
    return status, body, fields.get("connection", "").lower() == "close"


async def sender(port, queue, ledger):
    """One keep-alive connection: an event leaves it only with an answer other than 503."""
    reader = writer = None
    while queue:
        interview, message = queue.popleft()
        while True:
            try:
                async with asyncio.timeout(10):
                    if writer is None:
                        reader, writer = await asyncio.open_connection("127.0.0.1", port)
                    writer.write(message)
                    status, body, close = await read_answer(reader)
            except (OSError, EOFError, TimeoutError, ValueError, IndexError):
                status, body, close = None, b"", True
            if close and writer is not None:
                writer.close()
                writer = None
            if status == 200:
                ledger.note(interview, body)
                break
            if status is None:
                ledger.unanswered += 1
            elif status == 503:
                ledger.busy += 1
            else:
                ledger.unexpected.append((interview, status, body[:200].decode("utf-8", "replace")))
                break
            await asyncio.sleep(0.05)
    if writer is not None:
        writer.close()


async def stream(port, messages, connections):
    ledger = Ledger()
    queue = collections.deque(messages)
    return ledger, [asyncio.create_task(sender(port, queue, ledger)) for _ in range(connections)]


async def killer(node, ledger, total, kills, chance):
    """Kills once in each of `kills` equal parts of the stream, at a moment left to chance, and starts the node again each time."""
    report = []
    for part in range(kills):
        moment = int((part + 0.8 * chance.random()) * total / kills)  # not so late that the stream is over before the signal is there
        while len(ledger.event_ids) < moment:
            node.must_run()
            await asyncio.sleep(0.001)
        await asyncio.sleep(chance.uniform(0, 0.005))
        answered, unanswered = len(ledger.event_ids), ledger.unanswered
        node.kill()
        node.start()
        while_starting = chance.random() < 0.3
        if while_starting:
            until = time.monotonic() + chance.uniform(0.1, 2.5)
            while time.monotonic() < until and len(ledger.event_ids) == answered:
                await asyncio.sleep(0.001)
            node.kill()
            node.start()
        while len(ledger.event_ids) == answered and answered < total:
            node.must_run()
            await asyncio.sleep(0.01)
        report.append((answered, ledger.unanswered - unanswered, while_starting))
    return report


async def storm(node, messages, arguments, chance):
    ledger, senders = await stream(node.port, messages, arguments.connections)
    killing = asyncio.create_task(killer(node, ledger, len(messages), arguments.kills, chance))
    begun = time.monotonic()
    try:
        async with asyncio.timeout(arguments.max_seconds):
            kills = await killing
            while any(not task.done() for task in senders):
                node.must_run()
                await asyncio.sleep(0.05)
            await asyncio.gather(*senders)
    except TimeoutError:
        raise CannotTell(f"{len(ledger.event_ids)} of {len(messages)} events were answered in {arguments.max_seconds} s.\n{node.log_tail()}") from None
    finally:
        for task in [killing, *senders]:
            task.cancel()
    return ledger, kills, time.monotonic() - begun


def delivered(stand_in):
    """interview id -> {event id: number of messages}"""
    found = collections.defaultdict(dict)
    for text, count in stand_in.messages().items():
        event_id, _, interview = text.partition(" ")
        found[interview][event_id] = count
    return found


def await_deliveries(node, stand_in, ledger, patience):
    """Waits until every answered event has come out, or nothing has moved for `patience` seconds; then for the node's own record of it."""
    seen, moved = -1, time.monotonic()
    while True:
        node.must_run()
        found = delivered(stand_in)
        if len(found) > seen:
            seen, moved = len(found), time.monotonic()
        if ledger.event_ids.keys() <= found.keys() or time.monotonic() - moved > patience:
            break
        time.sleep(0.2)
    deadline = time.monotonic() + patience
    while True:
        deliveries = node.ask("deliveries")
        if all(state(delivery) in SETTLED for delivery in deliveries) or time.monotonic() > deadline:
            return deliveries
        time.sleep(1)


def state(delivery):
    return str(first(delivery, "state", "status")).lower()


def judge(ledger, events, deliveries, found, again):
    """name -> ids; the empty list everywhere is the good outcome."""
    in_inbox = collections.Counter(str(first(event, "id", "eventId", "event_id")) for event in events)
    keys = collections.Counter(str(first(event, "idempotencyKey", "idempotency_key", "key") or first(event, "id")) for event in events)
    succeeded = collections.Counter(
        str(first(delivery, "eventId", "event_id", "event")) for delivery in deliveries if state(delivery) == "succeeded"
    )
    answered = ledger.event_ids
    known = [i for i in answered if again.words.get(i) == "duplicate" and again.event_ids[i] == answered[i]]
    return {
        "lost: answered 200, not in the inbox": [i for i, event in answered.items() if event not in in_inbox],
        "lost: answered 200, not a duplicate of itself when sent again": sorted(answered.keys() - set(known)),
        "lost: answered 200, no message": [i for i in answered if i not in found],
        "not marked as delivered": [i for i, event in answered.items() if event not in succeeded],
        "twice in the inbox": [key for key, count in keys.items() if count > 1] + [i for i, ids in found.items() if len(ids) > 1],
        "two deliveries of one event": [event for event, count in succeeded.items() if count > 1],
        "answered neither 200 nor 503": ledger.unexpected + again.unexpected,
    }


def print_report(ledger, kills, seconds, found, events, deliveries, faults):
    answered = len(ledger.event_ids)
    states = collections.Counter(map(state, deliveries))
    messages = sum(sum(ids.values()) for ids in found.values())
    print(f"kills: {len(kills)} while streaming, {sum(starting for _, _, starting in kills)} more while starting")
    for number, (at, cut_off, _) in enumerate(kills, 1):
        print(f"  {number}. after {at} answers; {cut_off} attempts failed until the next answer")
    print(f"kills that cut off requests: {sum(cut_off > 0 for _, cut_off, _ in kills)}")
    print(f"answered 200: {answered} in {seconds:.1f} s, down time included ({dict(collections.Counter(ledger.words.values()))})")
    print(f"sent again: {ledger.unanswered} without an answer, {ledger.busy} after a 503")
    print(f"in the inbox: {len(events)}; deliveries: {dict(states)}; messages: {messages}")
    print(f"delivered more than once (allowed): {sum(1 for ids in found.values() if sum(ids.values()) > 1)}")
    for fault, ids in faults.items():
        print(f"{fault}: {len(ids)}" + (f", such as {ids[:3]}" if ids else ""))


def resend(node, messages, connections):
    async def run():
        ledger, senders = await stream(node.port, messages, connections)
        await asyncio.wait_for(asyncio.gather(*senders), 300)
        return ledger

    return asyncio.run(run())


def experiment(arguments, directory):
    chance = random.Random(arguments.seed)
    secret = "kill9-" + os.urandom(16).hex()
    stand_in = StandIn()
    node = None
    try:
        node = Node(arguments.caravan, directory, secret, stand_in.url)
        run = os.urandom(4).hex()
        interviews = [f"{run}-{number}" for number in range(arguments.events)]
        messages = [(interview, request(node.port, secret, interview)) for interview in interviews]
        node.start()
        ledger, kills, seconds = asyncio.run(storm(node, messages, arguments, chance))
        deliveries = await_deliveries(node, stand_in, ledger, arguments.patience)
        events = node.ask("events")
        found = delivered(stand_in)
        again = resend(node, messages, arguments.connections)
        node.stop()
        faults = judge(ledger, events, deliveries, found, again)
        print_report(ledger, kills, seconds, found, events, deliveries, faults)
        return 1 if any(faults.values()) or len(ledger.event_ids) != len(messages) else 0
    finally:
        if node is not None:
            node.stop()
        stand_in.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jar", default=str(HERE.parent / "target" / "caravan.jar"))
    parser.add_argument("--caravan", help='the command to run instead of "java -jar JAR"')
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"), help="repeats the moments of another run")
    parser.add_argument("--max-seconds", type=float, default=600, help="for the stream, down time included")
    parser.add_argument("--patience", type=float, default=90, help="seconds without a new message after which deliveries are over")
    parser.add_argument("--keep", action="store_true", help="keep the directory and say where it is")
    arguments = parser.parse_args()
    if arguments.caravan is None and not Path(arguments.jar).is_file():
        parser.error(f"{arguments.jar} does not exist; build it with mvn -DskipTests package, or name it with --jar")
    arguments.caravan = shlex.split(arguments.caravan) if arguments.caravan else ["java", "-jar", arguments.jar]
    print(f"seed {arguments.seed}", flush=True)
    directory = Path(tempfile.mkdtemp(prefix="caravan-kill9."))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return experiment(arguments, directory)
    except CannotTell as problem:
        print(f"kill9.py: {problem}", file=sys.stderr)
        return 2
    finally:
        if arguments.keep:
            print(f"kept {directory}")
        else:
            shutil.rmtree(directory, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
