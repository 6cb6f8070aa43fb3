"""Folders written whole or not at all, and the files in them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from admissions.model.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd


@contextmanager
def whole_folder(
    out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> Iterator[Path]:
    """A temporary folder beside ``out`` that takes its name when the block ends without an error.

    With ``overwrite`` it replaces a folder of its own kind, which holds the file or folder
    ``sign``. Raises UsageError for anything else that exists, and for the folder ``unlike`` (the
    round that is read) or one around it.
    """
    place = out.resolve()
    refuse_to_replace(place, out, overwrite=overwrite, sign=sign, unlike=unlike)
    place.parent.mkdir(parents=True, exist_ok=True)
    hidden = f".{place.name}.{os.getpid()}"
    building = place.parent / f"{hidden}.partial"
    try:
        building.mkdir(mode=0o700)
        yield building
        building.chmod(0o755)
        if place.exists():
            with tempfile.TemporaryDirectory(".old", hidden, place.parent) as replaced:
                place.rename(Path(replaced) / place.name)
                building.rename(place)
        else:
            building.rename(place)
    finally:
        if building.exists():
            shutil.rmtree(building)


def refuse_to_replace(
    place: Path, out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> None:
    """Raises UsageError unless ``place`` is free, or a folder that may be replaced."""
    if not place.exists():
        return
    if not overwrite:
        raise UsageError(f"{out} exists. Maybe choose another --out, or add --overwrite.")
    inside = unlike is not None and unlike.resolve().is_relative_to(place)
    if inside or not (place / sign).exists() or place == Path.cwd():
        raise UsageError(
            f"{out} is no folder that this command wrote (it has no {sign}), or is in use; it is "
            "left as it is. Maybe choose another --out."
        )


def write_texts(texts: Mapping[str, str], folder: Path) -> None:
    """Each text as a file of its name in ``folder``, in UTF-8."""
    folder.mkdir(exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """``frame`` as CSV in UTF-8 with BOM."""
    text = frame.to_csv(index=False, lineterminator="\n")
    path.write_bytes(text.encode("utf-8-sig"))


def write_json(table: object, path: Path) -> None:
    """``table`` as indented JSON."""
    text = json.dumps(table, ensure_ascii=False, indent=2) + "\n"
    path.write_bytes(text.encode())


def sha256_of(path: Path) -> str:
    """The SHA-256 of the file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
