"""A request held against an alliance's treaty: which clauses carry it, who votes how and why, what comes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

from .. import _equipoise
from ._toml import toml

Source = str | os.PathLike[str] | Mapping[str, Any]
"""A TOML file, the name of a bundled one, or its content as ``tomllib`` reads it."""


def bundled() -> tuple[list[str], list[str]]:
    """Names of the treaties and of the past requests that come with the package.

    >>> from equipoise.models import treaty
    >>> treaties, cases = treaty.bundled()
    >>> "csto" in treaties, "csto-2022-01-kazakhstan" in cases
    (True, True)
    """
    return _equipoise.treaty_bundled()


def judge(treaty: Source, case: Source, *, draws: int = 4000, seed: int = 1) -> dict[str, Any]:
    """Judges a case, in the shape of ``equipoise model treaty --json``. ``equipoise schema`` describes both files.

    A case may be given as its content, so that one fact can be changed and judged again:

    >>> from equipoise.models import treaty
    >>> judged = treaty.judge("csto", "csto-2022-01-kazakhstan", draws=200)
    >>> 0 <= judged["granted"] <= 1
    True
    >>> import datetime
    >>> case = {"title": "A request", "treaty": "CSTO", "date": datetime.date(2022, 1, 5), "requester": "KAZ",
    ...         "sources": ["an exercise"],
    ...         "facts": {"attack_by_state": 0, "armed_attack": [0.2, 0.6], "threat": True, "hostilities": True,
    ...                   "treaty_territory": True, "formal_request": True},
    ...         "stakes": {"default": {"interest": [0.1, 0.5], "relation": 0, "capacity": 0.1, "home": 0.2,
    ...                                "precedent": 0}}}
    >>> len(treaty.judge("csto", case, draws=200)["votes"])
    5

    Raises:
        ScenarioError: a file has mistakes; each is told with its line.
    """
    found: dict[str, Any] = json.loads(
        _equipoise.treaty_judge(_source(treaty, "treaty"), [_source(case, "case")], False, draws, seed)
    )
    return found


def learn(treaty: Source, cases: Sequence[Source], *, draws: int = 20_000, seed: int = 1) -> dict[str, Any]:
    """Learns the weights of votes from past requests and tells each case from the others.

    >>> from equipoise.models import treaty
    >>> past = [name for name in treaty.bundled()[1] if name.startswith("csto")]
    >>> len(treaty.learn("csto", past, draws=500)["cases"]) == len(past)
    True
    """
    sources = [_source(case, f"case {number}") for number, case in enumerate(cases, 1)]
    found: dict[str, Any] = json.loads(
        _equipoise.treaty_judge(_source(treaty, "treaty"), sources, True, draws, seed)
    )
    return found


def _source(source: Source, name: str) -> tuple[str, str | None]:
    """What Rust reads: a name, and the text where there is no file."""
    if isinstance(source, Mapping):
        return name, toml(source)
    return os.fspath(source), None
