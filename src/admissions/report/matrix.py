"""What counts where, told in words: the rows of the matrix, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from admissions.explanation.citations import citation
from admissions.explanation.rulebook_words import heading
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.report.page import render
from admissions.report.words import Words
from admissions.rulebooks.matrix import SECTIONS, Cell, Matrix, Section, differences, kind_called
from admissions.rulebooks.rulebook import Rulebook

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


def matrix_html(
    rulebooks: Mapping[str, Rulebook],
    matrix: Matrix,
    against: Matrix | None,
    language: Language,
) -> str:
    """The matrix as one page that opens offline, with what differs on another day, if asked."""
    words = Words(language)
    rows = told_rows(matrix, language)
    full = {
        name: {row.kind: row.cells[name] for row in rows if name in row.cells}
        for name in matrix.versions
    }
    return render(
        "matrix.html",
        words,
        said=lambda key, **values: words.of("matrix", key).format(**values),
        date=words.date(matrix.day),
        other=None if against is None else words.date(against.day),
        versions=matrix.versions,
        names={name: (book.programme.in_(language), book.site) for name, book in rulebooks.items()},
        sections={
            title: [row for row in rows if row.section == title]
            for title in (heading(_HEADINGS[name], language) for name in SECTIONS)
        },
        changes=() if against is None else told_changes(matrix, against, language),
        full=full,
        made=words.of("matrix", "made").format(version=__version__),
    )
