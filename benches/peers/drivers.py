"""Sobol indices with second order and bootstrap: SALib beside Equipoise, measured in one run on one machine.

    python3 benches/peers/drivers.py [--large]

SALib is measured in a process of its own (seconds of its analysis alone, and the process's largest memory), ours by
`cargo bench -p equipoise-lab --bench drivers`. Both analyse Ishigami's function with three inputs; sampling and
evaluation are not counted on either side. --large adds a thousand resamples at 2^16 points, for which SALib takes about
a minute and some 8 GB.
"""

import argparse
import json
import re
import subprocess
import sys

from environment import ROOT, python_with

PINNED = ["SALib==1.6.0", "numpy==2.4.6", "scipy==1.17.1"]
CASES = [(14, 100), (14, 1000), (16, 100)]

PEER = """
import json, resource, sys, time
import numpy as np
from SALib.analyze import sobol
from SALib.sample import sobol as sample
from SALib.test_functions import Ishigami
power, resamples = int(sys.argv[1]), int(sys.argv[2])
problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-np.pi, np.pi]] * 3}
y = Ishigami.evaluate(sample.sample(problem, 2**power, calc_second_order=True))
started = time.perf_counter()
sobol.analyze(problem, y, calc_second_order=True, num_resamples=resamples, seed=1)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""


def peer(python, power, resamples):
    done = subprocess.run([python, "-c", PEER, str(power), str(resamples)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def ours():
    """Median seconds of each bench of ours, by name."""
    command = ["cargo", "bench", "-p", "equipoise-lab", "--bench", "drivers", "--", "sobol"]
    text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    scale = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
    medians = {}
    for line in text.splitlines():
        name = re.search(r"sobol_\d+_points_\d+_resamples", line)
        times = re.findall(r"([\d.]+) (ns|µs|ms|s)\b", line)
        if name and len(times) >= 3:
            value, unit = times[2]
            medians[name.group()] = float(value) * scale[unit]
    return medians


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--large", action="store_true", help="a thousand resamples at 2^16 points as well")
    cases = CASES + ([(16, 1000)] if options.parse_args().large else [])
    python = python_with("drivers", PINNED)
    medians = ours()
    print("| points | resamples | SALib | memory of SALib | Equipoise | ratio |")
    print("|---|---|---|---|---|---|")
    for power, resamples in cases:
        theirs = peer(python, power, resamples)
        mine = medians[f"sobol_{2**power}_points_{resamples}_resamples"]
        print(
            f"| 2^{power} | {resamples} | {theirs['seconds']:.2f} s | {theirs['mib']:.0f} MiB "
            f"| {1000 * mine:.1f} ms | {theirs['seconds'] / mine:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    sys.exit(main())
