"""The matrix as a page that opens offline."""

from __future__ import annotations

from collections.abc import Mapping

from admissions.model.output_table import CellLine, CellLines
from admissions.model.version import __version__
from admissions.model.vocabulary import Language
from admissions.report.matrix import told_changes, told_rows
from admissions.report.matrix_tables import cells_of, difference_table, headed, matrix_table
from admissions.report.page import render
from admissions.report.words import Words
from admissions.rulebooks.matrix import Matrix
from admissions.rulebooks.rulebook import Rulebook


def matrix_html(
    rulebooks: Mapping[str, Rulebook],
    matrix: Matrix,
    against: Matrix | None,
    language: Language,
) -> str:
    """The matrix as one page that opens offline, with what differs on another day, if asked."""
    words = Words(language)
    rows = told_rows(matrix, language)
    names = {name: (book.programme.in_(language), book.site) for name, book in rulebooks.items()}
    absent = str(words.of("matrix", "not-offered"))
    heads = {
        name: headed(*names[name], *([] if version else [absent]))
        for name, version in matrix.versions.items()
    }
    days = {"before": words.date(matrix.day)}
    if against is not None:
        days["after"] = words.date(against.day)
    changes = () if against is None else told_changes(matrix, against, language)
    called = {name: CellLines(*map(CellLine, parts)) for name, parts in names.items()}
    return render(
        "matrix.html",
        words,
        said=lambda key, **values: words(f"matrix.{key}", **values),
        date=days["before"],
        other=days.get("after"),
        versions=matrix.versions,
        names=names,
        cells=cells_of({**heads, **days}, words),
        table=matrix_table(matrix, rows),
        difference=difference_table(changes, called, words),
        full={
            name: {row.kind: row.cells[name] for row in rows if name in row.cells}
            for name in matrix.versions
        },
        made=words.of("matrix", "made").format(version=__version__),
    )
