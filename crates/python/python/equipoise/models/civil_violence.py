"""Civil violence: citizens with grievances, cops and jail on a torus (Epstein 2002)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .. import _equipoise
from .._progress import Progress, Told
from .._table import Table
from ._answer import answer


@dataclass(frozen=True)
class Society:
    """A society over time."""

    series: Table
    """tick, active, jailed, quiet, cops, legitimacy, tension."""
    outbursts: Table
    """start, end, activation, wait."""
    peak: int | None
    """The most who were active at once."""


def simulate(
    *,
    ticks: int = 1000,
    seed: int = 1,
    rules: Literal["brookings2001", "pnas2002", "netlogo2004"] = "brookings2001",
    run: int = 2,
    outburst_limit: int = 50,
    progress: Progress = None,
    **setting: float,
) -> Society:
    """A society from its first tick to its last; one seed gives one course of events.

    Args:
        ticks: how long.
        seed: of all randomness.
        rules: those of the original program, of the published text, or of NetLogo.
        run: the published run (1 to 8) whose setting it starts from.
        outburst_limit: actives above which an outburst begins.
        progress: as in :meth:`equipoise.Scenario.run`.
        setting: ``size``, ``citizen_density``, ``cop_density``, ``citizen_vision``, ``cop_vision``, ``legitimacy``,
            ``longest_term``, ``threshold``, ``arrest_constant``: what differs from the published run.

    >>> from equipoise.models import civil_violence
    >>> society = civil_violence.simulate(ticks=20, seed=1, legitimacy=0.6)
    >>> len(society.series)
    20
    """
    with Told(ticks, progress, "ticks") as told:
        changes = {name: float(value) for name, value in setting.items()}
        found = _equipoise.civil_violence(rules, run, changes, seed, ticks, outburst_limit, told)
    return answer(Society, found)
