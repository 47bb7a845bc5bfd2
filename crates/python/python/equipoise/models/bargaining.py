"""Bargaining over issues: where the positions of actors with power and interest end up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .. import _equipoise
from .._columns import Tabular, columns_of, numbers, required, words
from .._table import Table
from ._answer import answer


@dataclass(frozen=True)
class Bargain:
    """Positions turn by turn."""

    turns: int
    """Turns (rounds) taken."""
    at_rest: bool
    """Whether nothing moves any more at the end."""
    positions: Table
    """turn, actor, dimension, position, risk; of :func:`smp` also win_probability."""
    means: Table
    """turn and the mean weighted by capability and salience; of :func:`smp` by dimension, of :func:`eum` with the median."""


def smp(
    actors: Tabular,
    *,
    most_turns: int = 100,
    quiet_share: float = 0.02,
    seed: int | None = None,
    **options: str,
) -> Bargain:
    """The Spatial Model of Politics, as the KAPSARC Toolkit for Behavioral Analysis has it.

    Args:
        actors: ``actor``, ``capability``, ``position`` and ``salience`` (0 to 100), one column of each per dimension:
            ``position_1``, ``position_2`` … or a list in each cell.
        most_turns: turns after which it ends at the latest.
        quiet_share: it ends when positions move less than this share of what they moved in the first turn.
        seed: draw bargains by their probability instead of taking the likeliest.
        options: ``voting_rule``, ``victory_model``, ``equilibrium``, ``third_party``, ``risk_range``, ``risk_adjust``,
            ``interpolation``, ``bargain_model``, ``receiver_estimate``, by KTAB's names.

    >>> from equipoise.models import bargaining
    >>> actors = {"actor": ["A", "B", "C"], "capability": [100, 60, 40],
    ...           "position": [10.0, 50.0, 90.0], "salience": [80, 60, 90]}
    >>> bargain = bargaining.smp(actors)
    >>> bargain.at_rest
    True
    """
    return answer(Bargain, _equipoise.bargaining_smp(_columns(actors), options, most_turns, quiet_share, seed))


def eum(actors: Tabular, *, variant: str = "published", rounds: int = 10) -> Bargain:
    """The Expected Utility Model of Bueno de Mesquita, on one issue.

    ``variant`` is ``"published"``, ``"jmckib"`` or ``"masad"``: readings of the open choices.

    >>> from equipoise.models import bargaining
    >>> actors = {"actor": ["A", "B", "C"], "capability": [100, 60, 40],
    ...           "position": [10.0, 50.0, 90.0], "salience": [80, 60, 90]}
    >>> bargaining.eum(actors, rounds=3).turns
    3
    """
    return answer(Bargain, _equipoise.bargaining_eum(_columns(actors), variant, rounds))


def _columns(actors: Tabular) -> dict[str, Any]:
    columns = columns_of(actors)
    return {
        "actor": words(required(columns, "actor", "actors", "name")),
        "capability": numbers(required(columns, "capability", "actors"), "capability"),
        "position": _dimensions(columns, "position"),
        "salience": _dimensions(columns, "salience"),
    }


def _dimensions(columns: dict[str, list[Any]], name: str) -> list[list[float]]:
    """A row of numbers for each actor."""
    numbered = [column for column in columns if column.startswith(f"{name}_")]
    if name not in columns and numbered:
        each = [numbers(columns[column], column) for column in numbered]
        return [list(row) for row in zip(*each, strict=True)]
    cells = required(columns, name, "actors")
    if cells and hasattr(cells[0], "__iter__"):
        return [numbers(cell, name) for cell in cells]
    return [[value] for value in numbers(cells, name)]
