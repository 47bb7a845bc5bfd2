#!/usr/bin/env python3
"""Civil violence: agent-steps a second of Mesa's bundled example, of the model in krABMaga, and of Equipoise's two engines,
in one run.

    python3 benches/peers/civil_violence.py

An agent-step is one agent (citizen or cop, the jailed included) through one tick. All run 2's inputs: citizens 0.7, cops
0.04, vision 7, legitimacy 0.82, longest term 30, on a torus. Mesa looks at a diamond of 112 sites (its default) and moves
after acting; the others look at a disc of 148. Mesa's data collection is switched off: it would cost it more. krABMaga has
no such model of its own: `krabmaga/` is ours, and its fields show the tick before, which is other physics. "plain" is
our loop over one random order, "crowd" the tiles. Medians of three seeds; warm-up ticks are run before and not counted.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from environment import ROOT, TARGET, python_with

PINNED = ["mesa==3.3.1", "networkx==3.6.1", "numpy==2.4.6", "pandas==3.1.1", "scipy==1.17.1"]
HERE = Path(__file__).resolve().parent
TIMES = 3


def inside():
    """Mesa's measurement, run by the Python of the virtual environment; prints one JSON object."""
    from mesa.examples.advanced.epstein_civil_violence.model import EpsteinCivilViolence

    found = {}
    for side, warm, ticks in [(40, 20, 60), (200, 3, 6)]:
        rates = []
        for seed in range(TIMES):
            model = EpsteinCivilViolence(
                width=side, height=side, cop_density=0.04, legitimacy=0.82, max_jail_term=30, max_iters=10_000, seed=seed
            )
            model.datacollector.collect = lambda model: None
            for _ in range(warm):
                model.step()
            begun = time.perf_counter()
            for _ in range(ticks):
                model.step()
            rates.append(len(model.agents) * ticks / (time.perf_counter() - begun))
        found[side] = rates
    print(json.dumps(found))


def ours(binary, rules, engine, side, ticks, threads):
    """Rates of our engine; the opening outburst is in them, which is when there is most to do."""
    rates = []
    for seed in range(1, TIMES + 1):
        command = [binary, "model", "civil-violence", "--json", "--quiet", "--engine", engine, *rules]
        command += ["--size", str(side), "--ticks", str(ticks), "--seed", str(seed), "--threads", str(threads)]
        answer = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        rates.append(answer["agent_steps_per_second"])
    return rates


def krabmaga(side, warm, ticks):
    """Rates of the model in krABMaga."""
    target = TARGET / "peers" / "krabmaga"
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "--locked"],
        check=True, cwd=HERE / "krabmaga", env={**os.environ, "CARGO_TARGET_DIR": str(target)},
    )
    binary = target / "release" / "civil-violence-in-krabmaga"
    rates = []
    for seed in range(1, TIMES + 1):
        command = [binary, str(side), str(warm), str(ticks), str(seed)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        rates.append(float(printed.split()[0]))
    return rates


def outside():
    """Builds all, measures all, prints a table."""
    python = python_with("civil-violence", PINNED)
    subprocess.run(["cargo", "build", "--release", "-p", "equipoise"], check=True, cwd=ROOT)
    binary = TARGET / "release/equipoise"
    mesa = subprocess.run([python, __file__, "--inside"], check=True, capture_output=True, text=True).stdout
    mesa = {int(side): rates for side, rates in json.loads(mesa).items()}
    least = statistics.median(mesa[200])

    def tell(name, rates):
        median = statistics.median(rates)
        spread = ", ".join(f"{rate / 1e6:.3f}" for rate in sorted(rates))
        line = f"{name:<42} {median / 1e6:9.3f} M/s  ({spread})  {median / least:9.0f} × Mesa at 200 × 200"
        print(line, flush=True)

    print(f"{platform.machine()}, {os.cpu_count()} hardware threads, Python {platform.python_version()}")
    for side, rates in mesa.items():
        tell(f"Mesa 3.3.1, {side} × {side}", rates)
    for side, warm, ticks in [(40, 20, 300), (200, 3, 30), (1000, 3, 3)]:
        tell(f"krABMaga 0.6.1, {side} × {side}", krabmaga(side, warm, ticks))
    walk, jump = ["--rules", "brookings2001"], ["--rules", "pnas2002", "--ratio", "floor"]
    text = ["--rules", "pnas2002"]
    for name, rules in [("walk", walk), ("jump", jump), ("text", text)]:
        tell(f"plain, {name}, 40 × 40", ours(binary, rules, "plain", 40, 3000, 1))
        tell(f"plain, {name}, 1000 × 1000", ours(binary, rules, "plain", 1000, 12, 1))
        for threads in [1, 2]:
            rates = ours(binary, rules, "crowd", 1000, 200, threads)
            tell(f"crowd, {name}, 1000 × 1000, threads {threads}", rates)
        tell(f"crowd, {name}, 5224 × 5224, threads 2", ours(binary, rules, "crowd", 5224, 30, 2))


if __name__ == "__main__":
    inside() if "--inside" in sys.argv else outside()
