"""Flows of one commodity over a network of routes: what shippers choose, and who could stop it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .. import _equipoise
from .._columns import Tabular, columns_of, numbers, required, words
from .._table import Table
from ._answer import answer

_NAN, _INFINITE = float("nan"), float("inf")


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
    """state, share_through, dependence (netback lost if it closed its edges), undelivered, suspended (contracts that could
    not be kept then)."""
    suppliers: Table
    """supplier, edge, flow, right_price, contract_price: who sends what where. Empty unless a supplier has contracts of its
    own, for otherwise cargoes are not told apart."""
    outages: Table
    """edges, netback_lost, undelivered, suspended; single ones first, the costliest first. Empty unless asked for."""


@dataclass(frozen=True)
class Schedule:
    """What shippers who know what is coming send where and when."""

    objective: float
    """The objectives of all periods and the cost of tanks, less the worth of the last stocks: what is minimised."""
    delivered: float
    """Everything sold."""
    shut_in: float
    """Everything left in the ground."""
    periods: Table
    """period, delivered, shut_in, revenue, transport_cost: amounts, not rates."""
    edges: Table
    """period, id, flow, shadow_price, contract_price."""
    stocks: Table
    """period, tank, stock after the period."""


def solve(
    nodes: Tabular,
    edges: Tabular,
    supply: Tabular | Mapping[str, float],
    *,
    contracts: Tabular | None = None,
    limit: Mapping[str, float] | None = None,
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
        contracts: ``edge``, and ``minimum`` or ``maximum`` or both: what must and may pass; with ``supplier`` that of one
            supplier (take-or-pay, a share of a pipe), where the cell is empty that of all together.
        limit: other capacities of some edges.
        close: edges that are closed.
        close_state: states that close all their edges.
        shut_in_cost: of a unit left in the ground.
        outages: rank outages of single edges (1), and of pairs as well (2).

    An edge is named by its id, or as ``FROM:TO``, which means all edges between the two.

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
    columns = _network(nodes, edges, supply, contracts, limit, close, close_state, shut_in_cost)
    return answer(Plan, _equipoise.transit_solve(columns, outages))


def schedule(
    nodes: Tabular,
    edges: Tabular,
    supply: Tabular | Mapping[str, float],
    periods: Tabular,
    *,
    tanks: Tabular | None = None,
    contracts: Tabular | None = None,
    limit: Mapping[str, float] | None = None,
    close: Iterable[str] = (),
    close_state: Iterable[str] = (),
    shut_in_cost: float = 1000.0,
) -> Schedule:
    """The flow over several periods at once, with tanks that carry stocks from one to the next.

    Args:
        periods: ``period`` and ``length`` (0.25 for a quarter where rates are yearly); optionally ``edge`` and
            ``availability``, the share of its capacity that the edge has then. A period may have several rows.
        tanks: ``node``, ``capacity``, and optionally ``cost`` (of holding a unit for a period), ``at_start``, ``at_end``
            (what must be left), ``end_value`` (worth of a unit that is left). Amounts, not rates.

    The others are those of :func:`solve`; contracts of single suppliers cannot be planned over periods.

    >>> from equipoise.models import transit
    >>> plan = transit.schedule(
    ...     nodes={"node": ["field", "port", "market"], "market_capacity": [None, None, 40.0], "price": [None, None, 50.0]},
    ...     edges={"from": ["field", "port"], "to": ["port", "market"], "capacity": [20.0, 20.0], "cost": [1.0, 1.0]},
    ...     supply={"field": 12.0},
    ...     periods={"period": ["winter", "spring"], "length": [0.25, 0.25],
    ...              "edge": ["port:market", None], "availability": [0.0, None]},
    ...     tanks={"node": ["port"], "capacity": [2.0]},
    ... )
    >>> plan.stocks["stock"], plan.periods["delivered"]
    ([2.0, 0.0], [0.0, 5.0])

    Raises:
        ModelError: as :func:`solve`; and a period or tank makes no sense.
    """
    columns = _network(nodes, edges, supply, contracts, limit, close, close_state, shut_in_cost)
    when, room = columns_of(periods), columns_of(tanks if tanks is not None else {})
    n, t = len(required(when, "period", "periods")), len(room.get("node", []))
    times = {
        "period": words(when["period"]),
        "length": numbers(required(when, "length", "periods"), "length"),
        "edge": _maybe(when.get("edge", [None] * n)),
        "availability": numbers(when.get("availability", [None] * n), "availability", 1.0),
        "tank": words(required(room, "node", "tanks")) if room else [],
        "tank_capacity": numbers(required(room, "capacity", "tanks"), "capacity") if room else [],
        "tank_cost": numbers(room.get("cost", [None] * t), "cost", 0.0),
        **{name: numbers(room.get(name, [None] * t), name, 0.0) for name in ("at_start", "at_end", "end_value")},
    }
    return answer(Schedule, _equipoise.transit_schedule(columns, times))


def _network(
    nodes: Tabular,
    edges: Tabular,
    supply: Tabular | Mapping[str, float],
    contracts: Tabular | None,
    limit: Mapping[str, float] | None,
    close: Iterable[str],
    close_state: Iterable[str],
    shut_in_cost: float,
) -> dict[str, Any]:
    places, ways = columns_of(nodes), columns_of(edges)
    held = columns_of(contracts if contracts is not None else {})
    names = words(required(places, "node", "nodes", "id"))
    amounts = _amounts(supply)
    for node in amounts:
        if node not in names:
            raise _equipoise.ModelError(f"supply: there is no node `{node}`; there are: {', '.join(names)}")
    n, k = len(names), len(held.get("edge", []))
    starts = words(required(ways, "from", "edges"))
    ends = words(required(ways, "to", "edges"))
    ids = ways.get("id", [f"{a}:{b}" for a, b in zip(starts, ends, strict=True)])
    return {
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
        "contract_edge": words(required(held, "edge", "contracts")) if held else [],
        "contract_supplier": _maybe(held.get("supplier", [None] * k)),
        "contract_minimum": numbers(held.get("minimum", [None] * k), "minimum", 0.0),
        "contract_maximum": numbers(held.get("maximum", [None] * k), "maximum", _INFINITE),
        "close": list(close),
        "limit": [(str(edge), float(capacity)) for edge, capacity in (limit or {}).items()],
        "close_state": list(close_state),
        "shut_in_cost": float(shut_in_cost),
    }


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


def _maybe(cells: Iterable[Any]) -> list[str | None]:
    """Names, some of which are missing: None, NaN or empty."""
    return [None if cell is None or cell == "" or cell != cell else str(cell) for cell in cells]
