"""Each model alone, on the arrays and tables of several libraries."""

from __future__ import annotations

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
    last = frame.filter(polars.col("turn") == found.turns)
    assert last["win_probability"].sum() == pytest.approx(1.0)
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
