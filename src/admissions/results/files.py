"""The folders that results are in: written whole or not at all, read, packed and unpacked."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from pathlib import Path

from admissions.model.errors import UsageError
from admissions.model.files import Files, FolderFiles
from admissions.model.lock import alone_in
from admissions.model.messages import message
from admissions.rulebooks.digest import sealed_texts
from admissions.rulebooks.scenario import ResolvedScenario

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every file in a zip, so that the same files have the same bytes."""


class NewFolder(FolderFiles, MutableMapping[str, bytes]):
    """A folder in the making: a file is on disk as soon as it is set."""

    def __setitem__(self, name: str, content: bytes) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def __delitem__(self, name: str) -> None:
        (self.folder / name).unlink()


def write_folder(
    files: Files, out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> None:
    """Writes ``files`` as the folder ``out``, one after the other, whole or not at all.

    When it may replace what is there: see ``whole_folder``.
    """
    with whole_folder(out, overwrite=overwrite, sign=sign, unlike=unlike) as folder:
        folder.update(files)


@contextmanager
def whole_folder(
    out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> Iterator[NewFolder]:
    """A temporary folder beside ``out`` that takes its name when the block ends without an error.

    With ``overwrite`` it replaces a folder of its own kind, which holds the file or folder
    ``sign``. Raises UsageError for anything else that exists, and for the folder ``unlike`` (the
    round that is read) or one around it. What an earlier run left that was killed is removed.
    """
    place = out.resolve()
    refuse_to_replace(place, out, overwrite=overwrite, sign=sign, unlike=unlike)
    place.parent.mkdir(parents=True, exist_ok=True)
    _remove_left(place)
    hidden = f".{place.name}.{os.getpid()}"
    building = place.parent / f"{hidden}.partial"
    try:
        building.mkdir(mode=0o700)
        with alone_in(building):
            yield NewFolder(building)
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


def _remove_left(place: Path) -> None:
    """Removes unfinished folders for ``place`` in which nobody works any more."""
    unfinished = re.compile(rf"\.{re.escape(place.name)}\.[0-9]+\.partial")
    for folder in place.parent.iterdir():
        if unfinished.fullmatch(folder.name) and folder.is_dir() and not folder.is_symlink():
            with alone_in(folder) as left:
                if left:
                    shutil.rmtree(folder)


def refuse_to_replace(
    place: Path, out: Path, *, overwrite: bool, sign: str, unlike: Path | None = None
) -> None:
    """Raises UsageError unless ``place`` is free, or a folder that may be replaced."""
    if not place.exists():
        return
    if not overwrite:
        raise UsageError(message("results.exists", out=out))
    inside = unlike is not None and unlike.resolve().is_relative_to(place)
    if inside or not (place / sign).exists() or place == Path.cwd():
        raise UsageError(message("results.not-ours", out=out, sign=sign))


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """A zip of ``files`` by name; the same files give the same bytes."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), files[name], zipfile.ZIP_DEFLATED)
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    """The files of a zip that ``packed`` made, by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def json_file(table: object) -> bytes:
    """``table`` as indented JSON; what JSON does not know as its text."""
    return (json.dumps(table, ensure_ascii=False, indent=2, default=str) + "\n").encode()


def scenario_files(scenario: ResolvedScenario) -> dict[str, bytes]:
    """``scenario.toml`` and ``rules/``: the scenario and its rules, as resolved."""
    return {name: text.encode() for name, text in sealed_texts(scenario).items()}


def sha256_of(content: bytes) -> str:
    """The SHA-256 of ``content``, in hex."""
    return hashlib.sha256(content).hexdigest()
