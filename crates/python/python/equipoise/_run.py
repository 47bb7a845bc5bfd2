"""Finished runs: their tables, and the questions they answer."""

from __future__ import annotations

import datetime
import json
import os
from array import array
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal

from . import _equipoise
from ._equipoise import RunError
from ._records import Records
from ._table import Table

StrPath = str | os.PathLike[str]
DriverMethod = Literal["sobol", "morris", "given-data", "pawn", "delta"]


def open_run(folder: StrPath, *, keep: object = None, command: str = "") -> Run:
    """Opens a finished run, or a comparison, that is in a folder; the command line and Python write the same.

    >>> import equipoise as eq, tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = eq.load("kazakhstan-2022").run(histories=4, out=folder + "/run")
    ...     eq.open_run(folder + "/run").histories
    4

    Raises:
        RunError: there is none, or it is not finished.
    """
    path = Path(os.fspath(folder))
    if not (path / "comparison.json").is_file():
        return Run(_equipoise.Run.open(path), keep=keep, command=command)
    policies = json.loads((path / "comparison.json").read_text(encoding="utf-8"))["policies"]
    under = {policy: Run(_equipoise.Run.open(path / policy), keep=keep, command=command) for policy in policies}
    first = _equipoise.Run.open(path / policies[0])
    return Run(first, keep=keep, command=command, under=under, comparison=str(path))


def merge(parts: Sequence[StrPath], out: StrPath) -> Run:
    """Joins the parts that :meth:`Scenario.run_part` or ``equipoise run --shard`` made, and opens the run.

    >>> import equipoise as eq, tempfile
    >>> s = eq.load("kazakhstan-2022")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for number in (1, 2):
    ...         _ = s.run_part(number, 2, histories=128, out=f"{folder}/{number}")
    ...     eq.merge([f"{folder}/1", f"{folder}/2"], f"{folder}/run").histories
    128

    Raises:
        RunError: a part is missing, damaged or of another run.
    """
    _equipoise.merge([os.fspath(part) for part in parts], os.fspath(out))
    return open_run(out)


class Run:
    """A finished run; of a comparison the baseline, with the others in :attr:`under`."""

    def __init__(
        self,
        inner: _equipoise.Run,
        *,
        keep: object = None,
        command: str = "",
        under: dict[str, Run] | None = None,
        comparison: str | None = None,
    ) -> None:
        self._inner = inner
        self._keep = keep
        self._command = command
        self._comparison = comparison
        self._answer: dict[str, Any] | None = None
        self.under: dict[str, Run] = under or {}
        """The run under each policy that was compared, the baseline first."""
        self.manifest: dict[str, Any] = json.loads(inner.manifest())
        """What was run."""

    @property
    def path(self) -> str:
        """Its folder."""
        return os.fspath(self._inner.dir)

    @property
    def histories(self) -> int:
        """Number of histories."""
        return int(self.manifest["histories"])

    @property
    def seed(self) -> int:
        """Seed of all randomness."""
        return int(self.manifest["seed"])

    @property
    def outcomes(self) -> Table:
        """One row per history: account and outcomes."""
        return self._table("outcomes")

    @property
    def parameters(self) -> Table:
        """One row per history: account and parameters."""
        return self._table("parameters")

    @property
    def series(self) -> Table:
        """One row per history and day."""
        return self._table("series")

    @property
    def events(self) -> Table:
        """One row per event, with the numbers of the events that caused it."""
        return self._table("events")

    def outcome(self, name: str) -> array[float]:
        """One outcome of every history as numbers: yes is 1 and no is 0, a date is its days since 1970, NaN is none.

        ``numpy.asarray(run.outcome("killed"))`` shares its memory.

        >>> import equipoise as eq
        >>> len(eq.load("kazakhstan-2022").run(histories=8).outcome("killed"))
        8
        """
        return self._numbers(self.outcomes, name, "outcome")

    def parameter(self, name: str) -> array[float]:
        """One parameter of every history as numbers."""
        return self._numbers(self.parameters, name, "parameter")

    def summary(self) -> Records:
        """What came out: a row for each outcome over all histories (``account`` is None) and for each account.

        >>> import equipoise as eq
        >>> summary = eq.load("kazakhstan-2022").run(histories=64).summary()
        >>> summary.columns[:4]
        ['outcome', 'account', 'kind', 'histories']
        """
        answer = self._told()
        rows = []
        for outcome in answer["outcomes"]:
            rows.append(_found(outcome, None, outcome["all"]))
            rows += [_found(outcome, account, found) for account, found in outcome["by_account"].items()]
        return Records(rows, answer)

    def scores(self) -> Records:
        """The record beside the run: a row for each target, over all histories and for each account."""
        answer = self._told()
        return Records(answer["scores"], answer)

    def drivers(
        self,
        outcome: str | None = None,
        *,
        method: DriverMethod | None = None,
        resamples: int | None = None,
        confidence: float = 0.95,
        seed: int = 1,
    ) -> Records:
        """What drives an outcome, or each headline outcome: a row for each input, the strongest first.

        >>> import equipoise as eq
        >>> run = eq.load("kazakhstan-2022").run(histories=256)
        >>> drivers = run.drivers("killed", resamples=20)
        >>> drivers[0]["first"] >= drivers[1]["first"]
        True

        Raises:
            RunError: the run's design cannot answer by this method.
        """
        answer = json.loads(self._inner.drivers(outcome, method, resamples, confidence, seed))
        rows = []
        for told in answer["outcomes"]:
            leading = {
                "sobol": "total", "morris": "mu_star", "given-data": "first", "pawn": "pawn", "delta": "delta"
            }[told["method"]]
            inputs = sorted(told["parameters"], key=lambda row: -(row.get(leading) or 0.0))
            rows += [{"outcome": told["outcome"], **row} for row in inputs]
        return Records(rows, answer)

    def discover(
        self,
        when: str,
        *,
        method: Literal["prim", "cart"] = "prim",
        alpha: float = 0.05,
        mass_min: float = 0.05,
        threshold: float = 0.0,
        boxes: int = 1,
        resample: int = 10,
        seed: int = 1,
    ) -> Records:
        """Under which inputs it happens: a row for each box, with a sentence, limits, coverage and density.

        ``when`` is a yes/no or a date outcome, or a comparison such as ``"killed>=500"``. There are no rows where it
        always or never happens; ``.answer["message"]`` says so.

        >>> import equipoise as eq
        >>> run = eq.load("kazakhstan-2022").run(histories=256)
        >>> box = run.discover("killed>=200", resample=0)[0]
        >>> 0 < box["density"] <= 1
        True
        """
        answer = json.loads(
            self._inner.discover(when, method, alpha, mass_min, threshold, boxes, resample, seed)
        )
        return Records(answer["boxes"], answer)

    def why(self, asked: str, *, history: int | None = None) -> Records:
        """The causes of an outcome or event in one history, as a tree in rows; ``.answer`` says how common its chain is.

        >>> import equipoise as eq
        >>> run = eq.load("kazakhstan-2022").run(histories=64)
        >>> tree = run.why("protest_begins")
        >>> tree[0]["depth"]
        0
        """
        answer = json.loads(self._inner.why(asked, history))
        return Records(answer["tree"], answer)

    def compare(self) -> Records:
        """What each policy changes, in pairs of the same histories: a row for each policy, outcome and account.

        >>> import equipoise as eq
        >>> run = eq.load("kazakhstan-2022").run(histories=64, policies=["no-request"])
        >>> compared = run.compare()
        >>> {row["policy"] for row in compared}
        {'no-request'}
        >>> len(run.under["no-request"].outcomes)
        64

        Raises:
            RunError: the run was made without ``policies``.
        """
        if self._comparison is None:
            raise RunError("nothing is compared: run the scenario with policies=[…]")
        answer = json.loads(_equipoise.comparison(self._comparison))
        rows = []
        for policy in answer["policies"]:
            for outcome in policy["outcomes"]:
                rows.append(_changed(policy["policy"], outcome["id"], None, outcome["all"]))
                for account, found in outcome["by_account"].items():
                    rows.append(_changed(policy["policy"], outcome["id"], account, found))
        return Records(rows, answer)

    def report(self, path: StrPath) -> Path:
        """Writes the report, or the page of the comparison: one HTML file that needs nothing else."""
        if self._comparison is not None:
            _equipoise.comparison_report(self._comparison, os.fspath(path), self._command)
        else:
            self._inner.report(os.fspath(path), self._command)
        return Path(os.fspath(path))

    def to_ema(self, outcomes: Sequence[str] | None = None) -> tuple[Any, dict[str, Any]]:
        """Experiments and outcomes as EMA Workbench holds them: a data frame and arrays by name; needs pandas and numpy.

        Dates are days since 1970; a date that never comes is infinitely late, as algorithms of the workbench take no NaN.
        """
        import numpy
        import pandas

        experiments = pandas.DataFrame({name: column for name, column in self.parameters.to_dict().items() if name != "history"})
        experiments["account"] = experiments["account"].astype("category")
        names = self.outcomes.columns[2:] if outcomes is None else list(outcomes)
        arrays = {name: numpy.asarray(self.outcome(name)) for name in names}
        return experiments, {name: numpy.where(numpy.isnan(it), numpy.inf, it) for name, it in arrays.items()}

    def _table(self, name: str) -> Table:
        return Table(self._inner.table(name), self._keep)

    def _numbers(self, table: Table, name: str, what: str) -> array[float]:
        columns = table.to_dict()
        if name not in columns:
            raise RunError(f"there is no {what} `{name}`; there are: {', '.join(table.columns[2:])}")
        return array("d", map(_number, columns[name]))

    def _told(self) -> dict[str, Any]:
        if self._answer is None:
            self._answer = json.loads(self._inner.answer())
        return self._answer

    def __repr__(self) -> str:
        scenario, policy = self.manifest["scenario"]["id"], self.manifest["policy"]
        under = f" under {policy}" if policy else ""
        return f"Run of {self.histories:,} histories of {scenario}{under}, seed {self.seed}"

    def _repr_html_(self) -> str:
        rows = [row for row in self.summary() if row["account"] is None]
        return f"<p>{escape(repr(self))}</p>{Records(rows)._repr_html_()}"


def _number(cell: Any) -> float:
    if cell is None:
        return float("nan")
    if isinstance(cell, datetime.date):
        return float((cell - datetime.date(1970, 1, 1)).days)
    return float(cell)


def _found(outcome: dict[str, Any], account: str | None, found: dict[str, Any]) -> dict[str, Any]:
    """One row of the summary: how often, and where in the middle."""
    share = found.get("probability") or found.get("has_value") or found.get("happens") or {}
    interval = share.get("interval") or [None, None]
    return {
        "outcome": outcome["id"],
        "account": account,
        "kind": found["kind"],
        "histories": found["histories"],
        "share": share.get("share"),
        "share_low": interval[0],
        "share_high": interval[1],
        "median": found.get("median"),
        "low": found.get("low"),
        "high": found.get("high"),
        "unit": outcome["unit"],
        "title": outcome["title"],
        "headline": outcome["headline"],
    }


def _changed(policy: str, outcome: str, account: str | None, found: dict[str, Any]) -> dict[str, Any]:
    """One row of a comparison: the difference and how sure it is. Of a date it is that of its coming at all."""
    told = found.get("probability") or found.get("mean") or found.get("comes") or {}
    low, high = told.get("interval") or (None, None)
    return {
        "policy": policy,
        "outcome": outcome,
        "account": account,
        "kind": found["kind"],
        "pairs": told.get("pairs"),
        "baseline": told.get("baseline"),
        "under_policy": told.get("policy"),
        "difference": told.get("difference"),
        "low": low,
        "high": high,
        "clear": told.get("clear"),
        "shift_days": (found.get("shift_days") or {}).get("difference"),
        "changed_share": found["changed"]["share"],
    }
