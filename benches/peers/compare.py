"""Plywood beside every rival that is installed: alternated runs, medians, ratios, a table and a chart.

Usage, from anywhere, with Python's standard library alone:

    python3 compare.py [--case WORKLOAD@THREADS …] [--rounds 5] [--seconds 2]
                       [--torch PYTHON] [--jax PYTHON] [--keras PYTHON] [--output FOLDER] [--no-build]

PYTHON is an interpreter that has the rival. Each rival's run has a run of Plywood directly before it; a ratio is taken within such
a pair, and what is shown is the median over the rounds. Writes `comparison.md`, `comparison.svg` and `comparison.json`.
"""

import argparse
import datetime
import json
import math
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LINE = re.compile(r"^(\S+)\s+(\S+)\s+(.*?)\s+t=(\d+)\s+median\s+([\d.]+) us\s+best\s+([\d.]+) us", re.M)

WORKLOADS = {
    "mlp_keras": "a training step of 30-128-64-1: batch 32, Adam, binary cross entropy",
    "mlp_wide": "a training step of 784-1024-1024-10: batch 128, momentum, cross entropy",
    "cnn_mnist": "a training step of two convolutions and two linear layers: 28 x 28 pixels, batch 64, Adam, cross entropy",
    "resnet20_cifar": "a training step of ResNet-20: 32 x 32 pixels, batch 64, momentum, cross entropy",
    "resnet18_cifar": "a training step of ResNet-18: 32 x 32 pixels, batch 32, momentum, cross entropy",
    "fit": "a whole `fit` with validation: 455 and 114 samples, ten epochs, batches of 32, silent",
}


class Contestant:
    """A program that prints a line for a workload."""

    def __init__(self, key, label, workloads, command, threads=None):
        self.key, self.label, self.workloads, self.command, self.threads = key, label, workloads, command, threads

    def run(self, workload, threads, seconds):
        """Median and best time in microseconds, and the version that the program prints."""
        command = [str(word) for word in self.command(workload, threads, seconds)]
        environment = dict(os.environ, RAYON_NUM_THREADS=str(threads))
        result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        match = LINE.search(result.stdout)
        if result.returncode != 0 or match is None:
            tail = "\n".join((result.stdout + result.stderr).strip().splitlines()[-5:])
            raise RuntimeError(f"{' '.join(command)}\n{tail}")
        return {"version": match[3].strip(), "median": float(match[5]), "best": float(match[6])}


def contestants(options):
    """Plywood, and the rivals that are there."""
    steps, fit = ROOT / "target/release/steps", ROOT / "target/release/fit"

    def plywood(workload, threads, seconds):
        program = [fit] if workload == "fit" else [steps, workload]
        return [*program, "--threads", threads, "--seconds", seconds]

    def rust(name):
        return lambda workload, threads, seconds: [HERE / "target/release" / name, workload, "--seconds", seconds]

    def python(interpreter, script, *flags):
        return lambda workload, threads, seconds: [
            interpreter, HERE / script, workload, "--threads", threads, "--seconds", seconds, *flags
        ]  # fmt: skip

    both, small = ["mlp_keras", "mlp_wide"], ["mlp_keras"]
    images = ["cnn_mnist", "resnet20_cifar", "resnet18_cifar"]
    rivals = []
    for key, label, workloads in [
        ("floor", "by hand, no library", small),
        ("burn-peer", "burn (flex)", both),
        ("candle-peer", "candle", both),
    ]:
        if (HERE / "target/release" / key).exists():
            only = 1 if key == "floor" else None
            rivals.append(Contestant(key, label, workloads, rust(key), only))
    for module, label, interpreter, workloads, script, flags in [
        ("torch", "PyTorch", options.torch, both + images, "torch_suite.py", []),
        ("torch", "PyTorch channels last", options.torch, images, "torch_suite.py", ["--channels-last"]),
        ("torch", "PyTorch compile", options.torch, both + images, "torch_suite.py", ["--compile"]),
        ("jax", "JAX jit", options.jax, both, "jax_suite.py", []),
        ("keras", "Keras", options.keras, ["fit", "mlp_keras"], "keras_suite.py", []),
    ]:
        if has(interpreter, module):
            rivals.append(Contestant(label, label, workloads, python(interpreter, script, *flags)))
    return Contestant("plywood", "Plywood", list(WORKLOADS), plywood), rivals


def has(interpreter, module):
    """Whether that interpreter exists and finds the module."""
    if not shutil.which(interpreter):
        return False
    probe = f"import importlib.util, sys; sys.exit(importlib.util.find_spec({module!r}) is None)"
    return subprocess.run([interpreter, "-c", probe], capture_output=True).returncode == 0


def compare(plywood, rivals, cases, rounds, seconds):
    """The runs of every pair: a list of results, Plywood first in each."""
    results = []
    for workload, threads in cases:
        wanted = [r for r in rivals if workload in r.workloads and r.threads in (None, threads)]
        pairs = {rival.key: [] for rival in wanted}
        for number in range(rounds):
            for rival in list(wanted):
                try:
                    own = plywood.run(workload, threads, seconds)
                    pairs[rival.key].append((own, rival.run(workload, threads, seconds)))
                except RuntimeError as error:
                    if rival.key == "plywood" or not pairs[rival.key]:
                        print(f"left out: {rival.label}: {error}", file=sys.stderr)
                        wanted.remove(rival)
            print(f"{workload}, {threads} threads: round {number + 1} of {rounds}", file=sys.stderr, flush=True)
        rows = [row(rival, pairs[rival.key]) for rival in wanted if pairs[rival.key]]
        own = [own for rival in wanted for own, _ in pairs[rival.key]]
        if own:
            middle = statistics.median(run["median"] for run in own)
            rows.append({
                "label": plywood.label, "version": own[0]["version"], "ratio": 1.0, "median": middle,
                "best": min(run["best"] for run in own), "low": 1.0, "high": 1.0,
            })  # fmt: skip
            rows.sort(key=lambda row: row["ratio"])
            results.append({"workload": workload, "threads": threads, "rows": rows})
    return results


def row(rival, pairs):
    """Medians over the rounds; the ratio is how many times as long the rival takes."""
    ratios = [theirs["median"] / own["median"] for own, theirs in pairs]
    return {
        "label": rival.label,
        "version": pairs[0][1]["version"],
        "ratio": statistics.median(ratios),
        "low": min(ratios),
        "high": max(ratios),
        "median": statistics.median(theirs["median"] for _, theirs in pairs),
        "best": min(theirs["best"] for _, theirs in pairs),
    }


def machine():
    """The processor, its cores and widest vectors, and the system."""
    name, flags = platform.processor() or platform.machine(), ""
    try:
        text = Path("/proc/cpuinfo").read_text()
        fields = dict(re.findall(r"^(model name|flags|cpu family|model)\s*:\s*(.*)$", text, re.M))
        flags = fields.get("flags", "").split()
        name = f"{fields.get('model name', name)} (family {fields.get('cpu family')}, model {fields.get('model')})"
    except OSError:
        pass
    vectors = next((label for flag, label in [("avx512f", "AVX-512"), ("avx2", "AVX2")] if flag in flags), "")
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    kernel = re.match(r"[\d.]*\d", platform.release())
    parts = [name, f"{cores} cores", vectors, f"{platform.system()} {kernel[0] if kernel else ''}".strip()]
    return ", ".join(part for part in parts if part)


def duration(micros):
    """Three digits and a unit."""
    for limit, factor, unit in [(1e3, 1, "µs"), (1e6, 1e3, "ms"), (math.inf, 1e6, "s")]:
        if micros < limit:
            return f"{micros / factor:.3g} {unit}"
    raise AssertionError("every time is below infinity")


def times(ratio):
    """A ratio with as many digits as it deserves."""
    return f"{ratio:.2f} ×" if ratio < 10 else f"{ratio:.0f} ×"


def threads_label(count):
    return f"{count} thread" + ("" if count == 1 else "s")


def markdown(results, about):
    """One table for each case."""
    lines = []
    for case in results:
        lines += [
            f"**`{case['workload']}`, {threads_label(case['threads'])}**: {WORKLOADS[case['workload']]}",
            "",
            "| | version | median | best | times Plywood's | in the rounds |",
            "|---|---|---|---|---|---|",
        ]
        for r in case["rows"]:
            own = r["label"] == "Plywood"
            ratio, spread = ("1", "") if own else (times(r["ratio"]), f"{r['low']:.3g} – {r['high']:.3g}")
            mark = "**" if own else ""
            lines.append(
                f"| {mark}{r['label']}{mark} | {r['version']} | {duration(r['median'])} | {duration(r['best'])} "
                f"| {mark}{ratio}{mark} | {spread} |"
            )
        lines.append("")
    lines += [f"{about['machine']}; {about['date']}. {about['how']}", ""]
    return "\n".join(lines)


def chart(results, about):
    """Bars that begin at Plywood's time, on a logarithmic axis: to the right is slower."""
    left, right, bar, gap, head, foot = 190, 190, 20, 8, 62, 58
    width, plot = 860, 860 - left - right
    rows = [r for case in results for r in case["rows"]]
    low = min(0.5, 0.9 * min(r["ratio"] for r in rows))
    high = 1.15 * max(2.0, max(r["ratio"] for r in rows))
    place = lambda ratio: left + plot * math.log(ratio / low) / math.log(high / low)  # noqa: E731
    marks = [base * 10**power for power in range(-2, 5) for base in (1, 2, 5) if low <= base * 10**power <= high]
    if len(marks) > 9:
        marks = [mark for mark in marks if f"{mark:g}".strip("0.") == "1"]
    height = head + sum(34 + len(case["rows"]) * (bar + gap) + 12 for case in results) + foot
    text = lambda x, y, s, extra="": f'<text x="{x:.1f}" y="{y:.1f}" {extra}>{escape(s)}</text>'  # noqa: E731
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#333">',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
        text(20, 28, "How many times as long as Plywood", 'font-size="17" font-weight="bold"'),
        text(20, 47, "median of alternated pairs, logarithmic; to the left of 1 is faster", 'fill="#666"'),
    ]
    bottom = height - foot
    for mark in marks:
        style = 'stroke="#999"' if mark == 1 else 'stroke="#e3e3e3"'
        x = place(mark)
        out.append(f'<line x1="{x:.1f}" y1="{head + 6}" x2="{x:.1f}" y2="{bottom}" {style}/>')
        out.append(text(x, bottom + 17, f"{mark:g}", 'text-anchor="middle" fill="#666"'))
    y = head
    for case in results:
        y += 24
        title = f"{case['workload']}, {threads_label(case['threads'])}"
        # A white ground keeps the title clear of the grid.
        out.append(f'<rect x="16" y="{y - 15}" width="{9 * len(title)}" height="20" fill="#fff"/>')
        out.append(text(20, y, title, 'font-weight="bold"'))
        y += 10
        for r in case["rows"]:
            own = r["label"] == "Plywood"
            x1, x2 = sorted((place(1.0), place(r["ratio"])))
            if own:
                out.append(f'<circle cx="{x1:.1f}" cy="{y + bar / 2}" r="6" fill="#0072b2"/>')
            else:
                colour = "#d55e00" if r["ratio"] > 1 else "#009e73"
                shape = f'x="{x1:.1f}" y="{y}" width="{max(x2 - x1, 1):.1f}" height="{bar}" rx="2"'
                out.append(f'<rect {shape} fill="{colour}" fill-opacity="0.85"/>')
            weight = ' font-weight="bold"' if own else ""
            out.append(text(left - 12, y + 15, r["label"], f'text-anchor="end"{weight}'))
            value = duration(r["median"]) if own else f"{times(r['ratio'])}  ({duration(r['median'])})"
            out.append(text(max(x2, place(1.0)) + (12 if own else 8), y + 15, value, weight.strip()))
            y += bar + gap
        y += 12
    out.append(text(20, height - 14, f"{about['machine']}; {about['date']}", 'font-size="11" fill="#666"'))
    return "\n".join(out) + "\n</svg>\n"


def escape(string):
    return string.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def build():
    """The programs in Rust; a rival that does not build is left out."""
    own = ["cargo", "build", "--release", "-p", "plywood-benches", "--bin", "steps", "--bin", "fit"]
    subprocess.run(own, cwd=ROOT, check=True)
    subprocess.run(["cargo", "build", "--release", "--workspace", "--keep-going"], cwd=HERE, check=False)


def main():
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    default = ["mlp_keras@1", f"mlp_keras@{cores}", f"mlp_wide@{cores}", f"fit@{cores}"]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--case", action="append", metavar="WORKLOAD@THREADS", help=f"default: {' '.join(default)}")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    for rival in ["torch", "jax", "keras"]:
        parser.add_argument(f"--{rival}", default=sys.executable, metavar="PYTHON")
    parser.add_argument("--output", type=Path, default=ROOT / "target/comparison")
    parser.add_argument("--no-build", action="store_true")
    options = parser.parse_args()
    cases = []
    for case in dict.fromkeys(options.case or default):
        workload, _, threads = case.partition("@")
        if workload not in WORKLOADS or not threads.isdigit() or int(threads) < 1:
            parser.error(f"expected WORKLOAD@THREADS with a workload of {', '.join(WORKLOADS)}, got {case!r}")
        cases.append((workload, int(threads)))
    if not options.no_build:
        build()
    plywood, rivals = contestants(options)
    print("rivals:", ", ".join(rival.label for rival in rivals) or "none", file=sys.stderr)
    results = compare(plywood, rivals, cases, options.rounds, options.seconds)
    if not results:
        sys.exit("nothing was measured")
    about = {
        "machine": machine(),
        "date": datetime.date.today().isoformat(),
        "how": f"Rounds: {options.rounds}, of {options.seconds:g} s for each program, each rival directly after Plywood.",
    }
    options.output.mkdir(parents=True, exist_ok=True)
    (options.output / "comparison.md").write_text(markdown(results, about))
    (options.output / "comparison.svg").write_text(chart(results, about))
    (options.output / "comparison.json").write_text(json.dumps({**about, "results": results}, indent=1) + "\n")
    print(markdown(results, about))


if __name__ == "__main__":
    main()
