"""The Python that the book shows, run from top to bottom with fewer histories."""

from __future__ import annotations

import re
from pathlib import Path

BOOK = Path(__file__).parents[3] / "docs" / "src"
FEWER = {"histories=10_000": "histories=64", "sample(problem, 1024,": "sample(problem, 8,"}


def test_the_page_on_python_can_be_followed() -> None:
    text = (BOOK / "how-to" / "python.md").read_text(encoding="utf-8")
    for many, few in FEWER.items():
        assert many in text
        text = text.replace(many, few)
    blocks = re.findall(r"^```python\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    assert len(blocks) == 4
    names: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, "python.md", "exec"), names)
    assert len(names["run"].outcomes) > 0  # type: ignore[attr-defined]
