"""Simulates states caught between blocs: what sets a crisis off, who is asked for help, who answers, what it costs.

>>> import equipoise as eq
>>> s = eq.load("kazakhstan-2022")
>>> run = s.run(histories=64, seed=1)
>>> run.histories
64

Tables are Arrow tables that any library can take without a copy; no other package is needed.
"""

from __future__ import annotations

from . import models
from ._equipoise import EquipoiseError, ModelError, RunError, ScenarioError
from ._records import Records
from ._run import Run, merge, open_run
from ._scenario import Posterior, Scenario, bundled, load
from ._table import Table

__all__ = [
    "EquipoiseError",
    "ModelError",
    "Posterior",
    "Records",
    "Run",
    "RunError",
    "Scenario",
    "ScenarioError",
    "Table",
    "bundled",
    "load",
    "merge",
    "models",
    "open_run",
]
