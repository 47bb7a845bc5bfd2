"""A request held against an alliance's treaty: which clauses carry it, who votes how and why, what comes of it."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

from .. import _equipoise

StrPath = str | os.PathLike[str]


def judge(treaty: StrPath, case: StrPath, *, draws: int = 4000, seed: int = 1) -> dict[str, Any]:
    """Judges a case (TOML files, as ``equipoise schema`` describes them), in the shape of ``equipoise model treaty --json``.

    Raises:
        ScenarioError: a file has mistakes; each is told with its line.
    """
    found: dict[str, Any] = json.loads(
        _equipoise.treaty_judge(os.fspath(treaty), [os.fspath(case)], False, draws, seed)
    )
    return found


def learn(
    treaty: StrPath, cases: Sequence[StrPath], *, draws: int = 20_000, seed: int = 1
) -> dict[str, Any]:
    """Learns the weights of votes from past requests and tells each case from the others."""
    paths = [os.fspath(case) for case in cases]
    found: dict[str, Any] = json.loads(_equipoise.treaty_judge(os.fspath(treaty), paths, True, draws, seed))
    return found
