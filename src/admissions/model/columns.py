"""What a column of a round's table is, and how headers and words in it are recognised."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from admissions.model.vocabulary import VOCABULARIES
from admissions.model.wording import Wording

Kind = Literal["code", "text", "number", "whole", "grade", "yes-no", "list", "date"]
"""What a cell holds: ``number`` is kept in hundredths, ``whole`` as it is, ``code`` is text."""

GRADE_SCALES = ("a-e", "old")


@dataclass(frozen=True)
class Column:
    """One column of a table.

    ``spellings`` are other headers that mean it, between spaces (see ``fold``). ``default`` is
    written as a file would state it; None means not documented. ``low`` and ``high`` bound
    numbers, in units.
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

    @property
    def values(self) -> tuple[str, ...]:
        """The closed list of a ``list`` column, in code order."""
        return GRADE_SCALES if self.name == "grade_scale" else VOCABULARIES[self.name]


@dataclass(frozen=True)
class Table:
    """One table: the CSV file is ``name`` + ``.csv``, the sheet is called ``name``."""

    name: str
    title: Wording
    columns: tuple[Column, ...]

    def headers(self) -> dict[str, Column]:
        """The columns by every folded header that means them."""
        return {
            fold(header): column
            for column in self.columns
            for header in (column.name, *column.spellings.split())
        }


def fold(text: str) -> str:
    """``text`` as headers and words are compared: no case, spaces, ``_``, ``-``, ``.`` or accents.

    ``fold("Søker-ID") == fold("soeker_id") == "sokerid"``.
    """
    letters = unicodedata.normalize("NFC", text).casefold().replace("æ", "ae").replace("ø", "o")
    parts = unicodedata.normalize("NFKD", letters)
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return re.sub(r"[\s_\-.]", "", plain).replace("aa", "a").replace("oe", "o")


YES = "yes y ja j true t 1 sann"
NO = "no n nei false f 0 usann"
PASSED = "passed pass bestått greidd"

WORDS: dict[str, dict[str, str]] = {
    "sector": {
        "municipal": "kommunal kommunalt kommune",
        "state": "statlig statleg stat staten",
        "private": "privat",
        "none": "ingen",
    },
    "position": {
        "staff": "ansatt tilsett medarbeider medarbeidar saksbehandler saksbehandlar",
        "team-leader": "teamleder teamleiar",
        "professional-lead": "fagleder fagleiar",
        "deputy-leader": "stedfortreder stadfortredar nestleder nestleiar",
        "leader": "leder leiar barnevernleder barnevernleiar barnevernsleder barnevernsleiar",
    },
    "master": {"none": "ingen", "relevant": "", "other": "annen anna andre"},
    "region": {"oslo": "", "bergen": "", "trondheim": "", "tromso": "tromsø"},
    "gender": {
        "female": "kvinne kvinnelig kvinneleg k f",
        "male": "mann mannlig mannleg m",
        "other": "annet anna annen",
    },
    "grade_scale": {"a-e": "ny", "old": "gammel gamal"},
}
"""Other words for the values of each closed list, between spaces."""


def words_of(column: Column) -> dict[str, str]:
    """The value of a ``list`` column by every folded word that means it."""
    return {
        fold(word): value
        for value in column.values
        for word in (value, *WORDS[column.name][value].split())
    }
