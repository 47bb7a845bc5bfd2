"""Transit and gravity beside their peers, on one machine in one run. From the repository's root:

    python3 -m venv .venv && .venv/bin/pip install -r benches/peers/requirements-routes.txt
    .venv/bin/python benches/peers/routes.py [MINUTES]

gegravity gets MINUTES (30) for each number of economies; where it has no answer by then, that is what is printed. The network
of the bundled scenario, as the engine has it, is measured beside the fixture.

Ours are the medians of `cargo bench -p equipoise-models`, peers the median of a few calls through their own interface,
building their problem included where ours is. Both sides solve the same problem: objectives are compared first.
"""

import csv
import math
import platform
import re
import statistics
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

ROOT = Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "crates/models/tests/fixtures"
MASK = (1 << 64) - 1


def rows(name):
    with open(FIXTURE / name, newline="") as file:
        return list(csv.DictReader(file))


def oil():
    """The oil network of 2021: nodes as (kind, amount, price), edges as (from, to, capacity, cost), shut-in cost."""
    supply = {r["node"]: int(r["2021"]) for r in rows("transit/supply.csv")}
    market = {"MARKET_MED": 60_000, "MARKET_NWE": 10_000, "MARKET_CHN": 20_000}
    names = [r["node"] for r in rows("transit/nodes.csv")]
    nodes = [
        ("market", market[n], 0) if n in market else ("supply", supply[n], 0) if n in supply else ("hub", 0, 0)
        for n in names
    ]
    edges = [
        (names.index(r["from"]), names.index(r["to"]), int(r["capacity_kt_y"]), int(r["cost_usd_t"]))
        for r in rows("transit/edges.csv")
    ]
    return nodes, edges, 1000


def grid(size):
    """The grid of crates/models/benches/transit.rs, number by number."""
    side = round(math.sqrt(size / 3))

    def drawn(k, most):
        return (k * 0x9E37_79B9_7F4A_7C15 & MASK) % most

    nodes, edges = [], []
    for k in range(side * side):
        row, column = divmod(k, side)
        if column == 0:
            nodes.append(("supply", 10 + drawn(k, 97), 0))
        elif column + 1 == side:
            nodes.append(("market", 10 + drawn(k, 89), 500))
        else:
            nodes.append(("hub", 0, 0))
        ends = [(column + 1 < side, k + 1), (row + 1 < side, k + side), (row > 0, k - side)]
        for _, to in (end for end in ends if end[0]):
            edges.append((k, to, 5 + drawn(3 * k + to, 83), 1 + drawn(3 * k + to, 31)))
    return nodes, edges, 1000


def arcs(problem):
    """As a flow of all supply to one sink: arcs, supplies, and what is added to the cost to get our objective."""
    nodes, edges, shut_in = problem
    sink, out = len(nodes), list(edges)
    for n, (kind, amount, price) in enumerate(nodes):
        if kind == "supply":
            out.append((n, sink, amount, shut_in))
        elif kind == "market":
            out.append((n, sink, amount, -price))
    total = sum(amount for kind, amount, _ in nodes if kind == "supply")
    return out, {n: a for n, (kind, a, _) in enumerate(nodes) if kind == "supply"}, sink, total


def with_networkx(problem):
    out, supply, sink, total = arcs(problem)
    graph = nx.DiGraph()
    for n in range(sink + 1):
        graph.add_node(n, demand=total if n == sink else -supply.get(n, 0))
    for k, (a, b, capacity, cost) in enumerate(out):
        # A node of its own for an arc that has a twin.
        if graph.has_edge(a, b):
            graph.add_node(("twin", k), demand=0)
            graph.add_edge(a, ("twin", k), capacity=capacity, weight=cost)
            graph.add_edge(("twin", k), b, capacity=capacity, weight=0)
        else:
            graph.add_edge(a, b, capacity=capacity, weight=cost)
    return nx.network_simplex(graph)[0]


def with_ortools(problem):
    from ortools.graph.python import min_cost_flow

    out, supply, sink, total = arcs(problem)
    solver = min_cost_flow.SimpleMinCostFlow()
    columns = np.array(out, dtype=np.int64)
    solver.add_arcs_with_capacity_and_unit_cost(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3])
    solver.set_nodes_supplies(np.array([*supply, sink]), np.array([*supply.values(), -total]))
    assert solver.solve() == solver.OPTIMAL
    return solver.optimal_cost()


def highs_model(problem):
    import highspy

    out, supply, sink, total = arcs(problem)
    model = highspy.HighsLp()
    m, n = sink + 1, len(out)
    model.num_col_, model.num_row_ = n, m
    model.col_cost_ = np.array([a[3] for a in out], dtype=float)
    model.col_lower_, model.col_upper_ = np.zeros(n), np.array([a[2] for a in out], dtype=float)
    balance = np.array([-float(supply.get(v, 0)) for v in range(m)])
    balance[sink] = total
    model.row_lower_ = model.row_upper_ = balance
    model.a_matrix_.start_ = np.arange(0, 2 * n + 1, 2)
    model.a_matrix_.index_ = np.array([[a[0], a[1]] for a in out]).ravel()
    model.a_matrix_.value_ = np.tile([-1.0, 1.0], n)
    solver = highspy.Highs()
    solver.silent()
    solver.passModel(model)
    return solver


def with_highs(problem):
    solver = highs_model(problem)
    solver.run()
    return solver.getInfo().objective_function_value


def highs_outage(problem, edge):
    """Closing an edge and opening it again, each from the last basis, as ours: half of the two together."""
    solver = highs_model(problem)
    solver.run()
    capacity = problem[1][edge][2]

    def change():
        solver.changeColBounds(edge, 0, 0.35 * capacity)
        solver.run()
        solver.changeColBounds(edge, 0, capacity)
        solver.run()

    return timed(change, 20) / 2


def highs_apart(size):
    """HiGHS in a process of its own, for OR-Tools brings another: objective, seconds, seconds after an outage."""
    command = [sys.executable, __file__, "highs", str(size)]
    return [float(word) for word in subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()]


def be_highs(size):
    problem = grid(size) if size else oil()
    took = timed(lambda: with_highs(problem), 5)
    print(with_highs(problem), took, highs_outage(problem, pipeline()) if size == 0 else 0)


def pipeline():
    return next(k for k, r in enumerate(rows("transit/edges.csv")) if r["to"] == "CPC_TERMINAL")


def timed(call, times):
    call()
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        call()
        took.append(time.perf_counter() - begin)
    return statistics.median(took)


def world(n):
    """The world of crates/models/benches/gravity.rs: flows by exporter and importer."""
    size = [1 + 40 * (i * 7919 % 101) / 101 for i in range(n)]

    def flow(i, j):
        apart = min(abs(i - j), n - abs(i - j))
        return size[i] * size[j] * (1 if i == j else 0.05 / (1 + apart))

    return [[flow(i, j) for j in range(n)] for i in range(n)]


def gegravity_seconds(table, costs, reference, pair):
    """One counterfactual of gegravity: the baseline and an agreement between two countries."""
    import contextlib
    import io
    import warnings

    import gegravity as ge

    terms = [name for name in costs if name != "constant"]
    beta = pd.DataFrame({"coefficient": costs.values(), "ste": 0.0}, index=list(costs))

    def run(rescale):
        with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            baseline = ge.BaselineData(
                table, imp_var_name="importer", exp_var_name="exporter", year_var_name="year", trade_var_name="trade",
                expend_var_name="E", output_var_name="Y",
            )
            model = ge.OneSectorGE(
                baseline, year="2006", reference_importer=reference, sigma=5,
                cost_variables=terms, cost_coeff_values=ge.CostCoeffs(
                    beta.reset_index(), coeff_col="coefficient", identifier_col="index", stderr_col="ste"
                ),
            )
            model.build_baseline(omr_rescale=rescale)
            changed = model.baseline_data.copy()
            a, b = pair
            both = ((changed.exporter == a) & (changed.importer == b)) | (
                (changed.exporter == b) & (changed.importer == a)
            )
            changed.loc[both, "pta"] = 1
            model.define_experiment(changed)
            model.simulate()

    # Its solver needs a guess of the scale of outward resistances; only the guess that works is timed.
    for rescale in (1, 10, 100, 1000, 10_000):
        try:
            begin = time.perf_counter()
            run(rescale)
            return time.perf_counter() - begin
        except ValueError:
            continue
    return math.nan


def sample():
    table = pd.read_csv(FIXTURE / "gravity/pairs_30.csv")
    totals = pd.read_csv(FIXTURE / "gravity/peer_30.csv").set_index("country")
    table["Y"], table["E"] = table.exporter.map(totals.output), table.importer.map(totals.expenditure)
    table["year"] = "2006"
    costs = {r["term"]: float(r["coefficient"]) for r in rows("gravity/cost_coefficients.csv")}
    return table, costs, "DEU", ("CAN", "JPN")


def synthetic(n):
    flows = world(n)
    table = pd.DataFrame(
        [
            (f"C{i:03}", f"C{j:03}", "2006", flows[i][j], sum(flows[i]), sum(r[j] for r in flows), math.log(
                flows[i][j] * sum(map(sum, flows)) / sum(flows[i]) / sum(r[j] for r in flows)), 0)
            for i in range(n) for j in range(n)
        ],
        columns=["exporter", "importer", "year", "trade", "Y", "E", "cost", "pta"],
    )
    return table, {"cost": 1.0, "pta": 0.47}, "C000", ("C000", "C001")


def ours():
    """Medians of our benches in seconds, by name."""
    found = {}
    for crate, bench in (("models", "transit"), ("models", "gravity"), ("engine", "routes")):
        command = ["cargo", "bench", "-p", f"equipoise-{crate}", "--bench", bench]
        text = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
        group = ""
        for line in text.splitlines():
            cells = re.split(r"\s*│\s*", re.sub(r"^[│ ]*[├╰]─ ", "", line))
            name = cells[0].split("  ")[0].strip()
            times = [re.match(r"([\d.]+) (ns|µs|ms|s)$", cell.strip()) for cell in cells[1:4]]
            inner = line.startswith(("│  ", "   "))
            if len(times) == 3 and times[1]:
                unit = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1.0}
                key = f"{bench}/{group}/{name}" if inner else f"{bench}/{name}"
                found[key] = float(times[1][1]) * unit[times[1][2]]
            elif line.startswith(("├", "╰")):
                group = name
    return found


def show(value):
    for unit, size in (("s", 1), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value * 1e9:.3g} ns"


def main():
    mine = ours()
    lines = []
    for size in (0, 100, 1_000, 10_000):
        name, problem, key = f"grid, {size} edges", None, f"transit/grid_from_scratch/{size}"
        if size == 0:
            name, problem, key = "oil 2021, 28 edges", oil(), "transit/oil_from_scratch"
        problem = problem or grid(size)
        peers = {"networkx": with_networkx, "OR-Tools": with_ortools}
        highs_answer, highs_seconds, highs_again = highs_apart(size)
        for peer, solve in peers.items():
            assert abs(solve(problem) - highs_answer) < 1e-6 * abs(highs_answer), peer
            took = timed(lambda: solve(problem), 1 if (peer, size) == ("networkx", 10_000) else 7)
            lines.append((name, peer, mine[key], took))
        lines.append((name, "HiGHS", mine[key], highs_seconds))
        if size == 0:
            again = mine["transit/oil_outage_and_repair"] / 2
            lines.append(("oil outage, from the last answer", "HiGHS", again, highs_again))
    for n in (30, 50, 100, 194):
        name = "gravity, its example, 30" if n == 30 else f"gravity, {n} economies"
        lines.append((name, "gegravity", mine[f"gravity/parity/{n}"], gegravity_apart(n)))
    used = ["networkx", "ortools", "highspy", "gegravity", "scipy"]
    print(f"{platform.machine()}, {platform.processor() or cpu()}, Python {platform.python_version()}")
    print(", ".join(f"{name} {version(name)}" for name in used))
    print(f"{'problem':34}{'peer':12}{'ours':>10}{'peer':>12}{'ratio':>10}")
    for name, peer, own, other in lines:
        told = show(other) if math.isfinite(other) else f"> {minutes():g} min"
        ratio = f"{other / own:.1f}×" if math.isfinite(other) else f"> {60 * minutes() / own:.0f}×"
        print(f"{name:34}{peer:12}{show(own):>10}{told:>12}{ratio:>10}")
    for name, bench, several in (
        ("bundled network, from scratch", "bundled_from_scratch", 1),
        ("bundled network, busiest route closed", "bundled_closure", 1),
        ("bundled network, outage or repair", "bundled_outage_and_repair", 2),
    ):
        print(f"{name:46}{show(mine[f'routes/{bench}'] / several):>10}")


def minutes():
    """How long gegravity may take for one answer."""
    return float(sys.argv[1]) if len(sys.argv) > 1 else 30.0


def gegravity_apart(n):
    """Seconds of gegravity in a process of its own; infinite where the time was not enough."""
    command = [sys.executable, __file__, "gegravity", str(n)]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60 * minutes())
    except subprocess.TimeoutExpired:
        return math.inf
    return float(done.stdout.split()[-1])


def cpu():
    try:
        found = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        return found[1] if found else "unknown"
    except OSError:
        return "unknown"


if __name__ == "__main__":
    if sys.argv[1:2] == ["highs"]:
        be_highs(int(sys.argv[2]))
    elif sys.argv[1:2] == ["gegravity"]:
        print(gegravity_seconds(*(sample() if sys.argv[2] == "30" else synthetic(int(sys.argv[2])))))
    else:
        main()
