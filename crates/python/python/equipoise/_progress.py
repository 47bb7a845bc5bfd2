"""Progress: HTML in a notebook; in a terminal tqdm where it is there, else a line that is written over."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any, Protocol

Progress = bool | Callable[[int, int], None] | None
"""``True`` to show it, ``False`` for none, ``None`` to show it where somebody looks, or a function of done and total."""


class _Sink(Protocol):
    def show(self, done: int, total: int, seconds: float) -> None: ...

    def close(self) -> None: ...


class Told:
    """What Rust calls with the number of histories done."""

    def __init__(self, total: int, progress: Progress, what: str = "histories") -> None:
        self._total = total
        self._begun = time.monotonic()
        self._before = 0
        self._call = progress if callable(progress) else None
        self._sink = None if self._call or progress is False else _sink(what, forced=progress is True)

    def __call__(self, done: int) -> None:
        done += self._before
        if self._call:
            self._call(done, self._total)
        elif self._sink:
            self._sink.show(done, self._total, time.monotonic() - self._begun)

    def after(self, before: int) -> Told:
        """The same, of work that comes after so many histories."""
        self._before = before
        return self

    def __enter__(self) -> Told:
        return self

    def __exit__(self, *_: object) -> None:
        if self._sink:
            self._sink.close()


class _Line:
    def __init__(self, what: str) -> None:
        self._what = what
        self._width = 0

    def show(self, done: int, total: int, seconds: float) -> None:
        text = _text(done, total, seconds, self._what)
        sys.stderr.write("\r" + text.ljust(self._width))
        sys.stderr.flush()
        self._width = len(text)

    def close(self) -> None:
        sys.stderr.write("\r" + " " * self._width + "\r")
        sys.stderr.flush()


class _Html:
    def __init__(self, what: str) -> None:
        from IPython.display import HTML, display

        self._what, self._html = what, HTML
        self._handle: Any = display(HTML(""), display_id=True)

    def show(self, done: int, total: int, seconds: float) -> None:
        text = _text(done, total, seconds, self._what)
        self._handle.update(self._html(f'<progress value="{done}" max="{total}"></progress> {text}'))

    def close(self) -> None:
        self._handle.update(self._html(""))


class _Tqdm:
    def __init__(self, what: str) -> None:
        from tqdm.auto import tqdm  # type: ignore[import-untyped, unused-ignore]

        self._bar: Any = tqdm(unit=f" {what}", leave=False)

    def show(self, done: int, total: int, seconds: float) -> None:
        self._bar.total = total
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        self._bar.close()


def _text(done: int, total: int, seconds: float, what: str) -> str:
    rate = done / seconds if seconds > 0 else 0.0
    left = f", {max(total - done, 0) / rate:,.0f} s left" if rate > 0 else ""
    return f"{done:,}/{total:,} {what}{left}"


def _sink(what: str, *, forced: bool) -> _Sink | None:
    if _in_notebook():
        # Not tqdm: without widgets it warns and writes text.
        return _Html(what)
    if not (forced or sys.stderr.isatty()):
        return None
    try:
        return _Tqdm(what)
    except ImportError:
        return _Line(what)


def _in_notebook() -> bool:
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"
