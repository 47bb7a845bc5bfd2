"""Flows of one commodity over a network of routes: what shippers choose, and who could stop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import _equipoise
from .._columns import Tabular, columns_of, numbers, required, words
from .._table import Table
from ._answer import answer

_NAN = float("nan")


@dataclass(frozen=True)
class Plan:
    """What shippers send where."""

    objective: float
    """Transport and shut-in cost less revenue: what is minimised."""
    netback: float
    """The negative of the objective."""
    delivered: float
    """Everything sold."""
    shut_in: float
    """Everything left in the ground."""
    revenue: float
    """What markets pay."""
    transport_cost: float
    """What edges cost."""
    mean_cost: float | None
    """Transport cost per unit delivered."""
    edges: Table
    """id, from, to, capacity, flow, shadow_price, contract_price."""
    nodes: Table
    """id, value, sold, shut_in."""
    states: Table
    """state, share_through, dependence (netback lost if it closed its edges), undelivered."""
    outages: Table
    """edges, netback_lost, undelivered; the costliest first. Empty unless asked for."""


def solve(
    nodes: Tabular,
    edges: Tabular,
    supply: Tabular | Mapping[str, float],
    *,
    close: Iterable[str] = (),
    close_state: Iterable[str] = (),
    shut_in_cost: float = 1000.0,
    outages: int = 0,
) -> Plan:
    """The flow with the greatest netback within capacities and contracts.

    Args:
        nodes: ``node``, and of markets ``market_capacity`` and ``price`` (0 if there is no such column).
        edges: ``from``, ``to``, ``capacity``, ``cost``; optionally ``id``, ``minimum`` (what must pass by contract) and
            ``crosses`` (states: a list, or names with blanks between them).
        supply: ``node`` and ``amount``, or a mapping of nodes to amounts.
        close: edges that are closed, by id.
        close_state: states that close all their edges.
        shut_in_cost: of a unit left in the ground.
        outages: rank outages of single edges (1), and of pairs as well (2).

    >>> from equipoise.models import transit
    >>> plan = transit.solve(
    ...     nodes={"node": ["field", "port"], "market_capacity": [None, 80.0], "price": [None, 50.0]},
    ...     edges={"id": ["pipe", "rail"], "from": ["field", "field"], "to": ["port", "port"],
    ...            "capacity": [50.0, 40.0], "cost": [5.0, 20.0], "crosses": ["RUS", ""]},
    ...     supply={"field": 70.0},
    ... )
    >>> plan.edges["flow"]
    [50.0, 20.0]
    >>> plan.states["share_through"]
    [0.7142857142857143]

    Raises:
        ModelError: the network makes no sense, or contracts cannot all be kept; the culprits are named.
    """
    places, ways = columns_of(nodes), columns_of(edges)
    names = words(required(places, "node", "nodes", "id"))
    amounts = _amounts(supply)
    for node in amounts:
        if node not in names:
            raise _equipoise.ModelError(f"supply: there is no node `{node}`; there are: {', '.join(names)}")
    n = len(names)
    starts = words(required(ways, "from", "edges"))
    ends = words(required(ways, "to", "edges"))
    ids = ways.get("id", [f"{a}:{b}" for a, b in zip(starts, ends, strict=True)])
    return answer(
        Plan,
        _equipoise.transit_solve(
            {
                "node": names,
                "supply": [amounts.get(name, _NAN) for name in names],
                "market_capacity": numbers(places.get("market_capacity", [None] * n), "market_capacity", _NAN),
                "price": numbers(places.get("price", [None] * n), "price", 0.0),
                "edge": words(ids),
                "from": starts,
                "to": ends,
                "capacity": numbers(required(ways, "capacity", "edges"), "capacity"),
                "minimum": numbers(ways.get("minimum", [None] * len(starts)), "minimum", 0.0),
                "cost": numbers(required(ways, "cost", "edges"), "cost"),
                "crosses": [_states(cell) for cell in ways.get("crosses", [None] * len(starts))],
                "close": list(close),
                "close_state": list(close_state),
                "shut_in_cost": float(shut_in_cost),
                "outages": outages,
            }
        ),
    )


def _amounts(supply: Any) -> dict[str, float]:
    if isinstance(supply, Mapping) and "node" not in supply:
        return dict(zip(words(supply), numbers(supply.values(), "supply"), strict=True))
    columns = columns_of(supply)
    amounts = numbers(required(columns, "amount", "supply"), "amount")
    return dict(zip(words(required(columns, "node", "supply")), amounts, strict=True))


def _states(cell: Any) -> list[str]:
    if cell is None or isinstance(cell, float):
        return []
    return cell.split() if isinstance(cell, str) else words(cell)
