"""Answers as rows: a list of plain dictionaries that data frames take as they are."""

from __future__ import annotations

from typing import Any

from ._table import html_table


class Records(list[dict[str, Any]]):
    """Rows of an answer, a dictionary each: ``pandas.DataFrame(records)`` and ``polars.DataFrame(records)`` just work.

    ``answer`` is the whole answer in the shape that the command line prints with ``--json``.

    >>> import equipoise as eq
    >>> accounts = eq.load("kazakhstan-2022").accounts
    >>> sorted(accounts[0])
    ['credence', 'explanation', 'id', 'title']
    """

    def __init__(self, rows: list[dict[str, Any]], answer: dict[str, Any] | None = None) -> None:
        super().__init__(rows)
        self.answer = answer if answer is not None else {}

    @property
    def columns(self) -> list[str]:
        """Names of the columns, in the order in which rows first have them."""
        return list(dict.fromkeys(name for row in self for name in row))

    def to_pandas(self) -> Any:
        """A ``pandas.DataFrame``; needs pandas."""
        import pandas

        return pandas.DataFrame(list(self), columns=self.columns)

    def to_polars(self) -> Any:
        """A ``polars.DataFrame``; needs polars."""
        import polars

        return polars.DataFrame(list(self), infer_schema_length=None, strict=False)

    def _repr_html_(self) -> str:
        return html_table({name: [row.get(name) for row in self[:50]] for name in self.columns}, len(self))
