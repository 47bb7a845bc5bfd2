"""Tables and arrays of whatever library, turned into the plain columns that Rust takes."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ._equipoise import ModelError
from ._table import Table

Tabular = Any
"""A mapping of columns, a list of rows (mappings), a pandas or Polars data frame, or anything that exports an Arrow stream
(which needs pyarrow where it is none of these)."""


def columns_of(table: Tabular) -> dict[str, list[Any]]:
    """The columns of a table by name.

    >>> columns_of({"a": (1, 2), "b": array("d", [0.5, 1.5])})
    {'a': [1, 2], 'b': [0.5, 1.5]}
    >>> columns_of([{"a": 1}, {"a": 2}])
    {'a': [1, 2]}
    """
    if isinstance(table, Table):
        return table.to_dict()
    if isinstance(table, Mapping):
        columns = {str(name): values(column) for name, column in table.items()}
        lengths = {len(column) for column in columns.values()}
        if len(lengths) > 1:
            told = ", ".join(f"{name} {len(column)}" for name, column in columns.items())
            raise ModelError(f"the columns of a table differ in length: {told}")
        return columns
    if isinstance(table, Sequence) and not isinstance(table, str):
        if all(isinstance(row, Mapping) for row in table):
            names = dict.fromkeys(str(name) for row in table for name in row)
            return {name: [row.get(name) for row in table] for name in names}
    elif hasattr(table, "columns") and hasattr(table, "__getitem__"):
        if hasattr(table, "column_names"):
            # pyarrow calls the columns themselves `columns`.
            return {str(name): values(table[name]) for name in table.column_names}
        return {str(name): values(table[name]) for name in table.columns}
    elif hasattr(table, "__arrow_c_stream__"):
        import pyarrow

        return columns_of(pyarrow.table(table))
    raise ModelError(
        f"{type(table).__name__} is no table; expected a mapping of columns, rows as mappings, a data frame "
        "or an Arrow table"
    )


def values(column: Any) -> list[Any]:
    """A column as a list: a buffer, an array, a series or a sequence.

    >>> values(memoryview(array("d", [1.0, 2.0])))
    [1.0, 2.0]
    """
    for method in ("to_pylist", "tolist", "to_list"):
        if hasattr(column, method):
            found = getattr(column, method)()
            return list(found) if isinstance(found, list) else [found]
    if isinstance(column, str | bytes) or not isinstance(column, Iterable):
        raise ModelError(f"{column!r} is no column; expected a sequence or an array")
    return list(column)


def required(columns: Mapping[str, list[Any]], name: str, table: str, *others: str) -> list[Any]:
    """The column of that name, or of one of the others.

    >>> required({"a": [1]}, "b", "edges")
    Traceback (most recent call last):
    ...
    equipoise.ModelError: edges: the column `b` is missing; there are: a
    """
    for known in (name, *others):
        if known in columns:
            return columns[known]
    raise ModelError(f"{table}: the column `{name}` is missing; there are: {', '.join(columns)}")


def numbers(column: Iterable[Any], name: str, missing: float | None = None) -> list[float]:
    """A column of numbers; what is missing becomes ``missing``, or is an error.

    >>> numbers([1, None], "capacity", missing=0.0)
    [1.0, 0.0]
    """
    found = []
    for row, value in enumerate(column):
        if value is None or (isinstance(value, float) and math.isnan(value)):
            if missing is None:
                raise ModelError(f"row {row} of {name} is missing; expected a number")
            found.append(missing)
            continue
        try:
            found.append(float(value))
        except (TypeError, ValueError):
            raise ModelError(f"row {row} of {name} is {value!r}; expected a number") from None
    return found


def words(column: Iterable[Any]) -> list[str]:
    """A column of names."""
    return [str(value) for value in column]
