"""What a column of a round's table is, and how headers and words in it are recognised."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Any, Literal

from admissions.model.choices import CHOICES
from admissions.model.vocabulary import LANGUAGES
from admissions.model.wording import Wording

Kind = Literal["code", "text", "number", "whole", "grade", "yes-no", "list", "date"]
"""What a cell holds: ``number`` is kept in hundredths, ``whole`` as it is, ``code`` is text."""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``spellings`` are other headers that mean it, between spaces (see ``fold``). ``default`` is
    written as a file would state it; None means not documented. ``low`` and ``high`` bound
    numbers, in units. ``explains`` names the column whose cells it says how to read: it is no fact
    itself, and a round does not keep it.
    """

    name: str
    kind: Kind
    title: Wording
    spellings: str = ""
    required: bool = False
    default: str | None = None
    low: int = 0
    high: int = 0
    detail: Wording | None = None
    explains: str = ""

    @property
    def values(self) -> tuple[str, ...]:
        """The closed list of a ``list`` column, in code order."""
        return tuple(choice.value for choice in CHOICES[self.name])

    @property
    def dtype(self) -> type[Any]:
        """The NumPy type in which a column of this kind is held."""
        import numpy as np  # which `--help`, that names columns too, need not wait for

        held: dict[Kind, type[Any]] = {
            "code": np.object_, "text": np.object_, "yes-no": np.bool_, "list": np.int8,
        }  # fmt: skip
        return held.get(self.kind, np.int64)

    def labels(self) -> tuple[str, ...]:
        """What the program calls the column in any language: each is a header that means it."""
        return tuple(self.title.in_(language) for language in LANGUAGES)

    def headers(self) -> frozenset[str]:
        """Every folded header that means the column."""
        texts = (self.name, *self.labels(), *self.spellings.split())
        return frozenset(fold(text) for text in texts)


@dataclass(frozen=True)
class Table:
    """One table: the CSV file is ``name`` + ``.csv``, the sheet is called ``name``.

    ``spellings`` are other names of the file and the sheet. ``more`` are columns that it may have
    besides its own ``columns``; a blank one does without.
    """

    name: str
    title: Wording
    columns: tuple[Column, ...]
    spellings: str = ""
    more: tuple[Column, ...] = ()

    @cached_property
    def by_header(self) -> Mapping[str, Column]:
        """The columns by every folded header that means them; its own before ``more``."""
        every = (*self.more, *self.columns)
        return MappingProxyType({header: one for one in every for header in one.headers()})

    def names(self) -> frozenset[str]:
        """Every folded name of the table's file or sheet."""
        return frozenset(fold(text) for text in (self.name, *self.spellings.split()))


@lru_cache(maxsize=10_000)
def fold(text: str) -> str:
    """``text`` as headers and words are compared: letters and digits, no case, no accents.

    ``fold("Søker-ID") == fold("soeker_id") == "sokerid"``.
    """
    letters = unicodedata.normalize("NFC", text).casefold().replace("æ", "ae").replace("ø", "o")
    parts = unicodedata.normalize("NFKD", letters)
    plain = "".join(letter for letter in parts if letter.isalnum())
    return plain.replace("aa", "a").replace("oe", "o")


def words_of(column: Column) -> dict[str, str]:
    """The value of a ``list`` column by every folded word that means it."""
    return {fold(text): choice.value for choice in CHOICES[column.name] for text in choice.texts()}
