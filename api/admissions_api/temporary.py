"""A temporary folder of one's own in the installation's, and the sweeping of what the killed left.

Each process of the service holds a lock in its folder; whose lock is free has ended, however.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

_LOCK = ".held"
_VARIABLES = ("TMPDIR", "JOBLIB_TEMP_FOLDER")


def use_own_folder(home: Path) -> Path:
    """A new folder (mode 700) for all that this process and its children write in passing."""
    place = home / "temporary"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    own = Path(tempfile.mkdtemp(dir=place, prefix=f"{os.getpid()}-"))
    _held(own)
    tempfile.tempdir = str(own)
    os.environ.update(dict.fromkeys(_VARIABLES, str(own)))
    return own


def _held(folder: Path) -> int | None:
    """Takes the lock of ``folder`` until it is closed; None if another process has it."""
    lock = os.open(folder / _LOCK, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return None
    return lock


def sweep(home: Path, running: Collection[str]) -> int:
    """Removes what ended processes left, and the draws of jobs other than ``running``."""
    removed = 0
    for folder in _folders(home / "temporary"):
        lock = _held(folder)
        if lock is not None:
            os.close(lock)
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    for folder in _folders(home / "draws"):
        if folder.name not in running:
            shutil.rmtree(folder, ignore_errors=True)
            removed += 1
    return removed


def _folders(place: Path) -> list[Path]:
    return [path for path in place.iterdir() if path.is_dir()] if place.is_dir() else []
