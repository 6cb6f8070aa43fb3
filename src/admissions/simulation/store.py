"""Draws in pieces: on disk, so that memory stays flat and an interrupted run goes on, or not."""

from __future__ import annotations

import json
import os
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.simulation.measures import UNDEFINED

_AT_ONCE = 20
"""So many draws at most are looked at together where they are read in order."""
_IDENTITY = "run.json"
_SMALL = np.int32
_NO_VALUE = int(np.iinfo(_SMALL).min)

Columns = NDArray[np.int32] | NDArray[np.int64]
"""A piece of draws as it is kept, (cases, keys, draws): a key's values lie together."""
Piece = tuple[int, int]
"""Draws: the first, and the one past the last. Which piece a draw is in says nothing of it."""


def in_columns(values: NDArray[np.int64]) -> Columns:
    """Draws, int64 (draws, cases, keys), as they are kept: in half the bytes where these do."""
    columns = np.ascontiguousarray(values.transpose(1, 2, 0))
    known = np.where(columns == UNDEFINED, 0, columns)
    if np.abs(known).max(initial=0) > np.iinfo(_SMALL).max:
        return columns
    return np.where(columns == UNDEFINED, _NO_VALUE, columns).astype(_SMALL)


def _as_drawn(columns: Columns) -> NDArray[np.int64]:
    """The same shape as int64, ``UNDEFINED`` where there is no value."""
    values = columns.astype(np.int64)
    if columns.dtype == _SMALL:
        values[columns == _NO_VALUE] = UNDEFINED
    return values


class KeptDraws(ABC):
    """The draws of one run, kept in pieces of any size."""

    draws: int

    def missing(self) -> list[Piece]:
        """The draws still to be drawn, in order."""
        gaps, at = [], 0
        for first, past in [*self._wanted(), (self.draws, self.draws)]:
            if first > at:
                gaps.append((at, first))
            at = past
        return gaps

    def values(self, case: int, first: int, past: int) -> NDArray[np.int64]:
        """The keys ``first`` … ``past`` - 1 of one case in all draws, int64 (draws, keys)."""
        found = np.empty((past - first, self.draws), dtype=np.int64)
        for begin, end in self._wanted():
            columns = self._piece((begin, end))[case, first:past, : self.draws - begin]
            found[:, begin:end] = _as_drawn(columns)
        return found.T

    def each_chunk(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Some draws after others, in order: the first, from 0, and int64 (draws, cases, keys)."""
        for begin, end in self._wanted():
            columns = self._piece((begin, end))
            for first in range(begin, min(end, self.draws), _AT_ONCE):
                some = columns[:, :, first - begin : min(first + _AT_ONCE, self.draws) - begin]
                yield first, _as_drawn(some).transpose(2, 0, 1)

    @abstractmethod
    def keep(self, first: int, columns: Columns) -> None:
        """Keeps the draws from ``first`` on, as ``in_columns`` gives them."""

    @abstractmethod
    def _pieces(self) -> list[Piece]:
        """What is kept, in any order; no two share a draw."""

    @abstractmethod
    def _piece(self, piece: Piece) -> Columns: ...

    def _wanted(self) -> list[Piece]:
        return sorted(piece for piece in self._pieces() if piece[0] < self.draws)


class DrawsInMemory(KeptDraws):
    """Draws that are gone with whoever asked for them."""

    def __init__(self, draws: int) -> None:
        self.draws = draws
        self._kept: dict[Piece, Columns] = {}

    def keep(self, first: int, columns: Columns) -> None:
        """Keeps the draws from ``first`` on, as ``in_columns`` gives them."""
        self._kept[first, first + columns.shape[2]] = columns

    def _pieces(self) -> list[Piece]:
        return [*self._kept]

    def _piece(self, piece: Piece) -> Columns:
        return self._kept[piece]


class DrawStore(KeptDraws):
    """The pieces of one run in a hidden folder beside its result folder, a file each.

    A piece is written whole or not at all. ``identity`` says which run it is; the number of draws
    is no part of it, so that a run can be continued to more of them.
    """

    def __init__(self, out: Path, identity: Mapping[str, Any], draws: int) -> None:
        place = out.resolve()
        self.folder = place.parent / f".{place.name}.draws"
        self.draws = draws
        self._identity = identity
        self._open: dict[Piece, Columns] = {}

    def open(self, *, resume: bool, overwrite: bool) -> None:
        """Makes the folder, or takes up what is in it.

        Raises UsageError where an interrupted run is there that is not this one, or is not asked
        for; with ``overwrite`` it is thrown away.
        """
        if self.folder.exists() and not resume:
            if not overwrite:
                raise UsageError(message("drawing.interrupted", folder=self.folder))
            shutil.rmtree(self.folder)
        if self.folder.exists():
            self._refuse_another_run()
            return
        self.folder.mkdir(parents=True, mode=0o700)
        self._write(_IDENTITY, (json.dumps(self._identity, indent=2) + "\n").encode())

    def keep(self, first: int, columns: Columns) -> None:
        """Writes the draws from ``first`` on, as ``in_columns`` gives them."""
        partial = self.folder / f".{first}.partial"
        with partial.open("wb") as file:
            np.save(file, columns, allow_pickle=False)
        partial.rename(self._path((first, first + columns.shape[2])))

    def remove(self) -> None:
        """Takes the folder away."""
        shutil.rmtree(self.folder)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Takes the folder away after an error before the first piece: there is nothing to keep."""
        try:
            yield
        except BaseException:
            if not any(self.folder.glob("*.npy")):
                self.remove()
            raise

    def _path(self, piece: Piece) -> Path:
        return self.folder / f"{piece[0]:08d}-{piece[1]:08d}.npy"

    def _pieces(self) -> list[Piece]:
        names = (path.stem.split("-") for path in self.folder.glob("*-*.npy"))
        return [(int(first), int(past)) for first, past in names]

    def _piece(self, piece: Piece) -> Columns:
        if piece not in self._open:
            self._open[piece] = np.load(self._path(piece), mmap_mode="r", allow_pickle=False)
        return self._open[piece]

    def _write(self, name: str, content: bytes) -> None:
        partial = self.folder / f".{name}.{os.getpid()}.partial"
        partial.write_bytes(content)
        partial.rename(self.folder / name)

    def _refuse_another_run(self) -> None:
        path = self.folder / _IDENTITY
        kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        stated = json.loads(json.dumps(self._identity))
        for name, value in stated.items():
            if kept.get(name) != value:
                raise UsageError(
                    message(
                        "drawing.another-run",
                        folder=self.folder,
                        name=name,
                        kept=str(kept.get(name)),
                        value=str(value),
                    )
                )
