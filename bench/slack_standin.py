#!/usr/bin/env python3
"""A stand-in for Slack's incoming webhooks on loopback: takes every POST, answers "ok" and counts the messages by their text.

    slack_standin.py [--port 9099] [--print]

Prints "listening PORT" first, then with --print each message's text. GET answers the counts as a JSON object, text to number.
Stops on SIGTERM, or when its standard input ends if --until-eof is given. Python 3.9 or later.
"""

import argparse
import asyncio
import collections
import json
import signal
import sys


def answer(status, content_type, body):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


class StandIn:
    def __init__(self, show):
        self.messages = collections.Counter()
        self.show = show

    async def serve(self, reader, writer):
        try:
            while True:
                writer.write(await self.take(reader))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            pass  # the peer has gone, perhaps killed in the middle of a request: a message that did not arrive whole is none
        finally:
            writer.close()

    async def take(self, reader):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request, *lines = head.rstrip().split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        if request.startswith("GET"):
            return answer("200 OK", "application/json", json.dumps(self.messages).encode())
        if "content-length" in fields:
            body = await reader.readexactly(int(fields["content-length"]))
        else:
            body = await self.chunks(reader)
        try:
            text = json.loads(body)["text"]
        except (ValueError, KeyError, TypeError):
            return answer("400 Bad Request", "text/plain", b"invalid_payload")
        self.messages[text] += 1
        if self.show:
            print(text, flush=True)
        return answer("200 OK", "text/plain", b"ok")

    async def chunks(self, reader):
        body = b""
        while True:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            body += (await reader.readexactly(size + 2))[:-2]
            if size == 0:
                return body


async def run(port, show, until_eof):
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, stop.set)
    if until_eof:
        loop.add_reader(sys.stdin, stop.set)
    server = await asyncio.start_server(StandIn(show).serve, "127.0.0.1", port, backlog=1024)
    print(f"listening {server.sockets[0].getsockname()[1]}", flush=True)
    await stop.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--print", action="store_true", dest="show")
    parser.add_argument("--until-eof", action="store_true")
    arguments = parser.parse_args()
    asyncio.run(run(arguments.port, arguments.show, arguments.until_eof))


if __name__ == "__main__":
    main()
