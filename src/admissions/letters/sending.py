"""How letters are sent: one thin interface, and the one way that the program itself has."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from admissions.intake.contacts import Contact
from admissions.model.output_table import OutputColumn, OutputTable

DISPATCH = "dispatch.csv"
_SAFE = re.compile(r"[A-Za-z0-9_-]{1,80}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)
"""Names that Windows keeps for itself."""


@dataclass(frozen=True)
class SentLetter:
    """A letter that is ready: whom it is for, what it is about, and the PDF.

    ``state``: that of the application which it begins with; ``cases``: the institutions that have
    decided, each with its case.
    """

    person_id: str
    contact: Contact
    title: str
    state: str
    cases: tuple[tuple[str, str], ...]
    pdf: bytes = field(repr=False)

    @property
    def sha256(self) -> str:
        """The SHA-256 of the PDF, in hex."""
        return hashlib.sha256(self.pdf).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """That a letter was taken over: where it is, and what it was."""

    person_id: str
    file: str
    sha256: str
    size: int
    language: str
    state: str
    title: str
    contact: Contact
    cases: tuple[tuple[str, str], ...]


class Channel(Protocol):
    """Whatever takes letters over: a folder, a digital mailbox, a printer's service.

    ``send`` returns when the letter is taken over for good, or raises an error; the same letter
    sent twice is one letter.
    """

    def send(self, letter: SentLetter) -> Receipt:
        """Takes ``letter`` over."""
        ...


class FolderChannel:
    """Letters as files in a folder, each by its person's id."""

    def __init__(self, folder: Path, below: str = "") -> None:
        self._folder = folder
        self._below = below
        self._taken: dict[str, str] = {}

    def send(self, letter: SentLetter) -> Receipt:
        """Writes ``letter``'s PDF."""
        file = f"{self._below}{self._name(letter.person_id)}.pdf"
        path = self._folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(letter.pdf)
        return receipt(letter, file)

    def _name(self, person: str) -> str:
        """The id where every system takes it as a file's name, else what is left of it and a sum.

        Two ids that differ in case alone are one name to some systems.
        """
        plain = _SAFE.fullmatch(person) and not _RESERVED.fullmatch(person)
        if plain and self._taken.setdefault(person.casefold(), person) == person:
            return person
        left = re.sub(r"[^A-Za-z0-9_-]", "_", person)[:40]
        return f"{left}-{hashlib.sha256(person.encode()).hexdigest()[:12]}"


def receipt(letter: SentLetter, file: str) -> Receipt:
    """That ``letter`` was taken over as ``file``."""
    return Receipt(
        letter.person_id, file, letter.sha256, len(letter.pdf), letter.contact.language,
        letter.state, letter.title, letter.contact, letter.cases,
    )  # fmt: skip


def dispatch_table(receipts: Iterable[Receipt]) -> OutputTable:
    """``dispatch.csv``: a row a letter, in the order in which they were sent."""
    names = ("person_id", "file", "sha256", "language", "state")
    columns = tuple(OutputColumn(name, "text" if name in names[:3] else "code") for name in names)
    rows = tuple(tuple(getattr(one, name) for name in names) for one in receipts)
    return OutputTable("dispatch", columns, rows)
