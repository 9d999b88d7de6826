#!/usr/bin/env python3
"""Signs webhook events as the vendors' pages show, and posts them.

It shares no code with Caravan, so that the two can disagree. Python 3.9 or later, nothing to install.

    sign.py koji --secret S --url http://127.0.0.1:8080/webhooks/koji
    sign.py koji --secret S --url URL --type study.published --set data.study_id=s1
    sign.py kejue --method basic_auth --secret user:password --url URL --file event.json
    sign.py koji --secret S --url URL --id one --repeat 2 --change-byte --expect 401

Prints one line per answer: the status, then the body. Exit 0 if every status is the expected one (default 200), 1 if not, 2 for
wrong usage.
"""

import argparse
import base64
import hashlib
import hmac
import http.client
import json
import os
import sys
import time
import urllib.parse
from datetime import datetime, timezone

KEJUE_METHODS = ("hmac_sha256", "hmac_sha1", "bearer", "basic_auth", "none")
DEFAULT_TYPES = {
    "koji": "interview.completed",
    "koeiq": "transcription.completed",
    "ai-interview": "interview.completed",
    "kejue": "call.ended",
}


def hex_hmac(algorithm, secret, message):
    return hmac.new(secret.encode(), message, algorithm).hexdigest()


def headers(vendor, secret, body, method="hmac_sha256", now=None):
    """The headers that `vendor` sends with `body` (bytes). `method` and `now` (unix seconds) matter to Kejue only."""
    if vendor == "koji":
        return {"X-Koji-Signature": "sha256=" + hex_hmac("sha256", secret, body)}
    if vendor == "koeiq":
        return {"X-KoeIQ-Signature": "sha256=" + hex_hmac("sha256", secret, body)}
    if vendor == "ai-interview":
        return {"X-Webhook-Signature": hex_hmac("sha256", secret, body)}
    timestamp = str(int(time.time() if now is None else now))
    stamped = {"X-Kejue-Timestamp": timestamp}
    signed = timestamp.encode() + b"." + body
    if method == "hmac_sha256":
        return {**stamped, "X-Kejue-Signature": "sha256=" + hex_hmac("sha256", secret, signed)}
    if method == "hmac_sha1":
        return {**stamped, "X-Kejue-Signature": "sha1=" + hex_hmac("sha1", secret, signed)}
    if method == "bearer":
        return {"Authorization": "Bearer " + secret}
    if method == "basic_auth":
        return {"Authorization": "Basic " + base64.b64encode(secret.encode()).decode()}
    return {}


def sample(vendor, kind, identity):
    """An event of type `kind` with `identity` where this vendor's events carry theirs."""
    now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    if vendor == "koji":
        data = {
            "interview_id": identity,
            "study_id": "xyz789",
            "study_title": "Post-Trial Feedback",
            "participant": {"name": "Sarah", "company": "Acme Corp", "email": "sarah@acme.example", "plan": "enterprise"},
            "quality_score": 4,
            "completed_at": now,
        }
        return {"type": kind, "timestamp": now, "data": data}
    if vendor == "koeiq":
        data = {"voicelog_id": identity, "call_id": "CALL-001", "status": "done", "duration_seconds": 342}
        return {"event": kind, "timestamp": now, "tenant_id": "t_1", "data": data}
    if vendor == "ai-interview":
        flat = {"event": kind, "session_id": identity, "invitee_email": "sarah@acme.example", "total_minutes": 24, "timestamp": now}
        return {**flat, "feedback": {"rating": 5}} if kind == "session.feedback_submitted" else flat
    data = {"job_id": "job_" + identity, "conversation_id": "conv_1", "attempt_number": 1, "status": "completed"}
    return {"event": kind, "event_id": "evt_" + identity, "workspace_id": "ws_1", "timestamp": now, "data": data, "metadata": {}}


def assign(event, assignment):
    """Applies one `--set a.b.c=value` (JSON where it parses, else text)."""
    path, _, value = assignment.partition("=")
    *parents, last = path.split(".")
    target = event
    for name in parents:
        target = target.setdefault(name, {})
    try:
        target[last] = json.loads(value)
    except ValueError:
        target[last] = value


def changed(body):
    """`body` with one byte in its middle replaced by another that keeps it JSON-like: a forged event."""
    middle = next(i for i in range(len(body) // 2, len(body)) if 48 <= body[i] <= 57 or 97 <= body[i] <= 122)
    return body[:middle] + (b"0" if body[middle : middle + 1] != b"0" else b"1") + body[middle + 1 :]


class Sender:
    """One keep-alive connection to `url`, opened again when the peer has closed it."""

    def __init__(self, url, timeout):
        self.url = urllib.parse.urlsplit(url)
        self.timeout = timeout
        self.connection = None

    def connect(self):
        kind = http.client.HTTPSConnection if self.url.scheme == "https" else http.client.HTTPConnection
        self.connection = kind(self.url.hostname, self.url.port, timeout=self.timeout)

    def post(self, body, signature_headers):
        target = (self.url.path or "/") + ("?" + self.url.query if self.url.query else "")
        if self.connection is None:
            self.connect()
        self.connection.request("POST", target, body, {"Content-Type": "application/json", **signature_headers})
        response = self.connection.getresponse()
        return response.status, response.read()


def bodies(arguments):
    run = arguments.id or f"{int(time.time()):x}-{os.getpid():x}"
    for number in range(1, arguments.count + 1):
        if arguments.file and not arguments.set:
            with open(arguments.file, "rb") as file:  # byte for byte: a signature covers spaces too
                yield file.read()
            continue
        if arguments.file:
            with open(arguments.file, encoding="utf-8") as file:
                event = json.load(file)
        else:
            identity = run if arguments.count == 1 else f"{run}-{number}"
            event = sample(arguments.vendor, arguments.type or DEFAULT_TYPES[arguments.vendor], identity)
        for assignment in arguments.set:
            assign(event, assignment)
        yield json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("vendor", choices=sorted(DEFAULT_TYPES))
    parser.add_argument("--secret", default=os.environ.get("WEBHOOK_SECRET"), help="default: the variable WEBHOOK_SECRET")
    parser.add_argument("--url", required=True)
    parser.add_argument("--method", choices=KEJUE_METHODS, default="hmac_sha256", help="Kejue's authentication method")
    parser.add_argument("--type", help="event type (default: " + ", ".join(f"{v}: {t}" for v, t in DEFAULT_TYPES.items()) + ")")
    parser.add_argument("--file", help="send this file's bytes instead of a built-in event")
    parser.add_argument("--set", action="append", default=[], metavar="PATH=VALUE", help="change a field: data.quality_score=2")
    parser.add_argument("--id", help="the interview, voice log, session or event id (default: a new one per run)")
    parser.add_argument("--count", type=int, default=1, help="number of different events")
    parser.add_argument("--repeat", type=int, default=1, help="send each event this often")
    parser.add_argument("--change-byte", action="store_true", help="change a byte after signing")
    parser.add_argument("--unsigned", action="store_true", help="send no signature")
    parser.add_argument("--age", type=int, default=0, metavar="SECONDS", help="date a Kejue signature this far back")
    parser.add_argument("--expect", type=int, default=200, metavar="STATUS")
    parser.add_argument("--timeout", type=float, default=10)
    parser.add_argument("--quiet", action="store_true", help="print unexpected answers only")
    arguments = parser.parse_args()
    if arguments.secret is None and not arguments.unsigned and arguments.method != "none":
        parser.error("--secret or the variable WEBHOOK_SECRET is needed")

    sender = Sender(arguments.url, arguments.timeout)
    failures = 0
    for body in bodies(arguments):
        now = time.time() - arguments.age
        signature = {} if arguments.unsigned else headers(arguments.vendor, arguments.secret, body, arguments.method, now)
        sent = changed(body) if arguments.change_byte else body
        for _ in range(arguments.repeat):
            try:
                status, answer = sender.post(sent, signature)
            except (OSError, http.client.HTTPException) as error:
                print(f"{arguments.url} did not answer: {error!r}", file=sys.stderr)
                return 1
            expected = status == arguments.expect
            failures += not expected
            if not (expected and arguments.quiet):
                print(status, answer.decode("utf-8", "replace").strip())
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
