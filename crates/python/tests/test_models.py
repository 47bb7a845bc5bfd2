"""Each model alone, on the arrays and tables of several libraries."""

from __future__ import annotations

import datetime
import os
import signal
import threading
import time
from array import array
from pathlib import Path
from typing import Any

import numpy
import pandas
import polars
import pyarrow
import pytest

import equipoise as eq
from equipoise.models import bargaining, civil_violence, gravity, roll_call, transit, treaty

TREATIES = Path(__file__).parents[3] / "scenarios" / "treaties"

NODES: dict[str, list[Any]] = {
    "node": ["field", "hub", "port", "market"],
    "market_capacity": [None, None, 60.0, 100.0],
    "price": [None, None, 50.0, 40.0],
}
EDGES: dict[str, list[Any]] = {
    "id": ["field-hub", "hub-port", "hub-market"],
    "from": ["field", "hub", "hub"],
    "to": ["hub", "port", "market"],
    "capacity": [100.0, 80.0, 30.0],
    "cost": [1.0, 4.0, 2.0],
    "crosses": ["", "RUS", "CHN"],
}


def test_an_answer_is_handed_over_without_a_copy() -> None:
    plan = transit.solve(NODES, EDGES, {"field": 120.0})
    handed = [pyarrow.RecordBatchReader.from_stream(plan.edges).read_all() for _ in range(2)]
    addresses = [
        [buffer.address for column in table.columns for chunk in column.chunks for buffer in chunk.buffers() if buffer]
        for table in handed
    ]
    assert addresses[0] and addresses[0] == addresses[1], "both look at the same memory"


@pytest.mark.parametrize("library", ["lists", "rows", "numpy", "pandas", "polars", "pyarrow"])
def test_every_library_can_say_what_a_network_is(library: str) -> None:
    def told(columns: dict[str, list[Any]]) -> Any:
        match library:
            case "rows":
                return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
            case "numpy":
                return {name: numpy.array(column, dtype=None) for name, column in columns.items()}
            case "pandas":
                return pandas.DataFrame(columns)
            case "polars":
                return polars.DataFrame(columns)
            case "pyarrow":
                return pyarrow.table(columns)
        return columns

    plan = transit.solve(told(NODES), told(EDGES), {"field": 120.0})
    assert plan.edges["flow"] == pytest.approx([90.0, 60.0, 30.0])
    assert plan.delivered == pytest.approx(90.0)
    assert plan.revenue == pytest.approx(60 * 50 + 30 * 40)
    assert dict(zip(plan.states["state"], plan.states["share_through"], strict=True)) == pytest.approx(
        {"RUS": 2 / 3, "CHN": 1 / 3}
    )
    closed = transit.solve(told(NODES), told(EDGES), {"field": 120.0}, close_state=["RUS"], outages=1)
    assert closed.delivered == pytest.approx(30.0)
    assert len(closed.outages) == 3


def test_a_network_that_makes_no_sense_is_explained_by_names() -> None:
    with pytest.raises(eq.ModelError, match="did you mean `hub-port`"):
        transit.solve(NODES, EDGES, {"field": 1.0}, close=["hub-prot"])
    with pytest.raises(eq.ModelError, match="there is no node `mine`"):
        transit.solve(NODES, EDGES, {"mine": 1.0})
    with pytest.raises(eq.ModelError, match="the column `cost` is missing"):
        transit.solve(NODES, {name: EDGES[name] for name in ("from", "to", "capacity")}, {"field": 1.0})
    with pytest.raises(eq.ModelError, match="contracts in conflict, on `hub-port`"):
        transit.solve(NODES, EDGES | {"minimum": [0.0, 90.0, 0.0]}, {"field": 1.0})


TWO_FIELDS = {"node": ["north", "south", "hub", "port"], "market_capacity": [None, None, None, 100.0], "price": [None, None, None, 50.0]}
SHARED: dict[str, list[Any]] = {
    "id": ["a", "b", "pipe"],
    "from": ["north", "south", "hub"],
    "to": ["hub", "hub", "port"],
    "capacity": [60.0, 60.0, 70.0],
    "cost": [1.0, 2.0, 3.0],
}
FIELDS = {"north": 50.0, "south": 50.0}


def test_contracts_are_of_all_suppliers_or_of_one() -> None:
    free = transit.solve(TWO_FIELDS, SHARED, FIELDS)
    assert free.edges["flow"] == pytest.approx([50.0, 20.0, 70.0]) and len(free.suppliers) == 0
    # A right of the dearer field to a part of the pipe.
    right = pandas.DataFrame({"edge": ["pipe", "b"], "supplier": ["south", None], "minimum": [35.0, 30.0]})
    held = transit.solve(TWO_FIELDS, SHARED, FIELDS, contracts=right)
    assert held.edges["flow"] == pytest.approx([35.0, 35.0, 70.0])
    sent = {(row[0], row[1]): row[2] for row in zip(held.suppliers["supplier"], held.suppliers["edge"], held.suppliers["flow"], strict=True)}
    assert sent["south", "pipe"] == pytest.approx(35.0) and sent["north", "pipe"] == pytest.approx(35.0)
    assert held.netback < free.netback
    with pytest.raises(eq.ModelError, match=r"contracts in conflict: south on `pipe` \(80 to any\), against"):
        transit.solve(TWO_FIELDS, SHARED, FIELDS, contracts={"edge": ["pipe"], "supplier": ["south"], "minimum": [80.0]})
    for wrong, message in [
        ({"edge": ["pipes"], "minimum": [1.0]}, "did you mean `pipe`"),
        ({"edge": ["pipe"], "supplier": ["hub"], "minimum": [1.0]}, "`hub` supplies nothing"),
        ({"edge": ["pipe"], "minimum": [2.0], "maximum": [1.0]}, "row 0: the minimum 2"),
        ({"minimum": [2.0]}, "the column `edge` is missing"),
    ]:
        with pytest.raises(eq.ModelError, match=message):
            transit.solve(TWO_FIELDS, SHARED, FIELDS, contracts=wrong)


def test_an_edge_is_limited_or_closed_by_its_id_or_its_ends() -> None:
    half = transit.solve(TWO_FIELDS, SHARED, FIELDS, limit={"hub:port": 35.0})
    assert half.delivered == pytest.approx(35.0)
    assert transit.solve(TWO_FIELDS, SHARED, FIELDS, close=["hub:port"]).delivered == 0.0
    with pytest.raises(eq.ModelError, match="finite number of 0 or more"):
        transit.solve(TWO_FIELDS, SHARED, FIELDS, limit={"pipe": -1.0})


def test_tanks_carry_stocks_over_a_closure() -> None:
    periods = {"period": ["winter", "spring"], "length": [0.25, 0.25], "edge": ["pipe", None], "availability": [0.0, None]}
    tanks = {"node": ["hub"], "capacity": [5.0], "cost": [0.5]}
    found = transit.schedule(TWO_FIELDS, SHARED, {"north": 50.0}, periods, tanks=tanks)
    assert found.stocks["stock"] == pytest.approx([5.0, 0.0])
    assert found.periods["delivered"] == pytest.approx([0.0, 17.5])
    assert found.edges.to_dict()["period"] == ["winter"] * 3 + ["spring"] * 3
    without = transit.schedule(TWO_FIELDS, SHARED, {"north": 50.0}, periods)
    assert without.objective > found.objective
    for wrong, message in [
        ({**periods, "length": [0.25, 0.0]}, "the length of period"),
        ({**periods, "edge": ["pip", None]}, "did you mean `pipe`"),
        ({**periods, "period": ["winter", "winter"], "length": [1.0, 2.0]}, "row 1: winter has length 2, and had 1"),
    ]:
        with pytest.raises(eq.ModelError, match=message):
            transit.schedule(TWO_FIELDS, SHARED, FIELDS, wrong, tanks=tanks)
    owned = {"edge": ["pipe"], "supplier": ["south"], "minimum": [1.0]}
    with pytest.raises(eq.ModelError, match="contracts of single suppliers"):
        transit.schedule(TWO_FIELDS, SHARED, FIELDS, periods, contracts=owned)


def test_columns_of_different_lengths_make_no_table() -> None:
    with pytest.raises(eq.ModelError, match="differ in length: node 1, market_capacity 2"):
        transit.solve({"node": ["a"], "market_capacity": [1.0, 2.0]}, EDGES, {"a": 1.0})


def test_ctrl_c_stops_a_model_alone() -> None:
    # A shell that starts tests in the background tells them to ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        civil_violence.simulate(ticks=100_000_000, size=20, progress=False)
    assert time.monotonic() - begun < 15


def test_a_world_without_a_shock_stays_as_it_is() -> None:
    flows = pandas.DataFrame(
        [(a, b, 10.0 if a == b else 2.0) for a in "ABC" for b in "ABC"], columns=["exporter", "importer", "value"]
    )
    none = {"exporter": ["A"], "importer": ["B"], "log_change": array("d", [0.0])}
    still = gravity.solve(flows, none, 5.0)
    assert still.countries["welfare"] == pytest.approx([1.0] * 3)
    assert still.flows["after"] == pytest.approx(still.flows["before"])
    costlier = {"exporter": ["A", "B"], "importer": ["B", "A"], "log_change": numpy.array([-0.5, -0.5])}
    hurt = gravity.solve(flows, costlier, 5.0)
    welfare = dict(zip(hurt.countries["id"], hurt.countries["welfare"], strict=True))
    assert welfare["A"] == pytest.approx(welfare["B"]) and welfare["A"] < 1
    assert len(gravity.parity(flows, costlier, 5.0).countries) == 3
    with pytest.raises(eq.ModelError, match="did you mean `additive`"):
        gravity.solve(flows, costlier, 5.0, closure="aditive")  # type: ignore[arg-type]
    with pytest.raises(eq.ModelError, match="there is no country `D`"):
        gravity.solve(flows, {"exporter": ["D"], "importer": ["A"], "log_change": [0.1]}, 5.0)


def test_actors_bargain_on_one_dimension_and_on_several() -> None:
    one = polars.DataFrame(
        {"actor": ["A", "B", "C"], "capability": [100.0, 60.0, 40.0], "position": [10.0, 50.0, 90.0], "salience": [80.0, 60.0, 90.0]}
    )
    found = bargaining.smp(one)
    frame = found.positions.to_polars()
    first = frame.filter(polars.col("turn") == 0)
    assert first["position"].to_list() == [10.0, 50.0, 90.0]
    # All stand apart at first, so that probabilities of positions are those of actors.
    assert first["win_probability"].sum() == pytest.approx(1.0)
    two = {
        "actor": ["A", "B"],
        "capability": [1.0, 1.0],
        "position_1": [0.0, 100.0],
        "position_2": [20.0, 40.0],
        "salience_1": [50.0, 50.0],
        "salience_2": [50.0, 50.0],
    }
    assert set(bargaining.smp(two).positions["dimension"]) == {1, 2}
    matrix = {"actor": ["A", "B"], "capability": [1.0, 1.0], "position": numpy.array([[0.0, 20.0], [100.0, 40.0]]), "salience": numpy.full((2, 2), 50.0)}
    assert bargaining.smp(matrix).positions.to_dict() == bargaining.smp(two).positions.to_dict()
    assert bargaining.smp(one, voting_rule="Binary").turns >= 1
    with pytest.raises(eq.ModelError, match="there is no option `colour`"):
        bargaining.smp(one, colour="red")
    rounds = bargaining.eum(one, rounds=4)
    assert rounds.means["turn"] == [0, 1, 2, 3, 4]
    with pytest.raises(eq.ModelError, match="one dimension"):
        bargaining.eum(two)


def test_states_that_vote_apart_stand_apart() -> None:
    rows = []
    for at in range(30):
        for country, side in (("A", 1), ("B", 1), ("C", -1), ("D", -1), ("E", 0)):
            turn = 1 if at % 3 else -1
            vote = "abstain" if side == 0 else ("yes" if side == turn else "no")
            rows.append({"country_iso3": country, "session": 1 + at // 15, "resolution_id": f"r{at}", "vote": vote})
    frame = pandas.DataFrame(rows)
    found = roll_call.estimate(frame, anchors={"A": 1.0, "C": -1.0}, repeats=False)
    points = found.ideal_points.to_pandas().groupby("country")["mean"].mean()
    assert points["A"] > points["E"] > points["C"] and found.anchored
    sampled = roll_call.estimate(frame, anchors={"A": 1.0, "C": -1.0}, method="gibbs", iterations=60, burn_in=20, repeats=False)
    again = roll_call.estimate(frame, anchors={"A": 1.0, "C": -1.0}, method="gibbs", iterations=60, burn_in=20, repeats=False)
    assert sampled.ideal_points.to_dict() == again.ideal_points.to_dict()
    with pytest.raises(eq.ModelError, match="expected yes, abstain or no"):
        roll_call.estimate([{**rows[0], "vote": "perhaps"}])


def test_a_seed_gives_one_course_of_unrest() -> None:
    one, same, other = (civil_violence.simulate(ticks=60, seed=seed) for seed in (3, 3, 4))
    assert one.series.to_dict() == same.series.to_dict() != other.series.to_dict()
    assert one.peak == max(one.series["active"])
    with pytest.raises(eq.ModelError, match="there is no setting `colour`"):
        civil_violence.simulate(colour=1.0)
    with pytest.raises(eq.ModelError, match="published run 9"):
        civil_violence.simulate(run=9)


def test_a_request_is_held_against_a_treaty() -> None:
    cases = sorted((TREATIES / "cases").glob("csto-*.toml"))
    judged = treaty.judge(TREATIES / "csto.toml", cases[0], draws=200)
    assert 0 <= judged["granted"] <= 1 and judged["votes"]
    learned = treaty.learn(TREATIES / "csto.toml", cases, draws=500)
    assert len(learned["cases"]) == len(cases)
    with pytest.raises(eq.ScenarioError, match="nothing.toml"):
        treaty.judge(TREATIES / "nothing.toml", cases[0])
    assert treaty.judge("csto", cases[0].stem, draws=200) == judged
    with pytest.raises(eq.ScenarioError, match="did you mean `csto`"):
        treaty.judge("cst", cases[0])


def test_a_case_is_judged_as_tomllib_reads_it() -> None:
    tomllib = pytest.importorskip("tomllib")
    path = TREATIES / "cases" / "csto-2022-01-kazakhstan.toml"
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    text = tomllib.loads((TREATIES / "csto.toml").read_text(encoding="utf-8"))
    judged = treaty.judge(text, case, draws=300)
    assert judged["granted"] == treaty.judge("csto", path, draws=300)["granted"]
    assert isinstance(case["date"], datetime.date)
    case["facts"]["armed_attack"] = [0.0, 0.0]
    for member in case["beliefs"].values():
        member["armed_attack"] = 0.0
    assert treaty.judge("csto", case, draws=300)["granted"] < judged["granted"]
    case["facts"]["armed_atack"] = case["facts"].pop("armed_attack")
    with pytest.raises(eq.ScenarioError, match="armed_atack"):
        treaty.judge("csto", case)
