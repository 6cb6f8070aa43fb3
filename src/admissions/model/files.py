"""Files as a value: bytes by name; a folder on disk is read file by file, when it is asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from admissions.model.messages import Message, message

Files = Mapping[str, bytes]
"""The content of files by their path below one place, with ``/`` between folders."""

Place = str | Path | Files
"""Where files are: a path, or the files themselves."""

MADE_ON = dt.datetime(2019, 8, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""Written as every workbook's date of making, so that the same content has the same bytes."""


class FolderFiles(Mapping[str, bytes]):
    """The files of a folder on disk, by name in order; none is read before it is asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __getitem__(self, name: str) -> bytes:
        try:
            return (self.folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            raise KeyError(name) from None

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (self.folder / name).is_file()

    def __iter__(self) -> Iterator[str]:
        found = (path for path in self.folder.rglob("*") if path.is_file())
        return iter(sorted(path.relative_to(self.folder).as_posix() for path in found))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __str__(self) -> str:
        return str(self.folder)


class MadeFiles(Mapping[str, bytes]):
    """Files that are made one by one, each when it is asked for: no two need be in memory."""

    def __init__(self, makers: Mapping[str, bytes | Callable[[], bytes]]) -> None:
        self._makers = dict(makers)

    def __getitem__(self, name: str) -> bytes:
        made = self._makers[name]
        return made if isinstance(made, bytes) else made()

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)


class _Below(Mapping[str, bytes]):
    """The files below a folder of other files, by their path from there."""

    def __init__(self, files: Files, folder: str) -> None:
        self._files, self._start = files, f"{folder}/"

    def __getitem__(self, name: str) -> bytes:
        return self._files[self._start + name]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self._start + name in self._files

    def __iter__(self) -> Iterator[str]:
        start = self._start
        return (name.removeprefix(start) for name in self._files if name.startswith(start))

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __str__(self) -> str:
        return f"{self._files}/{self._start.removesuffix('/')}"


def files_at(place: Place) -> Files:
    """The files at ``place``: those in the folder of that path, or ``place`` as it is."""
    return place if isinstance(place, Mapping) else FolderFiles(Path(place))


def below(files: Files, folder: str) -> Files:
    """The files in the folder called ``folder`` among ``files``, named from there."""
    return _Below(files, folder)


def said_place(files: Files) -> str | Message:
    """How a message names where ``files`` are."""
    return str(files) if isinstance(files, FolderFiles | _Below) else message("problems.the-files")
