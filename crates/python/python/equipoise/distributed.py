"""One run on many machines: parts on the workers of a Dask cluster, tables as a partitioned Parquet data set.

::

    OUT/
      manifest.json                     what was run; there only when every part is
      scenario/                         a copy of the scenario's files
      outcomes/part-00001.parquet …     and parameters/, series/, events/
      parts/00001.json                  a part's manifest with sizes and checksums, written after its tables

``OUT`` is any path that fsspec knows (``s3://``, ``gs://``, a shared folder). A part is a range of histories; it does not
matter which machine simulates it, how often, or what it runs beside: its tables are the same bytes. So what is lost with a
worker is simply simulated again, and a run that was stopped goes on with the parts that are missing.

Needs ``equipoise[distributed]``.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec

from ._equipoise import RunError
from ._progress import Progress, Told
from ._run import Run, merge
from ._scenario import Scenario

TABLES = ("outcomes", "parameters", "series", "events")
HISTORIES_PER_PART = 20_000
"""One or two minutes of one core, and some 200 MB."""

_SAME = ("equipoise", "scenario", "policy", "account", "seed", "design", "histories", "block")


@dataclass(frozen=True)
class Dataset:
    """A complete run as a partitioned Parquet data set."""

    path: str
    """Where it lies."""
    manifest: dict[str, Any]
    """What was run."""
    storage_options: dict[str, Any]
    """What fsspec needs to reach it."""

    @property
    def histories(self) -> int:
        """Number of histories."""
        return int(self.manifest["histories"])

    def files(self, table: str) -> list[str]:
        """The files of a table, in the order of histories, for ``dask.dataframe.read_parquet`` and the like."""
        return [f"{self.path}/{_table_name(table, number)}" for number in range(1, int(self.manifest["parts"]) + 1)]

    def to_run(self, out: str | os.PathLike[str]) -> Run:
        """Fetches the parts and joins them into a run directory, byte for byte that of a run on one machine."""
        store = _Store(self.path, self.storage_options)
        with tempfile.TemporaryDirectory(prefix="equipoise-parts-") as folder:
            parts = [Path(folder) / str(number) for number in range(1, int(self.manifest["parts"]) + 1)]
            for number, part in enumerate(parts, 1):
                store.fetch_part(number, part)
            return merge(parts, out)


def run(
    scenario: Scenario,
    histories: int,
    *,
    out: str | os.PathLike[str],
    client: Any = None,
    parts: int | None = None,
    seed: int = 1,
    policy: str | None = None,
    design: str = "sobol",
    account: str | None = None,
    threads: int = 1,
    retries: int = 3,
    storage_options: dict[str, Any] | None = None,
    progress: Progress = None,
) -> Dataset:
    """Simulates histories on a cluster; parts that are there already are kept.

    Args:
        scenario: what to simulate; its files travel to the workers.
        histories: how many.
        out: where the data set goes.
        client: a ``dask.distributed.Client``. Without one the parts are simulated here, one after the other.
        parts: in how many parts; one for every 20,000 histories if not given. A run is gone on with in the same parts.
        seed: of all randomness.
        policy: the policy to run under.
        design: ``"sobol"``, ``"lhs"``, ``"random"``, ``"saltelli"``, ``"saltelli-groups"`` or ``"morris"``.
        account: believe this account only.
        threads: of each part; 1 where a worker has a task for each of its cores.
        retries: how often a part that fails (a full disk, a store that does not answer) is tried again. Parts lost with a
            worker are always simulated again.
        storage_options: for fsspec.
        progress: as in :meth:`Scenario.run`.

    >>> import equipoise as eq, tempfile
    >>> from equipoise import distributed
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     data = distributed.run(eq.load("kyrgyzstan-2010"), 128, parts=2, out=folder + "/data")
    ...     run = data.to_run(folder + "/run")
    >>> run.histories
    128

    Raises:
        RunError: ``out`` holds another run, or an argument does not fit the scenario.
    """
    parts = parts if parts is not None else max(1, -(-histories // HISTORIES_PER_PART))
    if parts < 1:
        raise RunError(f"a run cannot be divided into {parts} parts")
    store = _Store(os.fspath(out), storage_options or {})
    plan = {
        "histories": histories,
        "seed": seed,
        "policy": policy,
        "design": design,
        "account": account,
        "threads": threads,
    }
    there = store.parts()
    _check_same(store, there, scenario, plan, parts)
    missing = [number for number in range(1, parts + 1) if number not in there]
    with Told(histories, progress) as told:
        done = sum(manifest["held"] for manifest in there.values())
        told(done)
        for manifest in _simulate(scenario, plan, missing, parts, store, client, retries):
            there[manifest["part"]["number"]] = manifest
            done += manifest["held"]
            told(done)
    manifest = store.finish(there, parts)
    return Dataset(store.path, manifest, store.options)


def open_dataset(out: str | os.PathLike[str], *, storage_options: dict[str, Any] | None = None) -> Dataset:
    """Opens a complete data set.

    Raises:
        RunError: there is none, or parts of it are missing.
    """
    store = _Store(os.fspath(out), storage_options or {})
    manifest = store.read("manifest.json")
    if manifest is None:
        raise RunError(f"{store.path} holds no complete data set; equipoise.distributed.run goes on with what is there")
    return Dataset(store.path, manifest, store.options)


def _simulate(
    scenario: Scenario,
    plan: dict[str, Any],
    missing: list[int],
    parts: int,
    store: _Store,
    client: Any,
    retries: int,
) -> Iterator[dict[str, Any]]:
    if client is None:
        for number in missing:
            yield _part(scenario, plan, number, parts, store.path, store.options)
        return
    from distributed import as_completed

    # A task of its own, so that the scenario travels once to each worker, and again when a worker is lost.
    held = client.submit(_hold, scenario, key=f"equipoise-scenario-{scenario.hash[:16]}", pure=True)
    futures = [
        client.submit(_part, held, plan, number, parts, store.path, store.options, retries=retries, pure=False)
        for number in missing
    ]
    try:
        for future in as_completed(futures):
            yield future.result()
            future.release()
    finally:
        client.cancel(futures)


def _hold(scenario: Scenario) -> Scenario:
    return scenario


def _part(
    scenario: Scenario, plan: dict[str, Any], number: int, parts: int, path: str, options: dict[str, Any]
) -> dict[str, Any]:
    """Simulates a part and stores it; what is stored already is left as it is."""
    store = _Store(path, options)
    stored = store.part(number)
    if stored is not None:
        return stored
    with tempfile.TemporaryDirectory(prefix="equipoise-part-") as folder:
        out = Path(folder) / "part"
        manifest = scenario.run_part(number, parts, out=out, **plan)
        store.keep_part(number, manifest, out)
    return manifest


def _check_same(
    store: _Store, there: dict[int, dict[str, Any]], scenario: Scenario, plan: dict[str, Any], parts: int
) -> None:
    wanted = {
        "scenario": {"id": scenario.id, "hash": scenario.hash},
        "parts": parts,
        **{name: plan[name] for name in ("histories", "seed", "policy", "design", "account")},
    }
    for manifest in there.values():
        found = {**manifest, "parts": manifest["part"]["of"]}
        for name, value in wanted.items():
            if found[name] != value:
                raise RunError(f"{store.path} was begun with {name} {found[name]}, not {value}; choose another folder")


def _table_name(table: str, number: int) -> str:
    return f"{table}/part-{number:05}.parquet"


class _Store:
    """A data set wherever fsspec can write: tables first, then the part's manifest that says they are there."""

    def __init__(self, path: str, options: dict[str, Any]) -> None:
        self.options = options
        self._files, root = fsspec.core.url_to_fs(path, **options)
        self._root = str(root).rstrip("/")
        self.path = path.rstrip("/")

    def parts(self) -> dict[int, dict[str, Any]]:
        """The parts that are there, by number."""
        self._files.invalidate_cache()
        try:
            names = self._files.ls(f"{self._root}/parts", detail=False)
        except FileNotFoundError:
            return {}
        numbers = sorted(int(Path(name).stem) for name in names if str(name).endswith(".json"))
        found = ((number, self.part(number)) for number in numbers)
        return {number: manifest for number, manifest in found if manifest is not None}

    def part(self, number: int) -> dict[str, Any] | None:
        """A part's manifest, if its tables are there in their full size."""
        manifest = self.read(f"parts/{number:05}.json")
        if manifest is None:
            return None
        for table in TABLES:
            try:
                size = self._files.size(f"{self._root}/{_table_name(table, number)}")
            except FileNotFoundError:
                return None
            if size != manifest["tables"][table]["bytes"]:
                return None
        return manifest

    def keep_part(self, number: int, manifest: dict[str, Any], folder: Path) -> None:
        """Stores a part that was simulated into a folder."""
        for table in TABLES:
            self._put(folder / f"{table}.parquet", _table_name(table, number))
        for stored in manifest["files"]:
            if number == 1:
                self._put(folder / stored["copy"], stored["copy"])
        self.write(f"parts/{number:05}.json", manifest)

    def fetch_part(self, number: int, folder: Path) -> None:
        """Puts a part into a folder as ``run_part`` left it."""
        manifest = self.part(number)
        if manifest is None:
            raise RunError(f"{self.path} lacks part {number}")
        for table in TABLES:
            self._get(_table_name(table, number), folder / f"{table}.parquet")
        for stored in manifest["files"]:
            self._get(stored["copy"], folder / stored["copy"])
        plain = {name: value for name, value in manifest.items() if name not in ("first", "held")}
        (folder / "manifest.json").write_text(json.dumps(plain), encoding="utf-8")

    def finish(self, there: dict[int, dict[str, Any]], parts: int) -> dict[str, Any]:
        """Says that every part is there."""
        manifest: dict[str, Any] = {name: there[1][name] for name in _SAME} | {"parts": parts, "tables": {}}
        for table in TABLES:
            files = [
                {"file": _table_name(table, number), **there[number]["tables"][table]} for number in range(1, parts + 1)
            ]
            manifest["tables"][table] = {"rows": sum(file["rows"] for file in files), "files": files}
        self.write("manifest.json", manifest)
        return manifest

    def read(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = json.loads(self._files.cat_file(f"{self._root}/{name}"))
        except (FileNotFoundError, json.JSONDecodeError):
            # A file cut short is as good as none: what it spoke of is made again.
            return None
        return found

    def write(self, name: str, content: dict[str, Any]) -> None:
        self._make_room(name)
        self._files.pipe_file(f"{self._root}/{name}", json.dumps(content, indent=1).encode())

    def _put(self, source: Path, name: str) -> None:
        self._make_room(name)
        self._files.put_file(str(source), f"{self._root}/{name}")

    def _get(self, name: str, target: Path) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        self._files.get_file(f"{self._root}/{name}", str(target))

    def _make_room(self, name: str) -> None:
        self._files.makedirs(f"{self._root}/{name}".rsplit("/", 1)[0], exist_ok=True)
