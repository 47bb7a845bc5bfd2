"""Where the peers live: one virtual environment each, under target/peers, with pinned versions, through pip as it is
configured."""

import os
import subprocess
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))


def python_with(name, pinned):
    """The Python of the environment of that name, with these packages in it."""
    home = TARGET / "peers" / name
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    subprocess.run([python, "-m", "pip", "install", "--quiet", *pinned], check=True)
    return python
