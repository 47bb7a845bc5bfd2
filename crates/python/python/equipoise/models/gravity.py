"""Trade in general equilibrium: what a change of trade costs does to prices, trade and welfare everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .. import _equipoise
from .._columns import Tabular, columns_of, numbers, required, words
from .._table import Table
from ._answer import answer


@dataclass(frozen=True)
class Equilibrium:
    """The world after a shock."""

    countries: Table
    """id, then each figure new over old: factory_price, price_index, expenditure, welfare, real_income, exports, imports."""
    flows: Table
    """exporter, importer, before, after."""
    iterations: int
    """Steps taken."""
    residual: float
    """How far markets are from clearing, as a share."""
    world_spending: float
    """World spending, new over old."""


@dataclass(frozen=True)
class Counterfactual:
    """The answer of the package gegravity 0.3, which does not feed incomes back."""

    countries: Table
    """id, factory_price, real_output, welfare_statistic."""
    flows: Table
    """exporter, importer, before (as modelled), after."""
    iterations: int
    """Steps taken."""
    residual: float
    """How far the system is from being solved."""


def solve(
    flows: Tabular,
    shock: Tabular,
    elasticity: float,
    *,
    closure: Literal["additive", "multiplicative"] = "additive",
) -> Equilibrium:
    """The equilibrium after a shock, with full feedback of incomes.

    Args:
        flows: ``exporter``, ``importer``, ``value``, domestic sales included.
        shock: ``exporter``, ``importer``, ``log_change`` of the trade-cost term (cost to the power of minus elasticity).
        elasticity: of trade, above 0.
        closure: trade balances stay the same number, or the same share of output.

    >>> from equipoise.models import gravity
    >>> flows = {"exporter": ["A", "A", "B", "B"], "importer": ["A", "B", "A", "B"], "value": [8.0, 2.0, 2.0, 8.0]}
    >>> after = gravity.solve(flows, {"exporter": ["A"], "importer": ["B"], "log_change": [-1.0]}, 4.0)
    >>> after.countries["id"], [round(welfare, 3) for welfare in after.countries["welfare"]]
    (['A', 'B'], [0.976, 0.969])

    Raises:
        ModelError: the flows make no world, or there is no equilibrium.
    """
    return answer(Equilibrium, _equipoise.gravity_solve(_columns(flows, shock, elasticity), closure))


def parity(flows: Tabular, shock: Tabular, elasticity: float, *, reference: str | None = None) -> Counterfactual:
    """The same question, answered as the package gegravity 0.3 does: for those who must reproduce its figures."""
    return answer(Counterfactual, _equipoise.gravity_parity(_columns(flows, shock, elasticity), reference))


def _columns(flows: Tabular, shock: Tabular, elasticity: float) -> dict[str, Any]:
    trade, change = columns_of(flows), columns_of(shock)
    return {
        "exporter": words(required(trade, "exporter", "flows")),
        "importer": words(required(trade, "importer", "flows")),
        "value": numbers(required(trade, "value", "flows"), "value"),
        "shock_exporter": words(required(change, "exporter", "shock")),
        "shock_importer": words(required(change, "importer", "shock")),
        "log_change": numbers(required(change, "log_change", "shock"), "log_change"),
        "elasticity": float(elasticity),
    }
