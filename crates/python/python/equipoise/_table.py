"""Tables: Arrow outside, plain Python on demand."""

from __future__ import annotations

from html import escape
from typing import Any

from . import _equipoise

_SHOWN = 10


class Table:
    """A table that any library can take through Arrow's C stream interface, without a copy.

    ``pyarrow.table(table)``, ``polars.DataFrame(table)`` and ``duckdb.sql("from table")`` work as they are.

    >>> import equipoise as eq
    >>> table = eq.load("kazakhstan-2022").run(histories=4).outcomes
    >>> len(table)
    4
    >>> table.columns[:2]
    ['history', 'account']
    >>> table.to_dict()["history"]
    [0, 1, 2, 3]
    """

    def __init__(self, inner: _equipoise.Table, keep: object = None) -> None:
        self._inner = inner
        # Files of a temporary run live as long as a table of it.
        self._keep = keep

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Arrow's C stream; a run's table is decoded group by group as it is read."""
        return self._inner.__arrow_c_stream__(requested_schema)

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return self._inner.column_names

    def __len__(self) -> int:
        return self._inner.num_rows

    def __getitem__(self, column: str) -> list[Any]:
        """A column as a list."""
        return self.to_dict()[column]

    def to_dict(self, rows: int | None = None) -> dict[str, list[Any]]:
        """The columns as lists of plain Python values, of the first ``rows`` rows if that is given."""
        return self._inner.to_dict(rows)

    def to_arrow(self) -> Any:
        """A ``pyarrow.Table``; needs pyarrow."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; needs pandas and pyarrow."""
        import pandas  # noqa: F401  (so that what is missing is named)

        return self.to_arrow().to_pandas()

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``; needs polars."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        types = zip(self._inner.column_names, self._inner.column_types, strict=True)
        return f"Table of {len(self)} rows: " + ", ".join(f"{name} {kind}" for name, kind in types)

    def _repr_html_(self) -> str:
        return html_table(self.to_dict(_SHOWN), len(self))


def html_table(columns: dict[str, list[Any]], rows: int) -> str:
    """The first rows of a table as HTML, and how many there are."""
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    cells = zip(*columns.values(), strict=True)
    body = "".join("<tr>" + "".join(f"<td>{escape(said(cell))}</td>" for cell in row) + "</tr>" for row in cells)
    shown = len(next(iter(columns.values()), []))
    more = f"<p>{rows:,} rows, {shown} shown</p>" if shown < rows else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def said(cell: Any) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4g}"
    return str(cell)
