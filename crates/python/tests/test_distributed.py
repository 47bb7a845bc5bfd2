"""A run on many processes: lost, taken up again, and the same bytes all the same."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.dataset
import pytest
from dask.distributed import Client, LocalCluster

import equipoise as eq
from equipoise import distributed

HISTORIES, PARTS = 512, 8


@pytest.fixture(scope="module")
def client() -> Iterator[Any]:
    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, memory_limit=0, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_worker_killed_midway_leaves_no_trace(client: Any, scenario: eq.Scenario, tmp_path: Path) -> None:
    workers = list(client.run(os.getpid).values())
    assert len(set(workers)) == 2 and os.getpid() not in workers
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if not killed and 0 < done < total:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    data = distributed.run(
        scenario, HISTORIES, parts=PARTS, client=client, out=tmp_path / "cluster", progress=kill
    )
    assert killed
    distributed.run(scenario, HISTORIES, parts=PARTS, out=tmp_path / "here")
    assert files(tmp_path / "cluster") == files(tmp_path / "here")
    whole = scenario.run(histories=HISTORIES, out=tmp_path / "plain")
    joined = data.to_run(tmp_path / "joined")
    for table in distributed.TABLES:
        assert (Path(joined.path) / f"{table}.parquet").read_bytes() == (Path(whole.path) / f"{table}.parquet").read_bytes()
    read = pyarrow.dataset.dataset(data.files("outcomes")).to_table()
    assert read.to_pydict() == whole.outcomes.to_dict()


def test_a_run_that_was_stopped_goes_on_with_the_parts_that_are_missing(scenario: eq.Scenario) -> None:
    out = "memory://equipoise/stopped"

    def stop(done: int, total: int) -> None:
        if done >= 2 * total / PARTS:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        distributed.run(scenario, HISTORIES, parts=PARTS, out=out, progress=stop)
    with pytest.raises(eq.RunError, match="holds no complete data set"):
        distributed.open_dataset(out)
    seen: list[int] = []
    distributed.run(scenario, HISTORIES, parts=PARTS, out=out, progress=lambda done, _: seen.append(done))
    assert seen[0] == 2 * HISTORIES // PARTS and seen[-1] == HISTORIES
    data = distributed.open_dataset(out)
    assert data.histories == HISTORIES and data.manifest["tables"]["outcomes"]["rows"] == HISTORIES
    seen.clear()
    distributed.run(scenario, HISTORIES, parts=PARTS, out=out, progress=lambda done, _: seen.append(done))
    assert seen == [HISTORIES]


def test_another_run_is_not_mixed_in(scenario: eq.Scenario, tmp_path: Path) -> None:
    distributed.run(scenario, 128, parts=2, out=tmp_path)
    with pytest.raises(eq.RunError, match="was begun with seed 1, not 2"):
        distributed.run(scenario, 128, parts=2, seed=2, out=tmp_path)
    with pytest.raises(eq.RunError, match="was begun with parts 2, not 1"):
        distributed.run(scenario, 128, parts=1, out=tmp_path)


def test_a_table_cut_short_is_made_again(scenario: eq.Scenario, tmp_path: Path) -> None:
    distributed.run(scenario, 128, parts=2, out=tmp_path)
    before = files(tmp_path)
    part = tmp_path / "series" / "part-00002.parquet"
    part.write_bytes(part.read_bytes()[:100])
    distributed.run(scenario, 128, parts=2, out=tmp_path)
    assert files(tmp_path) == before
