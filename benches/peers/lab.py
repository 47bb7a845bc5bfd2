#!/usr/bin/env python3
"""All peers of the lab in one run: SALib (drivers.py), EMA Workbench (discover.py), pyABC (calibration.py), and what the
Workbench and Equipoise add to a single experiment before a model has done anything.

    python3 benches/peers/lab.py

An experiment of the Workbench is `perform_experiments` on one process with a model that returns a number at once, 20
uncertain inputs, Latin hypercube, its results held in memory. Ours beside it is a scenario of one day with 70 parameters: an
ensemble held in memory, and one whose four tables are written to disk, each less the simulation alone
(`histories_of_one_day`). Then two parts of that on whole scenarios: the point of the design, account and parameters of a
history (`accounts_and_parameters_drawn`, also on the bundled scenario with its 349 parameters), and what it takes to encode
and write daily series and events (`ensemble_written_to_disk` less `histories_simulated_and_thrown_away`, on the template).
"""

import json
import re
import subprocess
import sys
from pathlib import Path

import discover
from environment import ROOT, python_with

EXPERIMENTS = 10_000
SCALE = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}

PEER = """
import json, sys, time
from ema_workbench import Model, RealParameter, ScalarOutcome, SequentialEvaluator, ema_logging
ema_logging.get_rootlogger().setLevel(40)
model = Model("nothing", function=lambda **inputs: {"y": 0.0})
model.uncertainties = [RealParameter(f"x{at}", 0, 1) for at in range(20)]
model.outcomes = [ScalarOutcome("y")]
count = int(sys.argv[1])
with SequentialEvaluator(model) as evaluator:
    evaluator.perform_experiments(100)
    begun = time.perf_counter()
    evaluator.perform_experiments(count)
    seconds = time.perf_counter() - begun
print(json.dumps(seconds / count))
"""


def per_history():
    """Seconds that ours adds to a history: by what is done with one of a day; drawn, by scenario; its tables written."""
    command = ["cargo", "bench", "-p", "equipoise-lab", "--bench", "ensemble"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    medians, inside = {}, ""
    for line in text.splitlines():
        name = re.search(r"[├╰]─ ([\w-]+)", line)
        if not name:
            continue
        inner = line.startswith(("│  ", "   "))
        inside = inside if inner else name[1]
        times = re.findall(r"([\d.]+) (ns|µs|ms|s)\b", line)
        if len(times) >= 3:
            medians[f"{inside}/{name[1]}" if inner else name[1]] = float(times[2][0]) * SCALE[times[2][1]]
    histories = 1024
    bench = "histories_of_one_day/"
    one_day = {
        what: (medians[bench + what] - medians[bench + "simulated"]) / (16 * histories) for what in ("kept", "written")
    }
    bench = "accounts_and_parameters_drawn/"
    drawn = {name.removeprefix(bench): s / histories for name, s in medians.items() if name.startswith(bench)}
    kept = medians["ensemble_written_to_disk/1"] - medians["histories_simulated_and_thrown_away"]
    return one_day, drawn, kept / histories


def main():
    for script in ("drivers.py", "discover.py", "calibration.py"):
        print(f"\n== {script}", flush=True)
        subprocess.run([sys.executable, Path(__file__).with_name(script)], check=True)
    print("\n== overhead of an experiment", flush=True)
    python = python_with("discover", discover.PINNED)
    done = subprocess.run([python, "-c", PEER, str(EXPERIMENTS)], check=True, capture_output=True, text=True)
    theirs = json.loads(done.stdout.strip().splitlines()[-1])
    one_day, drawn, written = per_history()
    told = {
        "EMA Workbench, in memory": theirs,
        "one day, held in memory": one_day["kept"],
        "one day, tables written": one_day["written"],
        **{f"drawn, {scenario}": seconds for scenario, seconds in drawn.items()},
        "template, every table written": written,
    }
    for what, seconds in told.items():
        print(f"{what:<30} {1e6 * seconds:8.1f} µs")


if __name__ == "__main__":
    main()
