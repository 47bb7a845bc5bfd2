"""Scenarios: loading, looking at the evidence, running."""

from __future__ import annotations

import json
import os
import tempfile
from array import array
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any, Literal

from . import _equipoise
from ._columns import Tabular, columns_of, numbers
from ._equipoise import RunError
from ._progress import Progress, Told
from ._records import Records
from ._run import Run, open_run

StrPath = str | os.PathLike[str]
Space = Literal["value", "unit"]


def bundled() -> list[str]:
    """Names of the scenarios that come with the package.

    >>> import equipoise as eq
    >>> "kazakhstan-2022" in eq.bundled()
    True
    """
    return _equipoise.bundled()


def load(name: StrPath) -> Scenario:
    """Loads a folder, or a scenario that comes with the package.

    >>> import equipoise as eq
    >>> eq.load("kazakhstan-2022").title
    'Kazakhstan 2022: ...'
    >>> eq.load("kazakstan-2022")
    Traceback (most recent call last):
    ...
    equipoise.ScenarioError: there is no scenario `kazakstan-2022`, ...; did you mean `kazakhstan-2022`?

    Raises:
        ScenarioError: there is no such scenario, or it has mistakes. All of them are told, each with file and line.
    """
    return Scenario(_equipoise.load(os.fspath(name)))


class Scenario:
    """A checked scenario: actors, places, evidence, and what may happen."""

    def __init__(self, inner: _equipoise.Scenario) -> None:
        self._inner = inner
        self._told: dict[str, Any] = json.loads(inner.describe())

    @property
    def id(self) -> str:
        """Its name."""
        return self._inner.id

    @property
    def hash(self) -> str:
        """Checksum of its files."""
        return self._inner.hash

    @property
    def title(self) -> str:
        """Its title."""
        return str(self._told["title"])

    @property
    def question(self) -> str:
        """What it was made to answer."""
        return str(self._told["question"])

    @property
    def start(self) -> str:
        """The first day, as in ``2022-01-02``."""
        return str(self._told["start"])

    @property
    def days(self) -> int:
        """Number of simulated days."""
        return int(self._told["days"])

    @property
    def outcomes(self) -> Records:
        """What is read off each history: id, title, unit, and whether it is a headline."""
        return Records(self._told["outcomes"])

    @property
    def series(self) -> Records:
        """What is taken down every day."""
        return Records(self._told["series"])

    @property
    def accounts(self) -> Records:
        """Coherent views of what to believe, with their credence."""
        return Records(self._told["accounts"])

    @property
    def policies(self) -> Records:
        """Sets of changes to try.

        >>> import equipoise as eq
        >>> "no-request" in [policy["id"] for policy in eq.load("kazakhstan-2022").policies]
        True
        """
        return Records(self._told["policies"])

    def evidence(self) -> Records:
        """The claims, a row each. ``.answer`` also has sources, accounts, conflicts and what each parameter rests on.

        >>> import equipoise as eq
        >>> evidence = eq.load("kazakhstan-2022").evidence()
        >>> sorted(evidence.answer)
        ['accounts', 'claims', 'conflicts', 'hash', 'parameters', 'scenario', 'sources', 'unused']
        """
        answer = json.loads(self._inner.evidence())
        return Records(answer["claims"], answer)

    def parameters(self) -> Records:
        """The numbers the model needs: id, title, unit, whether they rest on evidence or are assumed, and their range.

        >>> import equipoise as eq
        >>> {parameter["basis"] for parameter in eq.load("kazakhstan-2022").parameters()} == {"evidence", "assumption"}
        True
        """
        return Records(json.loads(self._inner.parameters()))

    def problem(self, parameters: Iterable[str] | None = None, *, space: Space = "unit", chance: bool = False) -> dict[str, Any]:
        """The inputs as SALib describes them: ``num_vars``, ``names``, ``bounds``.

        In unit space every input stands between 0 and 1 and is put through its own distribution when the design is
        run; in value space bounds are the ends of ranges. With ``chance`` the random numbers of a history are an input like
        any other: rows with the same value of ``chance`` meet the same ones.

        >>> import equipoise as eq
        >>> s = eq.load("kazakhstan-2022")
        >>> two = [parameter["id"] for parameter in s.parameters()][:2]
        >>> s.problem(two, chance=True)["bounds"]
        [[0.0, 1.0], [0.0, 1.0], [0.0, 1.0]]
        """
        known = {parameter["id"]: parameter for parameter in self.parameters()}
        names = list(known) if parameters is None else list(parameters)
        for name in names:
            if name not in known:
                raise RunError(f"there is no parameter `{name}`")
        unit = space == "unit"
        bounds = [[0.0, 1.0] if unit else [known[name]["low"], known[name]["high"]] for name in names]
        if chance:
            names, bounds = [*names, "chance"], [*bounds, [0.0, 1.0]]
        return {"num_vars": len(names), "names": names, "bounds": bounds}

    def run(
        self,
        histories: int | None = None,
        seed: int = 1,
        *,
        policy: str | None = None,
        policies: Sequence[str] | None = None,
        baseline: str = "none",
        design: str | Tabular = "sobol",
        space: Space = "value",
        account: str | None = None,
        posterior: Posterior | StrPath | None = None,
        threads: int = 0,
        out: StrPath | None = None,
        resume: bool = False,
        progress: Progress = None,
    ) -> Run:
        """Simulates histories; the same arguments give the same tables, byte for byte, on any number of threads.

        Args:
            histories: how many; 10,000 if not given, or as many as a design table has rows.
            seed: of all randomness.
            policy: the policy to run under.
            policies: policies to compare with ``baseline`` on the same histories; :meth:`Run.compare` tells what they
                change, and :attr:`Run.under` has the run of each.
            baseline: a policy, or ``"none"`` for the run without one.
            design: ``"sobol"``, ``"lhs"``, ``"random"``, ``"saltelli"``, ``"saltelli-groups"`` or ``"morris"``; or a table
                with a row for each history and a column for each input that it fixes: parameters, ``account``,
                ``chance``. What has no column is drawn as ever.
            space: whether cells of a design table are values or coordinates of the unit cube (``"unit"``).
            account: believe this account only.
            posterior: draw parameters from a calibration's posterior.
            threads: 0 for one per core.
            out: folder of the run. Without one it is temporary and goes with the run.
            resume: go on with what an interrupted run left in ``out``.
            progress: True, False, None (where somebody looks), or a function of histories done and in all.

        Ctrl-C stops at once; in ``out`` what is complete is kept.

        >>> import equipoise as eq
        >>> run = eq.load("kazakhstan-2022").run(histories=64, seed=1)
        >>> run.histories, run.seed
        (64, 1)

        Raises:
            RunError: an argument does not fit the scenario, or the folder cannot be written.
        """
        table = None if isinstance(design, str) else self._table(design)
        if histories is None:
            histories = 10_000 if table is None else len(table[0][1])
        asked = {
            "histories": histories,
            "seed": seed,
            "design": design if isinstance(design, str) else "table",
            "table": table,
            "unit": space == "unit",
            "account": account,
            "posterior": posterior.path if isinstance(posterior, Posterior) else posterior,
            "part": None,
            "threads": threads,
            "shard_size": None,
        }
        if policies is not None and policy is not None:
            raise RunError("give a policy to run under or policies to compare, not both")
        folder, keep = _folder(out)
        rows = histories * (1 + len(policies or ()))
        with Told(rows, progress) as told:
            if policies is None:
                _equipoise.simulate(self._inner, asked, policy, folder, resume, told)
                return open_run(folder, keep=keep, command=self._again(asked, {"policy": policy}))
            _equipoise.compare(self._inner, asked, [baseline, *policies], folder, resume, told)
        return open_run(folder, keep=keep, command=self._again(asked, {"policies": list(policies), "baseline": baseline}))

    def run_part(
        self,
        number: int,
        of: int,
        *,
        histories: int,
        out: StrPath,
        seed: int = 1,
        policy: str | None = None,
        design: str = "sobol",
        account: str | None = None,
        threads: int = 0,
        progress: Progress = False,
    ) -> dict[str, Any]:
        """Simulates one part of a run, counted from 1, into a folder; :func:`merge` joins all of them.

        A part that is there already is finished or left as it is. What is done on one machine of many is the same, byte
        for byte, as on a single one. Gives the part's manifest.

        >>> import equipoise as eq, tempfile
        >>> s = eq.load("kazakhstan-2022")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     part = s.run_part(2, 2, histories=128, out=folder)
        >>> part["first"], part["held"]
        (64, 64)
        """
        asked = {
            "histories": histories,
            "seed": seed,
            "design": design,
            "table": None,
            "unit": False,
            "account": account,
            "posterior": None,
            "part": (number, of),
            "threads": threads,
            "shard_size": None,
        }
        with Told(histories // of, progress) as told:
            manifest: dict[str, Any] = json.loads(
                _equipoise.simulate(self._inner, asked, policy, os.fspath(out), True, told)
            )
        return manifest

    def calibrate(
        self,
        histories: int = 100_000,
        seed: int = 1,
        *,
        population: int = 1000,
        keep: float = 0.5,
        account: str | None = None,
        threads: int = 0,
        out: StrPath | None = None,
        progress: Progress = None,
    ) -> Posterior:
        """Fits the scenario to the part of its record that is marked ``fit``, likelihood-free.

        Args:
            histories: the most that are simulated.
            seed: of all randomness.
            population: particles of the posterior.
            keep: share of particles kept in each round.
            account: keep to this account.
            threads: 0 for one per core.
            out: folder of the posterior. Without one it is temporary and goes with the posterior.
            progress: as in :meth:`run`.
        """
        folder, owner = _folder(out)
        with Told(histories + population, progress) as told:
            answer = json.loads(
                _equipoise.calibrate(
                    self._inner, histories, population, keep, seed, account, threads, folder, told
                )
            )
        return Posterior(folder, answer, owner)

    def _table(self, design: Tabular) -> list[tuple[str, list[float]]]:
        columns = columns_of(design)
        places = {account["id"]: place for place, account in enumerate(self.accounts)}
        if "account" in columns:
            columns["account"] = [places.get(cell, cell) for cell in columns["account"]]
        table = [(name, numbers(column, name)) for name, column in columns.items()]
        if not table or not table[0][1]:
            raise RunError("the design table has no rows")
        return table

    def _again(self, asked: dict[str, Any], more: dict[str, Any]) -> str:
        """What makes the same run again; a design table and a posterior are only named."""
        told = {name: asked[name] for name in ("histories", "seed", "design", "account")} | more
        arguments = ", ".join(f"{name}={value!r}" for name, value in told.items() if value is not None)
        if asked["posterior"] is not None:
            arguments += ", posterior=..."
        return f"equipoise.load({self._inner.named!r}).run({arguments})"

    def __getstate__(self) -> dict[str, Any]:
        # Workers of a cluster may not see the folder: the files travel along.
        return {"id": self.id, "files": self._inner.files()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__init__(_equipoise.Scenario.from_files(state["id"], state["files"]))  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"Scenario({self.id!r})"

    def _repr_html_(self) -> str:
        headlines = "".join(
            f"<li>{escape(outcome['title'])}</li>" for outcome in self.outcomes if outcome["headline"]
        )
        accounts = ", ".join(f"{escape(account['title'])} ({account['credence']:.2g})" for account in self.accounts)
        policies = ", ".join(f"<code>{escape(policy['id'])}</code>" for policy in self.policies)
        return (
            f"<h3>{escape(self.title)}</h3><p>{escape(self.question)}</p>"
            f"<p>{self.days} days from {self.start}; {len(self.parameters())} parameters</p>"
            f"<ul>{headlines}</ul><p>Accounts: {accounts}</p><p>Policies: {policies}</p>"
        )


class Posterior:
    """Equally probable sets of account and parameters that agree with part of the record."""

    def __init__(self, path: StrPath, answer: dict[str, Any] | None = None, keep: object = None) -> None:
        self.path = os.fspath(path)
        self._keep = keep
        if answer is None:
            answer = json.loads((Path(self.path) / "calibration.json").read_text(encoding="utf-8"))
        self.answer: dict[str, Any] = answer
        """The whole answer, as ``equipoise calibrate --json`` prints it."""

    def particles(self) -> dict[str, Any]:
        """A column for each parameter (``array('d')``), and ``account`` (a list of names)."""
        lines = (Path(self.path) / "posterior.csv").read_text(encoding="utf-8").splitlines()
        rows = [line.split(",") for line in lines[1:]]
        columns: dict[str, Any] = {}
        for at, name in enumerate(lines[0].split(",")):
            cells = [row[at] for row in rows]
            columns[name] = cells if name == "account" else array("d", map(float, cells))
        return columns

    def shifts(self) -> Records:
        """How far each parameter moved from prior to posterior, the one that moved most first."""
        return Records(self.answer["shifts"], self.answer)

    def to_arviz(self) -> Any:
        """The particles as ArviZ holds a posterior, one chain; needs arviz and numpy."""
        import arviz
        import numpy

        draws = {
            name: numpy.asarray(column)[numpy.newaxis, :]
            for name, column in self.particles().items()
            if name != "account"
        }
        # From version 1 on groups are one argument.
        if int(arviz.__version__.split(".")[0]) >= 1:
            return arviz.from_dict({"posterior": draws})
        return arviz.from_dict(posterior=draws)

    def __repr__(self) -> str:
        return f"Posterior({self.path!r})"


def _folder(out: StrPath | None) -> tuple[str, object]:
    """The folder asked for, or a temporary one with what removes it."""
    if out is not None:
        return os.fspath(out), None
    temporary = tempfile.TemporaryDirectory(prefix="equipoise-", ignore_cleanup_errors=True)
    return str(Path(temporary.name) / "run"), temporary
