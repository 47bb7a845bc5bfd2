"""Ideal points: where states stand on one line, read off how they vote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from .. import _equipoise
from .._columns import Tabular, columns_of, required, words
from .._progress import Progress, Told
from .._table import Table
from ._answer import answer


@dataclass(frozen=True)
class Estimate:
    """Where states stand."""

    ideal_points: Table
    """country, session, mean, sd, votes."""
    accuracy: float
    """Share of votes that are the likeliest by the estimate."""
    apre: float
    """Share of the errors of always saying the most frequent vote that the estimate avoids."""
    mean_probability: float
    """Mean probability of the votes cast."""
    votes: int
    """Votes used."""
    roll_calls: int
    """Roll calls used: those on which states differ."""
    anchored: bool
    """Whether a state whose side is known votes; without one the high end is the one that says no more often."""
    converged: bool
    """Whether the estimate is at rest."""
    rounds: int
    """Sweeps or iterations taken."""


def estimate(
    votes: Tabular,
    *,
    anchors: Mapping[str, float] | None = None,
    method: Literal["fast", "gibbs"] = "fast",
    repeats: bool = True,
    iterations: int = 1500,
    burn_in: int = 500,
    seed: int = 1,
    progress: Progress = None,
) -> Estimate:
    """Ideal points by session, after Bailey, Strezhnev and Voeten (2017).

    Args:
        votes: ``country``, ``session``, ``resolution``, ``vote`` (yes, abstain, no), a row for each vote of a state.
        anchors: states whose side is known, to 1 or -1.
        method: the posterior's mode (``"fast"``), or samples of it as published (``"gibbs"``).
        repeats: bridge sessions by roll calls that states voted alike on.
        iterations: of the sampler, burn-in included.
        burn_in: iterations left out at the start.
        seed: of the sampler.
        progress: as in :meth:`equipoise.Scenario.run`.

    >>> from equipoise.models import roll_call
    >>> sides = {"A": "yyyny", "B": "yyany", "C": "nnnyn", "D": "nanyy"}
    >>> word = {"y": "yes", "a": "abstain", "n": "no"}
    >>> votes = [{"country": country, "session": 1, "resolution": str(at), "vote": word[vote]}
    ...          for country, cast in sides.items() for at, vote in enumerate(cast)]
    >>> found = roll_call.estimate(votes, anchors={"A": 1.0, "C": -1.0})
    >>> points = dict(zip(found.ideal_points["country"], found.ideal_points["mean"]))
    >>> points["A"] > 0 > points["C"]
    True
    """
    columns = columns_of(votes)
    asked = {
        "country": words(required(columns, "country", "votes", "country_iso3")),
        "session": [int(session) for session in required(columns, "session", "votes")],
        "resolution": words(required(columns, "resolution", "votes", "resolution_id")),
        "vote": words(required(columns, "vote", "votes")),
        "repeats": repeats,
    }
    with Told(iterations, progress if method == "gibbs" else False, "iterations") as told:
        found = _equipoise.roll_call(asked, dict(anchors or {}), method, iterations, burn_in, seed, told)
    return answer(Estimate, found)
