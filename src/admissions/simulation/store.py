"""Draws in chunks: on disk, so that memory stays flat and an interrupted run goes on, or not."""

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

CHUNK = 20
"""Draws in one chunk. Which chunk a draw is in says nothing of its numbers."""
_IDENTITY = "run.json"


class KeptDraws(ABC):
    """The draws of one run, kept in chunks."""

    draws: int

    def missing(self) -> list[int]:
        """The chunks still to be drawn, in order."""
        return [chunk for chunk in range(self._chunks) if not self._has(chunk)]

    def bounds(self, chunk: int) -> tuple[int, int]:
        """The first draw of ``chunk`` and the one past its last."""
        return chunk * CHUNK, min((chunk + 1) * CHUNK, self.draws)

    def values(self, case: int, first: int, past: int) -> NDArray[np.int64]:
        """The keys ``first`` … ``past`` - 1 of one case in all draws, int64 (draws, keys)."""
        found = np.empty((self.draws, past - first), dtype=np.int64)
        for chunk in range(self._chunks):
            begin, end = self.bounds(chunk)
            found[begin:end] = self._chunk(chunk)[: end - begin, case, first:past]
        return found

    def each_chunk(self) -> Iterator[tuple[int, NDArray[np.int64]]]:
        """Each chunk in order: its first draw, from 0, and int64 (draws, cases, keys)."""
        for chunk in range(self._chunks):
            begin, end = self.bounds(chunk)
            yield begin, self._chunk(chunk)[: end - begin]

    @abstractmethod
    def keep(self, chunk: int, values: NDArray[np.int64]) -> None:
        """Keeps a chunk's draws, int64 (draws, cases, keys)."""

    @abstractmethod
    def _has(self, chunk: int) -> bool: ...

    @abstractmethod
    def _chunk(self, chunk: int) -> NDArray[np.int64]: ...

    @property
    def _chunks(self) -> int:
        return -(-self.draws // CHUNK)


class DrawsInMemory(KeptDraws):
    """Draws that are gone with whoever asked for them."""

    def __init__(self, draws: int) -> None:
        self.draws = draws
        self._kept: dict[int, NDArray[np.int64]] = {}

    def keep(self, chunk: int, values: NDArray[np.int64]) -> None:
        """Keeps a chunk's draws, int64 (draws, cases, keys)."""
        self._kept[chunk] = values

    def _has(self, chunk: int) -> bool:
        return chunk in self._kept

    def _chunk(self, chunk: int) -> NDArray[np.int64]:
        return self._kept[chunk]


class DrawStore(KeptDraws):
    """The chunks of one run in a hidden folder beside its result folder.

    A chunk is written whole or not at all. ``identity`` says which run it is; the number of draws
    is no part of it, so that a run can be continued to more of them.
    """

    def __init__(self, out: Path, identity: Mapping[str, Any], draws: int) -> None:
        place = out.resolve()
        self.folder = place.parent / f".{place.name}.draws"
        self.draws = draws
        self._identity = identity

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

    def keep(self, chunk: int, values: NDArray[np.int64]) -> None:
        """Writes a chunk's draws, int64 (draws, cases, keys)."""
        partial = self.folder / f".{chunk}.partial"
        with partial.open("wb") as file:
            np.save(file, values, allow_pickle=False)
        partial.rename(self._path(chunk))

    def remove(self) -> None:
        """Takes the folder away."""
        shutil.rmtree(self.folder)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Takes the folder away after an error before the first chunk: there is nothing to keep."""
        try:
            yield
        except BaseException:
            if not any(self.folder.glob("*.npy")):
                self.remove()
            raise

    def _path(self, chunk: int) -> Path:
        return self.folder / f"{chunk:06d}.npy"

    def _has(self, chunk: int) -> bool:
        if not self._path(chunk).is_file():
            return False
        begin, end = self.bounds(chunk)
        return len(self._chunk(chunk)) >= end - begin

    def _chunk(self, chunk: int) -> NDArray[np.int64]:
        drawn: NDArray[np.int64] = np.load(self._path(chunk), mmap_mode="r", allow_pickle=False)
        return drawn

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
