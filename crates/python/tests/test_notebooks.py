"""The notebooks of the book, run from top to bottom."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[3] / "docs" / "src" / "notebooks").glob("*.ipynb"))


def executed(notebook: Any, folder: Path) -> Any:
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
    return client.execute()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path: Path, tmp_path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert cell.outputs == [] and cell.execution_count is None, "outputs are left out of the repository"
    executed(notebook, tmp_path)
    warned = [
        output.text
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "stream" and output.name == "stderr"
    ]
    assert warned == []


def test_the_book_links_every_notebook() -> None:
    page = (NOTEBOOKS[0].parents[1] / "how-to" / "notebooks.md").read_text(encoding="utf-8")
    assert len(NOTEBOOKS) == 3
    for path in NOTEBOOKS:
        assert f"(../notebooks/{path.name})" in page


def test_progress_in_a_notebook_is_a_bar_that_goes_when_it_is_done(tmp_path: Path) -> None:
    source = "import equipoise as eq\nrun = eq.load('kyrgyzstan-2010').run(histories=64)"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}})
    seen: list[str] = []
    handle = client.process_message

    def watch(message: Any, *rest: Any) -> Any:
        if message["msg_type"] == "update_display_data":
            seen.append(json.dumps(message["content"]["data"]))
        return handle(message, *rest)

    client.process_message = watch
    client.execute()
    assert any("<progress" in told and "64/64 histories" in told for told in seen)
    (left,) = notebook.cells[0].outputs
    assert left.data["text/html"] == ""
