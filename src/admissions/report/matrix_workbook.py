"""The matrix as a workbook: what counts where, what differs on another day, the rules in full."""

from __future__ import annotations

from collections.abc import Mapping

from admissions.model.vocabulary import Language
from admissions.report.matrix import told_changes, told_rows
from admissions.report.matrix_tables import cells_of, difference_table, full_table, matrix_table
from admissions.report.words import Words
from admissions.report.workbook import workbook_bytes
from admissions.rulebooks.matrix import Matrix
from admissions.rulebooks.rulebook import Rulebook


def matrix_workbook(
    rulebooks: Mapping[str, Rulebook],
    matrix: Matrix,
    against: Matrix | None,
    language: Language,
) -> bytes:
    """An .xlsx with the sheets ``matrix``, ``difference`` (where asked for) and ``rules``."""
    words = Words(language)
    rows = told_rows(matrix, language)
    names = {name: f"{b.programme.in_(language)}, {b.site}" for name, b in rulebooks.items()}
    absent = words.of("matrix", "not-offered")
    heads = {
        "section": str(words.of("matrix", "caption").format(date=words.date(matrix.day))),
        "before": str(matrix.day),
        "name": "",
        **{name: name if v else f"{name} ({absent})" for name, v in matrix.versions.items()},
    }
    tables = [matrix_table(matrix, rows).flat("section")]
    if against is not None:
        heads["after"] = str(against.day)
        changes = told_changes(matrix, against, language)
        tables.append(difference_table(changes, {name: name for name in names}, words))
    tables.append(full_table(matrix, rows, names))
    return workbook_bytes([], tables, cells_of(heads, words))
