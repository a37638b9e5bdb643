"""What the programs for the rivals share: arguments, timing, and the line that is printed."""

import argparse
import os
import statistics
import time

BATCHES = 8  # fixed batches that take turns, as in Plywood's own `steps`


def arguments(workloads, **flags):
    """Reads `[NAME …] [--threads N] [--seconds S]` and flags; call it before importing the rival.

    The number of threads is enforced by the set of cores that the process may use: every rival looks at that.
    """
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(workloads))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seconds", type=float, default=4.0)
    for flag, help_text in flags.items():
        parser.add_argument("--" + flag.replace("_", "-"), action="store_true", help=help_text)
    parsed = parser.parse_args()
    unknown = [name for name in parsed.names if name not in workloads]
    if unknown:
        parser.error(f"unknown workload {unknown[0]!r}; there are {', '.join(workloads)}")
    parsed.names = parsed.names or list(workloads)
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, cores[: parsed.threads])
    return parsed


def measure(step, seconds, warmup=3, least=5):
    """Times in microseconds of `step(count)`, called for that many seconds."""
    count = 0
    for _ in range(warmup):
        step(count)
        count += 1
    times, begin = [], time.perf_counter()
    while time.perf_counter() - begin < seconds or len(times) < least:
        start = time.perf_counter()
        step(count)
        times.append((time.perf_counter() - start) * 1e6)
        count += 1
    return times


def report(name, rival, version, threads, times):
    """Prints one line, as `steps` does."""
    median, best = statistics.median(times), min(times)
    print(
        f"{name:16} {rival} {version:28} t={threads} median {median:12.1f} us  best {best:12.1f} us  n={len(times)}",
        flush=True,
    )
