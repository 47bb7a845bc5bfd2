"""Tables as TOML text: the standard library reads it and does not write it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._equipoise import ModelError


def toml(table: Mapping[str, Any]) -> str:
    """The text of a table, plain values before tables.

    >>> print(toml({"a": {"b": [1, 0.5]}, "day": datetime.date(2022, 1, 5), "clauses": [{"id": "x"}]}))
    "day" = 2022-01-05
    ["a"]
    "b" = [1, 0.5]
    [["clauses"]]
    "id" = "x"
    """
    return "\n".join(_lines(table, ""))


def _lines(table: Mapping[str, Any], path: str) -> list[str]:
    plain, below = [], []
    for name, value in table.items():
        key = json.dumps(str(name), ensure_ascii=False)
        inside = f"{path}.{key}" if path else key
        if isinstance(value, Mapping):
            below += [f"[{inside}]", *_lines(value, inside)]
        elif isinstance(value, Sequence) and value and all(isinstance(one, Mapping) for one in value):
            for one in value:
                below += [f"[[{inside}]]", *_lines(one, inside)]
        elif value is not None:
            plain.append(f"{key} = {_value(value)}")
    return plain + below


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int():
            return str(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{json.dumps(str(name))} = {_value(one)}" for name, one in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(_value(one) for one in value) + "]"
    try:
        return repr(float(value))
    except (TypeError, ValueError):
        raise ModelError(f"{value!r} cannot be said in TOML") from None
