#!/usr/bin/env python3
"""One PRIM box in tables of three sizes: EMA Workbench and Equipoise, one after the other, in one run.

Builds the command line in the release profile.

    python3 benches/peers/discover.py

EMA Workbench is timed inside Python around `find_box`, with quasi-p-values, which it always works out; Equipoise from
outside, as a whole process that also reads the CSV, works out the same and writes JSON (and, apart, by
`cargo bench -p equipoise-lab --bench discover`, without reading and writing). Boxes are compared before times are told.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

from environment import ROOT, TARGET, python_with

PINNED = [
    "ema_workbench==2.5.3",
    "numpy==2.4.6",
    "pandas==3.1.1",
    "scipy==1.17.1",
    "scikit-learn==1.9.1",
    "matplotlib==3.11.2",
    "seaborn==0.13.2",
]
SIZES = [(1000, 20), (5000, 7), (20000, 7)]
TIMES = 5


def inside():
    """The measurement, run by the Python of the virtual environment."""
    import tempfile
    import warnings

    warnings.filterwarnings("ignore")
    import numpy as np
    import pandas as pd
    from ema_workbench.analysis import prim

    binary = TARGET / "release" / "equipoise"
    print(f"{'table':>10} {'EMA Workbench':>14} {'equipoise, whole process':>25} {'ratio':>7}")
    for rows, columns in SIZES:
        rng = np.random.default_rng(rows)
        x = pd.DataFrame({f"x{j}": rng.uniform(size=rows) for j in range(columns)})
        y = ((x.x0 > 0.55) & (x.x1 < 0.45) & (x.x2 > 0.3)).to_numpy() ^ (rng.uniform(size=rows) < 0.05)
        y = y.astype(int)
        with tempfile.TemporaryDirectory() as folder:
            table, outcome = Path(folder, "x.csv"), Path(folder, "y.csv")
            x.to_csv(table, index=False)
            pd.DataFrame({"y": y}).to_csv(outcome, index=False)
            command = [binary, "explore", "discover", "--table", table, "--outcome", outcome]
            command += ["--resample", "0", "--json"]
            theirs, ours = [], []
            for _ in range(TIMES):
                start = time.perf_counter()
                box = prim.Prim(x, y, threshold=0.5).find_box()
                theirs.append(time.perf_counter() - start)
                start = time.perf_counter()
                shown = subprocess.run(command, capture_output=True, check=True).stdout
                ours.append(time.perf_counter() - start)
        found = json.loads(shown)["boxes"][0]
        assert len(found["trajectory"]) == len(box.peeling_trajectory), "the boxes differ"
        limits = box.box_lims[-1]
        for name, (low, high) in found["limits"].items():
            assert abs(low - limits[name][0]) < 1e-9 and abs(high - limits[name][1]) < 1e-9
        theirs, ours = statistics.median(theirs), statistics.median(ours)
        size = f"{rows}×{columns}"
        print(f"{size:>10} {theirs * 1000:>11.0f} ms {ours * 1000:>22.1f} ms {theirs / ours:>6.0f}×")


def main():
    python = python_with("discover", PINNED)
    subprocess.run(["cargo", "build", "-q", "--release", "-p", "equipoise"], cwd=ROOT, check=True)
    subprocess.run([python, __file__, "--inside"], check=True)


if __name__ == "__main__":
    inside() if "--inside" in sys.argv else main()
