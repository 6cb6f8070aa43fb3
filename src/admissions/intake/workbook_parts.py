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
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import IO
from xml.parsers import expat

from admissions.intake.cell_styles import Style, struck_by, struck_texts, styles_of
from admissions.intake.cell_text import characters_held
from admissions.model.errors import library_fault
from admissions.model.messages import Message, message

LARGEST_UNPACKED = 1 << 30
"""A workbook that unpacks to more bytes than this is refused."""

MOST_PARTS = 2_000
MOST_TEXT = 1 << 28
"""A workbook whose cells hold more bytes of text than this is refused before they are made."""

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
        rb"mergeCell",
        rb"hidden=",
        rb"strike",
        rb"\x00",
    )
]
"""Where none stands there is no formula, error, far column, merged, hidden or struck cell."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class UnsafeError(Exception):
    """The workbook cannot be read; the message says what was expected."""

    def __init__(self, said: Message) -> None:
        self.message = said
        super().__init__(said)


@dataclass(frozen=True)
class UnsafeCell:
    """A formula (``text`` begins with ``=``) or an error value, at 1-based ``row``, ``column``."""

    row: int
    column: int
    text: str


@dataclass(frozen=True)
class Sheet:
    """A sheet's part, as its bytes; None where the part is not there."""

    part: str
    content: bytes | None
    hidden: bool


@dataclass(frozen=True)
class Parts:
    """A workbook's parts: ``sheets`` by their names, in workbook order.

    ``styles``: those of cells that are not shown as they are, by number; ``struck``: the numbers of
    texts of which a part is struck through.
    """

    repacked: io.BytesIO
    sheets: dict[str, Sheet]
    styles: Mapping[str, Style]
    struck: frozenset[str]


@dataclass
class Scanned:
    """What a sheet part says besides its cells' values; rows and columns count from 1."""

    found: list[UnsafeCell] = field(default_factory=list)
    merged: list[str] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    styled: dict[tuple[int, int], Style] = field(default_factory=dict)


def open_parts(data: bytes) -> Parts:
    """The parts of the workbook ``data``. Raises UnsafeError when it is no sound .xlsx."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnsafeError(message("intake.old-or-encrypted"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read_parts(archive)
    except (KeyError, expat.ExpatError) as error:
        raise UnsafeError(message("intake.part-damaged", fault=library_fault(error))) from None
    except _DAMAGE as error:
        raise UnsafeError(message("intake.xlsx-damaged", fault=library_fault(error))) from None


def _read_parts(archive: zipfile.ZipFile) -> Parts:
    members = archive.infolist()
    if any(m.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for m in members):
        raise UnsafeError(message("intake.unusual-packing"))
    if len(members) > MOST_PARTS or sum(m.file_size for m in members) > LARGEST_UNPACKED:
        raise UnsafeError(message("intake.too-large-unpacked", most=LARGEST_UNPACKED >> 20))
    contents = _contents(archive, members)
    if characters_held(contents, MOST_TEXT) > MOST_TEXT:
        raise UnsafeError(message("intake.too-much-text", most=MOST_TEXT >> 20))
    sheets, styles = _sheets(contents), styles_of(contents.get(_STYLES, b""), _parser)
    struck = struck_texts(contents.get(_TEXTS, b""), _parser)
    repacked = io.BytesIO()
    with zipfile.ZipFile(repacked, "w", zipfile.ZIP_STORED) as copy:
        for name, content in sorted(contents.items()):
            copy.writestr(zipfile.ZipInfo(name), content)
    repacked.seek(0)
    return Parts(repacked, sheets, styles, struck)


_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"
_TEXTS = "xl/sharedStrings.xml"
_KNOWN = (_WORKBOOK, _RELATIONS, _STYLES, _TEXTS, "_rels/.rels")


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> dict[str, bytes]:
    """The parts by the names by which the workbook refers to them.

    Names of parts are alike whatever their case, and some programs write backslashes.
    """
    contents: dict[str, bytes] = {}
    for member in sorted(members, key=lambda member: member.filename):
        name = member.filename.replace("\\", "/").lstrip("/")
        contents[name] = archive.read(member)
    alike = {name.casefold(): name for name in contents}
    for name in _KNOWN:
        _rename(contents, alike, name)
    for target in _targets(contents[_RELATIONS]).values():
        _rename(contents, alike, target)
    return contents


def _rename(contents: dict[str, bytes], alike: dict[str, str], name: str) -> None:
    found = alike.get(name.casefold(), name)
    if found != name and found in contents and name not in contents:
        contents[name] = contents.pop(found)


def _targets(relations: bytes) -> dict[str, str]:
    """The part that each relation of the workbook names, by the relation's id."""
    targets: dict[str, str] = {}

    def relation(name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes["Target"].replace("\\", "/")
            path = posixpath.normpath(posixpath.join("/xl", target))
            targets[attributes["Id"]] = path.lstrip("/")

    _parse(relations, relation)
    return targets


def _sheets(contents: dict[str, bytes]) -> dict[str, Sheet]:
    targets = _targets(contents[_RELATIONS])
    sheets: dict[str, Sheet] = {}

    def sheet(name: str, attributes: dict[str, str]) -> None:
        if name == "sheet":
            part = targets[{_local(k): v for k, v in attributes.items()}["id"]]
            hidden = attributes.get("state", "visible") != "visible"
            sheets[attributes["name"]] = Sheet(part, contents.get(part), hidden)

    _parse(contents[_WORKBOOK], sheet)
    return {name: sheet for name, sheet in sheets.items() if _has_cells(sheet.part)}


def _has_cells(part: str) -> bool:
    """Whether a sheet's part holds cells: a chart or a dialog has none."""
    return not part.startswith(("xl/chartsheets/", "xl/dialogsheets/"))


def _parse(content: bytes, start: Callable[[str, dict[str, str]], None]) -> None:
    parser = _parser()
    parser.StartElementHandler = lambda name, attributes: start(_local(name), attributes)
    parser.Parse(content, True)


def _parser() -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise UnsafeError(message("intake.no-doctype"))

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def scan(sheet: bytes, styles: Mapping[str, Style] = {}, struck: Collection[str] = ()) -> Scanned:
    """What stands in a sheet part besides values: formulas and errors, merged cells, hidden ones.

    And the cells of ``styles``, and those whose text is one of ``struck``. Raises UnsafeError when
    the part is damaged or its used area is larger than ``MOST_CELLS``.
    """
    if not styles and not struck and not any(pattern.search(sheet) for pattern in _SUSPECT):
        return Scanned()
    scanner = _Scanner(styles, struck)
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
        raise UnsafeError(message("intake.sheet-damaged", fault=library_fault(error))) from None
    if scanner.last_row * scanner.last_column > MOST_CELLS:
        raise UnsafeError(
            message(
                "intake.too-many-cells",
                most=MOST_CELLS,
                rows=scanner.last_row,
                columns=scanner.last_column,
            )
        )
    return scanner.scanned


def place_of(reference: str) -> tuple[int, int] | None:
    """The 1-based row and column of a cell's reference (``B7``); None when it is none."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _is_true(value: str | None) -> bool:
    return value in ("1", "true")


class _Scanner:
    """Follows rows and cells; a cell without a reference stands right of the one before."""

    def __init__(self, styles: Mapping[str, Style], struck: Collection[str]) -> None:
        self.scanned = Scanned()
        self.last_row = self.last_column = 0
        self._styles = styles
        self._struck = struck
        self._row = self._column = 0
        self._type = ""
        self._formula = False
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        element = _local(name)
        if element == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
            if _is_true(attributes.get("hidden")):
                self.scanned.hidden_rows.add(self._row)
        elif element == "c":
            self._cell(attributes)
        elif element == "f" or (element == "v" and self._told()):
            self._text = []
        elif element == "strike" and struck_by(attributes):
            self._strike()
        elif element == "mergeCell":
            self.scanned.merged.append(attributes.get("ref", ""))
        elif element == "col" and _is_true(attributes.get("hidden")):
            last = int(attributes["max"])
            self.scanned.hidden_columns.append((int(attributes["min"]), last))

    def _strike(self) -> None:
        """Something in the cell is struck through."""
        place = self._row, self._column
        style = self.scanned.styled.get(place, Style())
        self.scanned.styled[place] = replace(style, struck=True)

    def _told(self) -> bool:
        """Whether the cell's value is looked at: an error, or a text that may be struck through."""
        return self._type == "e" or (self._type == "s" and bool(self._struck))

    def _cell(self, attributes: dict[str, str]) -> None:
        place = place_of(attributes.get("r", ""))
        if place:
            self._row, self._column = place
        else:
            self._column += 1
        self._type = attributes.get("t", "")
        self._formula = False
        style = self._styles.get(attributes.get("s", ""))
        if style is not None:
            self.scanned.styled[self._row, self._column] = style
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
            self.scanned.found.append(UnsafeCell(self._row, self._column, f"={content}"))
        elif self._type == "s":
            if content.strip() in self._struck:
                self._strike()
        elif not self._formula:
            self.scanned.found.append(UnsafeCell(self._row, self._column, content))
