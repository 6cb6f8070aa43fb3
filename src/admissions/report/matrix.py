"""What counts where, told in words: the rows of the matrix, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admissions.explanation.citations import citation
from admissions.explanation.rulebook_words import heading
from admissions.model.vocabulary import Language
from admissions.report.words import Words
from admissions.rulebooks.matrix import Cell, Matrix, Section, differences, kind_called

_HEADINGS: dict[Section, str] = {
    "requirements": "requirements",
    "criteria": "ranking",
    "ties": "ties",
    "limits": "limits",
}


@dataclass(frozen=True)
class Told:
    """One cell in words.

    ``brief`` is what stands in the matrix: the place in the ranking (``+``: a part of a sum), how
    much it counts, ``*`` where a value is assumed. ``says`` is the rule in full.
    """

    id: str
    title: str
    place: str
    brief: str
    says: str
    source: str | None
    assumed: tuple[str, ...]


@dataclass(frozen=True)
class ToldRow:
    """A kind of rule in words; ``cells`` by offering where it counts, ``counts`` as "7 of 8"."""

    section: str
    kind: str
    name: str
    counts: str
    cells: Mapping[str, tuple[Told, ...]]


@dataclass(frozen=True)
class ToldChange:
    """What counts otherwise at one offering: each side empty where it does not count."""

    offering: str
    kind: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]


def told_rows(matrix: Matrix, language: Language) -> tuple[ToldRow, ...]:
    """Every row of ``matrix``, in its order."""
    words = Words(language)
    return tuple(
        ToldRow(
            heading(_HEADINGS[row.section], language),
            row.kind,
            kind_called(row.kind).kind_name_in(language),
            str(words.of("matrix", "of").format(n=len(row.cells), all=len(matrix.versions))),
            {name: tuple(told(cell, words) for cell in cells) for name, cells in row.cells.items()},
        )
        for row in matrix.rows
    )


def told_changes(before: Matrix, after: Matrix, language: Language) -> tuple[ToldChange, ...]:
    """What differs between two days, offering by offering, in the matrix's order."""
    words = Words(language)
    found = []
    for row in differences(before, after):
        for offering, sides in row.cells.items():
            first, second = (tuple(told(cell, words) for cell in side) for side in sides)
            same = [one.brief for one in first] == [one.brief for one in second]
            old, new = _side(first, full=same), _side(second, full=same or not first)
            name = kind_called(row.kind).kind_name_in(language)
            found.append(ToldChange(offering, row.kind, name, old, new))
    order = list(before.versions)
    return tuple(sorted(found, key=lambda change: order.index(change.offering)))


def _side(cells: Sequence[Told], *, full: bool) -> tuple[str, ...]:
    return tuple(f"{cell.brief}: {cell.says}" if full else cell.brief for cell in cells)


def told(cell: Cell, words: Words) -> Told:
    """``cell`` in words."""
    rule, language = cell.rule, words.language
    place = f"{cell.place}{'+' if cell.part else ''}" if cell.place else ""
    amount = rule.amount_in(language)
    brief = ": ".join(text for text in (place, amount) if text) or str(words("yes"))
    return Told(
        id=rule.id,
        title=rule.title.in_(language),
        place=place,
        brief=brief + ("*" if rule.assumptions else ""),
        says=rule.text_in(language),
        source=rule.source and citation(rule.source, language),
        assumed=tuple(made.why.in_(language) for made in rule.assumptions.values()),
    )
