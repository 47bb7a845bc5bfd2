#!/usr/bin/env python3
"""Likelihood-free calibration on a model with a known posterior: pyABC and Equipoise, one after the other, in one run.

The mean of a normal distribution: prior uniform on (-5, 5), four observations of standard deviation 1 with mean 1.2, so
the posterior is normal around 1.2 with standard deviation 0.5. Both samplers get a population of 1,000 and about 60,000
simulations.

    python3 benches/peers/calibration.py
"""

import json
import platform
import subprocess
import sys
import time
from pathlib import Path

from environment import ROOT, python_with

PINNED = ["pyabc==0.13.0"]


def pyabc_run():
    """pyABC with its defaults for one parameter, on one core."""
    import tempfile

    import numpy as np
    import pyabc

    rng = np.random.default_rng(1)

    def model(parameter):
        return {"mean": parameter["mu"] + rng.normal() / 2.0}

    prior = pyabc.Distribution(mu=pyabc.RV("uniform", -5, 10))
    sampler = pyabc.sampler.SingleCoreSampler()
    abc = pyabc.ABCSMC(model, prior, pyabc.PNormDistance(p=1), population_size=1000, sampler=sampler)
    with tempfile.TemporaryDirectory() as folder:
        abc.new("sqlite:///" + str(Path(folder, "abc.db")), {"mean": 1.2})
        begun = time.perf_counter()
        history = abc.run(max_total_nr_simulations=60_000, minimum_epsilon=0.02)
        seconds = time.perf_counter() - begun
        frame, weights = history.get_distribution()
        simulations = history.total_nr_simulations
    mean = float((frame.mu * weights).sum())
    deviation = float((((frame.mu - mean) ** 2) * weights).sum() ** 0.5)
    print(json.dumps({"mean": mean, "sd": deviation, "simulations": int(simulations), "seconds": seconds}))


def main():
    if "--inside" in sys.argv:
        pyabc_run()
        return
    python = python_with("calibration", PINNED)
    ours = subprocess.run(
        ["cargo", "bench", "--quiet", "-p", "equipoise-lab", "--bench", "calibration"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.strip().splitlines()[-1]
    peer = subprocess.run(
        [python, __file__, "--inside"], check=True, capture_output=True, text=True
    ).stdout.strip().splitlines()[-1]
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, {PINNED[0]}")
    print(f"{'':>10} {'mean':>8} {'sd':>8} {'simulations':>12} {'seconds':>9}   (exact: 1.200, 0.500)")
    for name, line in [("pyABC", peer), ("equipoise", ours)]:
        found = json.loads(line)
        print(f"{name:>10} {found['mean']:8.3f} {found['sd']:8.3f} {found['simulations']:12d} {found['seconds']:9.3f}")


if __name__ == "__main__":
    main()
