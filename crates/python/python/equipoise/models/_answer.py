"""What models answer: numbers and tables, by name."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from .. import _equipoise
from .._table import Table

T = TypeVar("T")


def answer(kind: type[T], found: tuple[str, list[tuple[str, _equipoise.Table]]]) -> T:
    """A dataclass made of the numbers and tables of that name."""
    told: dict[str, Any] = json.loads(found[0])
    told |= {name: Table(table) for name, table in found[1]}
    names = kind.__dataclass_fields__  # type: ignore[attr-defined]
    return kind(**{name: value for name, value in told.items() if name in names})
