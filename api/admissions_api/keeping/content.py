"""Where a person stands in stored bytes, whatever holds them: taken out, or copied for them.

What is stored is JSON, JSON lines, or a zip of tables, JSON, letters and workbooks. A row or an
item that is the person's goes as a whole; a workbook, a letter or a page that names them too.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from admissions.letters.archiving import ARCHIVE
from admissions.letters.binding import PRINT
from admissions.results.files import packed, unpacked

ERASED = "[erased]"
_GONE = object()
_BOM = "\ufeff"
PERSON = "person_id"
_SEALED = "certificate.json"
_HASHES = ("inputs", "files", "told")
"""What a certificate says of files: hashes of files of few persons could be guessed back."""
_CHAINED = ("previous", "events_head")
"""What it says of what came before, for the same reason."""
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_WHOLE = (".xlsx", ".pdf", ".html", ".txt")
"""Files of people's reading: one that names the person is taken out as a whole."""

_OF_ALL_LISTED = {PRINT, ARCHIVE}
"""Files that tell of everybody whom a list of letters lists."""


@dataclass(frozen=True)
class Found:
    """One thing that is stored of a person: in which file of a zip ("" for none), and what."""

    file: str
    held: Any


class Person:
    """One person, by id, in whatever is stored."""

    def __init__(self, person_id: str) -> None:
        self.id = person_id
        self._word = re.compile(rf"(?<!\w){re.escape(person_id)}(?!\w)")
        self._in_words = not person_id.isdigit() or len(person_id) > 2

    def named_in(self, text: str) -> bool:
        """Whether ``text`` is the id, or names it; an id of one or two digits is no name."""
        if text == self.id:
            return True
        return self._in_words and self._word.search(text) is not None

    def taken_out(self, data: bytes) -> bytes | None:
        """``data`` without the person; None where it has nothing of them."""
        if zipfile.is_zipfile(io.BytesIO(data)):
            return self._out_of_zip(data)
        return self._out_of_file("", data)

    def _out_of_zip(self, data: bytes) -> bytes | None:
        files = unpacked(data)
        theirs = self._files_of(files)
        changed = False
        made: dict[str, bytes] = {}
        for name, content in files.items():
            without = None if name in theirs else self._out_of_file(name, content)
            changed = changed or name in theirs or without is not None
            if name not in theirs:
                made[name] = content if without is None else without
        if not changed:
            return None
        made = without_hashes(made)
        return packed({name: made[name] for name in made if not name.endswith(".xlsx")})

    def _files_of(self, files: dict[str, bytes]) -> set[str]:
        """The files that are the person's: those that a list calls theirs, or that name them."""
        theirs: set[str] = set()
        for name, content in files.items():
            suffix = PurePosixPath(name).suffix
            if suffix == ".csv":
                own = {row["file"] for row in _rows(content) if self._is(row) and "file" in row}
                theirs |= own | (_OF_ALL_LISTED if own else set())
            elif suffix in _WHOLE and self.named_in(content.decode(errors="replace")):
                theirs.add(name)
        return theirs & files.keys() | {name for name in files if self.named_in(name)}

    def _out_of_file(self, name: str, content: bytes) -> bytes | None:
        if self.id.encode() not in content and json.dumps(self.id)[1:-1].encode() not in content:
            return None
        suffix = PurePosixPath(name).suffix
        if suffix == ".csv":
            return self._out_of_table(content)
        if suffix == ".jsonl":
            kept = [line for line in content.split(b"\n") if self._out_of_json(line) is not _GONE]
            return None if len(kept) == content.count(b"\n") + 1 else b"\n".join(kept)
        try:
            held = json.loads(content)
        except ValueError:
            return None
        without = self.out_of(held)
        return None if without == held else json.dumps(without, ensure_ascii=False).encode()

    def _out_of_json(self, line: bytes) -> Any:
        try:
            return self.out_of(json.loads(line))
        except ValueError:
            return line

    def _out_of_table(self, content: bytes) -> bytes | None:
        text = content.decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
        if not rows or PERSON not in rows[0]:
            return None
        at = rows[0].index(PERSON)
        kept = [row for row in rows if not (len(row) > at and row[at] == self.id)]
        if len(kept) == len(rows):
            return None
        out = io.StringIO(newline="")
        csv.writer(out, lineterminator="\r\n" if "\r\n" in text else "\n").writerows(kept)
        start = _BOM if content.startswith(_BOM.encode()) else ""
        return (start + out.getvalue()).encode()

    def left_of(self, held: Any) -> Any:
        """As ``out_of``; what is all theirs is empty."""
        left = self.out_of(held)
        return type(held)() if left is _GONE else left

    def out_of(self, held: Any) -> Any:
        """Plain values without the person; what is all theirs is gone."""
        if isinstance(held, dict):
            return self._out_of_dict(held)
        if isinstance(held, list):
            kept = (self.out_of(one) for one in held if not self._is_text(one))
            return [one for one in kept if one is not _GONE]
        return ERASED if self._is_text(held) else held

    def _out_of_dict(self, held: dict[str, Any]) -> Any:
        if self._is(held):
            return _GONE
        if isinstance(held.get("columns"), list) and PERSON in held["columns"]:
            at = held["columns"].index(PERSON)
            return {**held, "rows": [row for row in held["rows"] if row[at] != self.id]}
        kept = {name: self.out_of(one) for name, one in held.items() if name != self.id}
        return {name: one for name, one in kept.items() if one is not _GONE}

    def _is(self, held: dict[str, Any]) -> bool:
        return held.get(PERSON) == self.id or held.get("value") == self.id

    def _is_text(self, held: Any) -> bool:
        return isinstance(held, str) and self.named_in(held)

    def found(self, data: bytes) -> Iterator[Found]:
        """What ``data`` holds of the person."""
        if not zipfile.is_zipfile(io.BytesIO(data)):
            yield from self._found_in("", data)
            return
        files = unpacked(data)
        for name, content in files.items():
            yield from self._found_in(name, content)
        for name in sorted(self._files_of(files)):
            if not name.endswith(".xlsx"):
                yield Found(name, files[name].decode(errors="replace"))

    def _found_in(self, name: str, content: bytes) -> Iterator[Found]:
        suffix = PurePosixPath(name).suffix
        if suffix == ".csv":
            yield from (Found(name, row) for row in _rows(content) if self._is(row))
            return
        lines = content.split(b"\n") if suffix == ".jsonl" else [content]
        for line in lines:
            try:
                held = json.loads(line)
            except ValueError:
                continue
            yield from (Found(name, one) for one in self.within(held))

    def within(self, held: Any) -> Iterator[Any]:
        """The parts of plain values that are about the person."""
        if isinstance(held, dict):
            if self._is(held):
                yield held
                return
            columns = held.get("columns")
            if isinstance(columns, list) and PERSON in columns:
                at = columns.index(PERSON)
                yield from (
                    dict(zip(columns, row, strict=True))
                    for row in held["rows"]
                    if row[at] == self.id
                )
                return
            for name, one in held.items():
                if isinstance(one, list) and self.id in one:
                    yield {**held, name: [self.id], "place": one.index(self.id) + 1}
                else:
                    yield from self.within(one)
        elif isinstance(held, list):
            for one in held:
                yield from self.within(one)
        elif self._is_text(held):
            yield held


def _rows(content: bytes) -> list[dict[str, str]]:
    text = content.decode("utf-8-sig", errors="replace")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def without_hashes(files: dict[str, bytes]) -> dict[str, bytes]:
    """A folder without the hashes of files that its certificate, and its reports, state."""
    if _SEALED not in files:
        return files
    held = json.loads(files[_SEALED])
    stated = {str(one) for name in _HASHES for one in held.get(name, {}).values()}
    stated |= {str(held[name]) for name in _CHAINED if name in held}
    for name in _HASHES:
        held[name] = dict.fromkeys(held.get(name, ()), ERASED)
    held |= dict.fromkeys(held.keys() & set(_CHAINED), ERASED)
    left = {
        name: _HASH.sub(lambda one: ERASED if one.group() in stated else one.group(), text.decode())
        for name, text in files.items()
        if name.endswith(".html")
    }
    told = {name: text.encode() for name, text in left.items()}
    sealed = json.dumps(held, ensure_ascii=False, indent=2).encode()
    return {**files, **told, _SEALED: sealed}
