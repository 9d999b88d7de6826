#!/usr/bin/env python3
"""How fast this machine is right now: machine.py DIR prints thousands of HMACs a second on one core and disk syncs a second in DIR.

run.sh notes both before each measurement: on a shared or virtual machine they tell a slow subject from a slow moment.
"""

import hashlib
import hmac
import os
import sys
import tempfile
import time


def per_second(action, seconds=0.5):
    begun = time.perf_counter()
    count = 0
    while time.perf_counter() - begun < seconds:
        action()
        count += 1
    return count / seconds


def main():
    body = b"x" * 420
    with tempfile.TemporaryFile(dir=sys.argv[1]) as file:

        def sync():
            os.write(file.fileno(), body)
            os.fdatasync(file.fileno())

        hmacs = per_second(lambda: hmac.digest(b"secret", body, hashlib.sha256)) / 1000
        print(f'"khmacs":{hmacs:.0f},"syncs":{per_second(sync):.0f}')


if __name__ == "__main__":
    main()
