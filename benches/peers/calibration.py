#!/usr/bin/env python3
"""Likelihood-free calibration on a model with a known posterior: pyABC and Equipoise, one after the other, in one run.

The mean of a normal distribution: prior uniform on (-5, 5), four observations of standard deviation 1 with mean 1.2, so
the posterior is normal around 1.2 with standard deviation 0.5. Both samplers get a population of 500 and at most 30,000
simulations on one core; pyABC may stop at a tolerance of 0.1, which widens the exact posterior to 0.503. One pyABC run takes a
minute or more (about 6 ms a simulation), so there is one, or as many as the first argument says; ours runs 100 times. The
columns after ± say how much one run differs from the next: the Monte Carlo error of a single run.

    python3 benches/peers/calibration.py [RUNS OF PYABC]
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from environment import ROOT, python_with

PINNED = ["pyabc==0.13.0", "numpy==2.4.6", "pandas==3.1.1", "scipy==1.17.1"]


def pyabc_run(seed):
    """pyABC with its defaults for one parameter, on one core."""
    import logging
    import tempfile

    import numpy as np
    import pyabc

    logging.disable(logging.INFO)
    np.random.seed(seed)
    rng = np.random.default_rng(seed)

    def model(parameter):
        return {"mean": parameter["mu"] + rng.normal() / 2.0}

    prior = pyabc.Distribution(mu=pyabc.RV("uniform", -5, 10))
    sampler = pyabc.sampler.SingleCoreSampler()
    abc = pyabc.ABCSMC(model, prior, pyabc.PNormDistance(p=1), population_size=500, sampler=sampler)
    with tempfile.TemporaryDirectory() as folder:
        abc.new("sqlite:///" + str(Path(folder, "abc.db")), {"mean": 1.2})
        begun = time.perf_counter()
        history = abc.run(max_total_nr_simulations=30_000, minimum_epsilon=0.1)
        seconds = time.perf_counter() - begun
        frame, weights = history.get_distribution()
        simulations = history.total_nr_simulations
    mean = float((frame.mu * weights).sum())
    deviation = float((((frame.mu - mean) ** 2) * weights).sum() ** 0.5)
    return {"mean": mean, "sd": deviation, "simulations": int(simulations), "seconds": seconds}


def pyabc_runs(runs):
    """Several runs in the form of our bench: means over the runs, and how much they vary."""
    found = [pyabc_run(seed) for seed in range(1, runs + 1)]
    of = {key: [one[key] for one in found] for key in found[0]}
    varies = {f"{key}_varies": statistics.stdev(of[key]) if runs > 1 else None for key in ("mean", "sd")}
    print(json.dumps({"runs": runs, **{key: statistics.mean(values) for key, values in of.items()}, **varies}))


def main():
    if sys.argv[1:2] == ["--inside"]:
        pyabc_runs(int(sys.argv[2]))
        return
    python = python_with("calibration", PINNED)
    ours = subprocess.run(
        ["cargo", "bench", "--quiet", "-p", "equipoise-lab", "--bench", "calibration"],
        cwd=ROOT, check=True, capture_output=True, text=True,
        env={**os.environ, "RAYON_NUM_THREADS": "1"},
    ).stdout.strip().splitlines()[-1]
    runs = sys.argv[1] if len(sys.argv) > 1 else "1"
    peer = subprocess.run(
        [python, __file__, "--inside", runs], check=True, capture_output=True, text=True
    ).stdout.strip().splitlines()[-1]
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {PINNED[0]}")
    print("exact: mean 1.200, sd 0.500")
    print(f"{'':>10} {'runs':>5} {'mean':>16} {'sd':>16} {'simulations':>12} {'seconds a run':>14}")
    for name, line in [("pyABC", peer), ("equipoise", ours)]:
        found = json.loads(line)
        mean, sd = (with_spread(found[key], found[f"{key}_varies"]) for key in ("mean", "sd"))
        print(
            f"{name:>10} {found['runs']:5d} {mean:>16} {sd:>16} {found['simulations']:12.0f} {found['seconds']:14.4f}"
        )


def with_spread(value, varies):
    return f"{value:.3f}" if varies is None else f"{value:.3f} ± {varies:.3f}"


if __name__ == "__main__":
    main()
