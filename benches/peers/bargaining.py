#!/usr/bin/env python3
"""Times ten rounds of the Expected Utility Model in a public Python program beside ours, in one run.

The peer is `bdm_scholz_model.py` of github.com/jmckib/bdm-scholz-expected-utility-model at commit
55f63e9f2b9528119491d292efab8cfe7f91f78f. It is no package: check it out and name the folder. It needs nothing but
the standard library, and is written for Python 2; its print statements and one mode of open() are translated in
memory, nothing else, so that Python 3 runs it.

    python3 benches/peers/bargaining.py CHECKOUT target/release/equipoise [--rounds 10] [--repeat 3]

Both get the emissions data of Bueno de Mesquita (1994), and the positions of the last round are compared.
"""

import argparse
import contextlib
import csv
import io
import json
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import time
import types

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "crates/models/tests/fixtures/bargaining/eum/input_emissions.csv"


def peer(checkout):
    """The peer's module, translated to Python 3 in memory."""
    path = checkout / "bdm_scholz_model.py"
    text = path.read_text()
    text = re.sub(r"^(\s*)print (.+)$", r"\1print(\2)", text, flags=re.MULTILINE)
    text = text.replace("'rU'", "'r'")
    module = types.ModuleType("bdm_scholz_model")
    exec(compile(text, str(path), "exec"), module.__dict__)
    return module


def timed_peer(module, rounds):
    model = module.BDMScholzModel.from_csv_path(str(DATA))
    start = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        model.run_model(num_rounds=rounds)
    return time.perf_counter() - start, [actor.x for actor in model.actors]


def timed_ours(binary, rounds):
    command = [str(binary), "model", "bargaining", str(DATA), "--model", "eum", "--variant", "jmckib"]
    command += ["--rounds", str(rounds), "--json"]
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    last = json.loads(done.stdout)["turns"][-1]["positions"]
    return seconds, [row[0] for row in last]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkout", type=pathlib.Path)
    parser.add_argument("binary", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    if not (args.checkout / "bdm_scholz_model.py").exists():
        sys.exit(f"there is no bdm_scholz_model.py in {args.checkout}")
    module = peer(args.checkout)
    theirs = [timed_peer(module, args.rounds) for _ in range(args.repeat)]
    ours = [timed_ours(args.binary, args.rounds) for _ in range(args.repeat)]
    actors = len(list(csv.DictReader(DATA.open())))
    apart = max(abs(a - b) for a, b in zip(theirs[-1][1], ours[-1][1], strict=True))
    peer_seconds, our_seconds = (statistics.median(t for t, _ in runs) for runs in (theirs, ours))
    print(f"{actors} actors, {args.rounds} rounds, median of {args.repeat}, Python {platform.python_version()}")
    print(f"peer       {peer_seconds:9.3f} s")
    print(f"equipoise  {our_seconds:9.3f} s, start of the process and reading of the file included")
    print(f"ratio      {peer_seconds / our_seconds:9.0f}")
    print(f"positions of the last round differ by {apart:.1e} at most")


if __name__ == "__main__":
    main()
