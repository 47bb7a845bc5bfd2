#!/usr/bin/env python3
"""One PRIM box in tables of three sizes: EMA Workbench and Equipoise, one after the other, in one run.

Needs Python 3.12 or newer. Makes its own virtual environment beside this file (.venv-discover) with the versions
pinned below, and builds the command line in the release profile.

    python3.12 benches/peers/discover.py

EMA Workbench is timed inside Python around `find_box`, with quasi-p-values, which it always works out; Equipoise from
outside, as a whole process that also reads the CSV, works out the same and writes JSON (and, apart, by
`cargo bench -p equipoise-lab --bench discover`, without reading and writing). Boxes are compared before times are told.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

PINNED = [
    "ema_workbench==3.0.0",
    "numpy==2.5.5",
    "pandas==3.1.1",
    "scipy==1.18.1",
    "scikit-learn==1.9.1",
    "matplotlib==3.11.2",
    "seaborn==0.13.2",
]
HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
VENV = HERE / ".venv-discover"
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

    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    binary = target / "release" / "equipoise"
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
                box = prim.Prim(x, y).find_box()
                theirs.append(time.perf_counter() - start)
                start = time.perf_counter()
                shown = subprocess.run(command, capture_output=True, check=True).stdout
                ours.append(time.perf_counter() - start)
        found = json.loads(shown)["boxes"][0]
        assert len(found["trajectory"]) == len(box.peeling_trajectory), "the boxes differ"
        for name, (low, high) in found["limits"].items():
            assert abs(low - box.box_lim[name][0]) < 1e-9 and abs(high - box.box_lim[name][1]) < 1e-9
        theirs, ours = statistics.median(theirs), statistics.median(ours)
        size = f"{rows}×{columns}"
        print(f"{size:>10} {theirs * 1000:>11.0f} ms {ours * 1000:>22.1f} ms {theirs / ours:>6.0f}×")


def main():
    if sys.version_info < (3, 12):
        sys.exit("Python 3.12 or newer is needed (EMA Workbench 3.0 asks for it)")
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PINNED], check=True)
    subprocess.run(["cargo", "build", "-q", "--release", "-p", "equipoise"], cwd=ROOT, check=True)
    subprocess.run([python, __file__, "--inside"], check=True)


if __name__ == "__main__":
    inside() if "--inside" in sys.argv else main()
