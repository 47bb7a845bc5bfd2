"""Scenarios and runs: what an analyst does in a notebook."""

from __future__ import annotations

import datetime
import gc
import os
import pickle
import signal
import threading
import time
from pathlib import Path

import numpy
import pandas
import polars
import pyarrow
import pytest

import equipoise as eq


def tables(folder: Path) -> list[bytes]:
    return [(folder / f"{name}.parquet").read_bytes() for name in ("outcomes", "parameters", "series", "events")]


def test_every_library_sees_the_same_table(run: eq.Run) -> None:
    arrow, frame, polar = run.outcomes.to_arrow(), run.outcomes.to_pandas(), run.outcomes.to_polars()
    plain = run.outcomes.to_dict()
    assert isinstance(arrow, pyarrow.Table) and isinstance(frame, pandas.DataFrame)
    assert isinstance(polar, polars.DataFrame)
    assert arrow.column_names == run.outcomes.columns == list(frame.columns) == polar.columns
    assert arrow.to_pydict() == plain == polar.to_dict(as_series=False)
    assert len(frame) == len(run.outcomes) == run.histories


def test_the_files_on_disk_are_what_arrow_hands_out(run: eq.Run) -> None:
    import pyarrow.parquet

    for name in ("outcomes", "parameters", "series", "events"):
        read = pyarrow.parquet.read_table(f"{run.path}/{name}.parquet")
        handed = getattr(run, name).to_arrow()
        assert handed.num_rows == read.num_rows
        assert handed.to_pydict() == read.to_pydict()


def test_the_stream_is_decoded_group_by_group(run: eq.Run) -> None:
    reader = pyarrow.RecordBatchReader.from_stream(run.series)
    first = next(iter(reader))
    assert 0 < first.num_rows <= 1 << 16
    stream = run.series.__arrow_c_stream__()
    del stream
    gc.collect()


def test_dates_are_dates_and_missing_is_missing(run: eq.Run, scenario: eq.Scenario) -> None:
    days = run.series.to_dict(rows=3)["date"]
    assert days[0] == datetime.date.fromisoformat(scenario.start)
    assert days[1] - days[0] == datetime.timedelta(days=1)
    kinds = {type(cell) for column in run.outcomes.to_dict().values() for cell in column}
    assert kinds <= {int, float, bool, str, datetime.date, type(None)}


def test_an_outcome_is_a_buffer(run: eq.Run) -> None:
    name = run.outcomes.columns[2]
    column = run.outcome(name)
    view = numpy.asarray(column)
    assert view.dtype == numpy.float64 and len(view) == run.histories
    assert numpy.shares_memory(view, numpy.frombuffer(column))
    with pytest.raises(eq.RunError, match="there is no outcome `no_such`"):
        run.outcome("no_such")


def test_the_same_arguments_give_the_same_bytes(scenario: eq.Scenario, tmp_path: Path) -> None:
    for number, threads in enumerate((1, 3)):
        scenario.run(histories=128, seed=5, threads=threads, out=tmp_path / str(number))
    assert tables(tmp_path / "0") == tables(tmp_path / "1")
    scenario.run(histories=128, seed=6, out=tmp_path / "other")
    assert tables(tmp_path / "other") != tables(tmp_path / "0")


def test_a_temporary_run_goes_when_nobody_holds_it(scenario: eq.Scenario) -> None:
    run = scenario.run(histories=4)
    folder, table = Path(run.path), run.outcomes
    del run
    gc.collect()
    assert len(table.to_dict()["history"]) == 4
    del table
    gc.collect()
    assert not folder.exists()


def test_a_run_is_opened_where_it_was_written(scenario: eq.Scenario, tmp_path: Path) -> None:
    made = scenario.run(histories=64, out=tmp_path / "run")
    opened = eq.open_run(tmp_path / "run")
    assert opened.summary() == made.summary()
    with pytest.raises(eq.RunError, match="is not empty"):
        scenario.run(histories=64, out=tmp_path / "run")
    assert scenario.run(histories=64, out=tmp_path / "run", resume=True).histories == 64
    with pytest.raises(eq.RunError, match="is not a run directory"):
        eq.open_run(tmp_path)


def test_answers_are_rows_for_data_frames(run: eq.Run, scenario: eq.Scenario) -> None:
    for records in (run.summary(), run.scores(), run.drivers(resamples=10), scenario.evidence(), scenario.parameters()):
        assert len(records) > 0
        assert len(pandas.DataFrame(records)) == len(records.to_polars()) == len(records)
    everything = [row for row in run.summary() if row["account"] is None]
    assert len(everything) == len(scenario.outcomes)
    for row in everything:
        assert row["share_low"] <= row["share"] <= row["share_high"]


def test_policies_are_compared_on_the_same_histories(tmp_path: Path) -> None:
    scenario = eq.load("kazakhstan-2022")
    run = scenario.run(histories=32, policies=["no-request"], out=tmp_path / "both", progress=False)
    assert list(run.under) == ["none", "no-request"]
    rows = [row for row in run.compare() if row["account"] is None]
    assert {row["outcome"] for row in rows} == {outcome["id"] for outcome in scenario.outcomes}
    shifted = {row["outcome"]: row["difference"] for row in rows if row["kind"] == "probability"}
    baseline = run.outcome("troops_sent")
    under = run.under["no-request"].outcome("troops_sent")
    assert shifted["troops_sent"] == pytest.approx(numpy.mean(under) - numpy.mean(baseline))
    alone = scenario.run(histories=32, policy="no-request")
    assert alone.outcomes.to_dict() == run.under["no-request"].outcomes.to_dict()
    with pytest.raises(eq.RunError, match="run the scenario with policies"):
        alone.compare()
    assert "<html" in run.report(tmp_path / "compare.html").read_text(encoding="utf-8")


def test_a_report_is_one_file_that_says_how_it_was_made(run: eq.Run, tmp_path: Path) -> None:
    page = run.report(tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<html" in page and "histories=256" in page


def test_what_a_notebook_shows_is_html(run: eq.Run, scenario: eq.Scenario) -> None:
    for shown in (run, run.outcomes, run.summary(), scenario):
        html = shown._repr_html_()
        assert html.startswith("<") and html.endswith(">")
    assert scenario.title in scenario._repr_html_()


def test_mistakes_are_pointed_at_as_on_the_command_line(scenario: eq.Scenario, tmp_path: Path) -> None:
    for path, content in scenario._inner.files():
        if not path.startswith(".."):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(content)
    text = (tmp_path / "scenario.toml").read_text(encoding="utf-8")
    (tmp_path / "scenario.toml").write_text(text.replace("title", "tittle", 1), encoding="utf-8")
    with pytest.raises(eq.ScenarioError) as caught:
        eq.load(tmp_path)
    message = str(caught.value)
    assert "scenario.toml:" in message and "tittle" in message and "^" in message
    assert isinstance(caught.value, eq.EquipoiseError)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"histories": 4, "policy": "nonsense"}, "there is no policy `nonsense`"),
        ({"histories": 4, "account": "nonsense"}, "there is no account `nonsense`"),
        ({"histories": 4, "design": "sobool"}, "did you mean `sobol`"),
        ({"histories": 0}, "at least one is needed"),
        ({"design": {"nonsense": [0.5]}}, "there is no parameter `nonsense`"),
        ({"design": {"chance": [0.5]}, "histories": 2}, "has 1 rows, for 2 histories"),
        ({"policy": "a", "policies": ["b"]}, "not both"),
    ],
)
def test_arguments_that_do_not_fit_are_named(
    scenario: eq.Scenario, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(eq.RunError, match=message):
        scenario.run(**arguments)  # type: ignore[arg-type]


def test_ctrl_c_stops_at_once_and_what_is_complete_stays(scenario: eq.Scenario, tmp_path: Path) -> None:
    # A shell that starts tests in the background tells them to ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(1.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        scenario.run(histories=10_000_000, out=tmp_path / "run", progress=False)
    assert time.monotonic() - begun < 5
    with pytest.raises(eq.RunError, match="is not finished"):
        eq.open_run(tmp_path / "run")


def test_other_threads_run_meanwhile(scenario: eq.Scenario) -> None:
    counted, going = 0, True

    def count() -> None:
        nonlocal counted
        while going:
            counted += 1
            time.sleep(0.001)

    thread = threading.Thread(target=count)
    thread.start()
    scenario.run(histories=512, threads=1)
    going = False
    thread.join()
    assert counted > 10


def test_progress_is_told_to_a_function_and_its_errors_stop_the_run(scenario: eq.Scenario) -> None:
    seen: list[tuple[int, int]] = []
    scenario.run(histories=256, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (256, 256)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)

    def refuse(done: int, total: int) -> None:
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        scenario.run(histories=256, progress=refuse)


def test_a_line_of_progress_leaves_nothing_behind(
    scenario: eq.Scenario, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    scenario.run(histories=64, progress=True)
    told = capfd.readouterr().err
    assert "64/64 histories" in told and told.endswith(" \r")


def test_parts_are_joined_to_the_bytes_of_a_plain_run(scenario: eq.Scenario, tmp_path: Path) -> None:
    parts = [tmp_path / str(number) for number in (1, 2, 3)]
    for number, part in enumerate(parts, 1):
        manifest = scenario.run_part(number, 3, histories=300, out=part)
        assert manifest["histories"] == 300
    eq.merge(parts, tmp_path / "joined")
    scenario.run(histories=300, out=tmp_path / "plain")
    assert tables(tmp_path / "joined") == tables(tmp_path / "plain")
    with pytest.raises(eq.RunError, match="parts are missing: 2/3"):
        eq.merge([parts[0], parts[2]], tmp_path / "gap")


def test_a_scenario_travels_with_its_files(scenario: eq.Scenario) -> None:
    there = pickle.loads(pickle.dumps(scenario))
    assert there.hash == scenario.hash and there.run(histories=4).outcomes.to_dict() == scenario.run(histories=4).outcomes.to_dict()
