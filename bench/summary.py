#!/usr/bin/env python3
"""Prints medians and ratios of the lines that run.sh wrote: summary.py results/last.jsonl. Exit 1 if any request failed."""

import json
import os
import statistics
import sys


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        lines = [json.loads(line) for line in file if line.strip()]
    subjects = list(dict.fromkeys(line["subject"] for line in lines))
    runs = {subject: [line for line in lines if line["subject"] == subject] for subject in subjects}
    rate = {subject: statistics.median(line["per_second"] for line in runs[subject]) for subject in subjects}
    failed = 0

    print(f"{os.cpu_count()} cores, load generator on the same machine; median of {min(map(len, runs.values()))}\n")
    print("| subject | requests/s | lowest to highest | p50 ms | p99 ms | failed |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    for subject in subjects:
        rates = [line["per_second"] for line in runs[subject]]
        errors = sum(line["status_errors"] + line["socket_errors"] for line in runs[subject])
        failed += errors
        p50, p99 = (statistics.median(line[key] for line in runs[subject]) for key in ("p50_ms", "p99_ms"))
        print(f"| {subject} | {rate[subject]:,.0f} | {min(rates):,.0f} to {max(rates):,.0f} | {p50:.1f} | {p99:.1f} | {errors} |")

    print()
    for own in (s for s in subjects if s.startswith("caravan")):
        for other in (s for s in subjects if s.startswith("baseline") and s.endswith("-worker") == (own == "caravan-automation")):
            single = [mine["per_second"] / theirs["per_second"] for mine in runs[own] for theirs in runs[other] if mine["round"] == theirs["round"]]
            print(f"{own} / {other}: {rate[own] / rate[other]:.1f} times ({min(single):.1f} to {max(single):.1f} in single rounds)")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
