"""What stands in a letter, in the order in which it stands there: words alone, no looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from admissions.model.vocabulary import Language

Cell = str | tuple[str, ...]
"""A cell's text; or several lines, the first of which names what the others say."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of text."""

    text: str
    kind: str = "text"


@dataclass(frozen=True)
class Points:
    """A list of points."""

    items: tuple[str, ...]
    kind: str = "list"


@dataclass(frozen=True)
class FactGrid:
    """A table with a header row; ``widths``: of its columns, in relation to each other."""

    widths: tuple[int, ...]
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    kind: str = "table"


Block = Paragraph | Points | FactGrid


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


Pairs = tuple[tuple[str, str], ...]
"""Terms and what they are."""


@dataclass(frozen=True)
class Part:
    """One application's decision, under the institution that made it.

    ``facts``: what it is about; ``answer``: the decision, and what follows from it.
    """

    institution: str
    heading: str
    facts: Pairs
    answer: tuple[str, ...]
    sections: tuple[Section, ...]
    signature: tuple[str, ...]


@dataclass(frozen=True)
class LetterPage:
    """A whole letter: its first page, then a part for each application."""

    language: Language
    title: str
    date: dt.date
    senders: tuple[str, ...]
    address: tuple[str, ...]
    facts: Pairs
    answer: tuple[str, ...]
    sections: tuple[Section, ...]
    parts: tuple[Part, ...]
    footer: str
    page_words: str


def texts_of(value: object) -> list[str]:
    """Every text in ``value``, a page or a part of one, in the order in which it is read."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Sequence):
        return [text for one in value for text in texts_of(one)]
    if not hasattr(value, "__dataclass_fields__"):
        return []
    return [text for name, one in vars(value).items() if name != "kind" for text in texts_of(one)]
