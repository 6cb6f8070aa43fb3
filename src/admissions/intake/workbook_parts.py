"""Opens an .xlsx safely: bounded size, no external entities, every formula and error cell found.

What is scanned here is what is read: ``repacked`` holds exactly the bytes that were looked at.
"""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more bytes than this is refused."""

MOST_PARTS = 2_000
MOST_CELLS = 40_000_000
"""A sheet whose used area (rows times columns) has more cells than this is refused."""

_CHUNK = 1 << 20
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError)
"""What zipfile raises for files that are damaged, encrypted or packed in other ways."""

_SUSPECT = [
    re.compile(pattern)
    for pattern in (
        rb"<f[\s/>]",
        rb":f[\s/>]",
        rb't="e"',
        rb'r="[A-Z]{2}',  # a column beyond Z
        rb"='",
        rb"<!",
        rb"\x00",
    )
]
"""A sheet in which none of these stands has no formula, no error cell and no far column."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class UnsafeError(Exception):
    """The workbook cannot be read; the message says what was expected."""


@dataclass(frozen=True)
class Finding:
    """A formula (``text`` begins with ``=``) or an error value, at 1-based ``row``, ``column``."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Parts:
    """A workbook's parts: ``sheets`` are the sheet parts by sheet name, in workbook order."""

    repacked: io.BytesIO
    sheets: dict[str, bytes]


def open_parts(data: bytes) -> Parts:
    """The parts of the workbook ``data``. Raises UnsafeError when it is no sound .xlsx."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnsafeError(
            "expected an .xlsx; this one is encrypted, or an old .xls. "
            "Maybe save it as .xlsx without a password"
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive)
    except (KeyError, expat.ExpatError) as error:
        raise UnsafeError(f"expected an .xlsx; a part is missing or damaged ({error})") from None
    except _DAMAGE as error:
        raise UnsafeError(f"expected an .xlsx; this file is damaged or none ({error})") from None


def _read_parts(archive: zipfile.ZipFile) -> Parts:
    members = archive.infolist()
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise UnsafeError("expected an .xlsx; this file is packed in an unusual way")
    if len(members) > MOST_PARTS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise UnsafeError(
            f"expected a workbook that unpacks to at most {LARGEST_UNPACKED >> 20} MiB"
        )
    names = {member.filename for member in members}
    repacked = io.BytesIO()
    parts: dict[str, bytes] = {}
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_STORED) as copy:
        for name in sorted(names):
            content = archive.read(name)
            copy.writestr(zipfile.ZipInfo(name), content)
            if name.startswith("xl/worksheets/") or name in (_WORKBOOK, _RELATIONS):
                parts[name] = content
    repacked.seek(0)
    return Parts(repacked, _sheets(parts))


_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"


def _sheets(parts: dict[str, bytes]) -> dict[str, bytes]:
    targets: dict[str, str] = {}
    ids: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            targets[attributes["Id"]] = attributes["Target"]

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            ids[attributes["name"]] = {_local(k): v for k, v in attributes.items()}["id"]

    _parse(parts[_RELATIONS], relation)
    _parse(parts[_WORKBOOK], sheet)
    paths = {
        name: posixpath.normpath(posixpath.join("/xl", targets[identity])).lstrip("/")
        for name, identity in ids.items()
    }
    return {name: parts[path] for name, path in paths.items() if path in parts}


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.Parse(content, True)


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise UnsafeError("expected an .xlsx without a document type declaration")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def scan(sheet: bytes) -> list[Finding]:
    """Every formula and error cell of a sheet part, by row and column.

    Raises UnsafeError when the part is damaged or its used area is larger than ``MOST_CELLS``.
    """
    if not any(pattern.search(sheet) for pattern in _SUSPECT):
        return []
    scanner = _Scanner()
    parser = _parser()
    parser.StartElementHandler = scanner.start
    parser.EndElementHandler = scanner.end
    parser.CharacterDataHandler = scanner.text
    try:
        stream: IO[bytes] = io.BytesIO(sheet)
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise UnsafeError(f"expected an .xlsx; a sheet is damaged ({error})") from None
    if scanner.last_row * scanner.last_column > MOST_CELLS:
        raise UnsafeError(
            f"expected a sheet whose used area has at most {MOST_CELLS} cells, found "
            f"{scanner.last_row} rows by {scanner.last_column} columns. "
            "Maybe delete what stands far to the right or far down"
        )
    return scanner.found


class _Scanner:
    """Follows rows and cells; a cell without a reference stands right of the one before."""

    def __init__(self) -> None:
        self.found: list[Finding] = []
        self.last_row = self.last_column = 0
        self._row = self._column = 0
        self._type = ""
        self._formula = False
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _local(name)
        if element == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif element == "c":
            self._cell(attributes)
        elif element == "f" or (element == "v" and self._type == "e"):
            self._text = []

    def _cell(self, attributes: dict[str, str]) -> None:
        match = _REFERENCE.fullmatch(attributes.get("r", ""))
        if match:
            self._row = int(match[2])
            self._column = 0
            for letter in match[1]:
                self._column = self._column * 26 + ord(letter) - 64
        else:
            self._column += 1
        self._type = attributes.get("t", "")
        self._formula = False
        self.last_row = max(self.last_row, self._row)
        self.last_column = max(self.last_column, self._column)

    def text(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def end(self, name: str) -> None:
        element = _local(name)
        if self._text is None or element not in ("f", "v"):
            return
        content = "".join(self._text)
        self._text = None
        if element == "f":
            self._formula = True
            self.found.append(Finding(self._row, self._column, f"={content}"))
        elif not self._formula:
            self.found.append(Finding(self._row, self._column, content))
