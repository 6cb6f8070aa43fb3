"""The command that shows what counts where."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from admissions.cli import options, render
from admissions.cli.language import say, spoken
from admissions.model.errors import UsageError
from admissions.model.messages import message

if TYPE_CHECKING:
    from admissions.model.vocabulary import Language
    from admissions.rulebooks.matrix import Matrix

HtmlPath = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page that opens offline.")
]
ExcelPath = Annotated[Path | None, typer.Option("--excel", metavar="FILE", help="Write an .xlsx.")]


def rules_matrix(
    date: options.DateOption = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="DATE", help="What differs on this day.")
    ] = None,
    html: HtmlPath = None,
    excel: ExcelPath = None,
    language: options.TerminalLanguage = None,
    json: options.Json = False,
) -> None:
    """Show what counts where, and how much: kinds of rules by offerings.

    Without --date: the day of the rules that the shipped scenarios use.

    Example: admissions rules matrix --date 2019-08-01 --against 2024-08-01
    """
    from admissions.rulebooks.known import known_rulebooks
    from admissions.rulebooks.matrix import matrix_on
    from admissions.rulebooks.scenario_files import load_scenario

    told = language or spoken()
    rulebooks = known_rulebooks()
    day = options.day(date) or load_scenario("current-2019").rules_on
    other = options.day(against)
    if day is None:
        raise UsageError(message("terminal.matrix-no-date"))
    matrix = matrix_on(rulebooks, day)
    second = None if other is None else matrix_on(rulebooks, other)
    if html is not None:
        from admissions.report.matrix_page import matrix_html

        html.write_text(matrix_html(rulebooks, matrix, second, told), encoding="utf-8")
    if excel is not None:
        from admissions.report.matrix_workbook import matrix_workbook

        excel.write_bytes(matrix_workbook(rulebooks, matrix, second, told))
    if json:
        render.as_json(_table(matrix, second, told))
        return
    if html is None and excel is None:
        _show(matrix, second, told)
    for written in (html, excel):
        if written is not None:
            typer.echo(say("wrote", file=written))


def _table(matrix: Matrix, against: Matrix | None, language: Language) -> dict[str, Any]:
    from dataclasses import asdict

    from admissions.report.matrix import told_changes, told_rows

    table: dict[str, Any] = {
        "date": matrix.day,
        "offerings": {name: v.id if v else None for name, v in matrix.versions.items()},
        "rows": [asdict(row) for row in told_rows(matrix, language)],
    }
    if against is not None:
        changes = told_changes(matrix, against, language)
        table |= {"against": against.day, "differences": [asdict(change) for change in changes]}
    return table


def _show(matrix: Matrix, against: Matrix | None, language: Language) -> None:
    from admissions.report.matrix import told_changes, told_rows
    from admissions.report.words import Words

    words = Words(language)

    def said(key: str, **values: object) -> str:
        return str(words(f"matrix.{key}", **values))

    columns = [name.replace("-", "-\n") for name in matrix.versions]
    for name, version in matrix.versions.items():
        if version is None:
            typer.echo(f"{name}: {said('not-offered')}, {words.date(matrix.day)}")
    rows = told_rows(matrix, language)
    cells: list[list[str]] = []
    for heading, kinds in groupby(rows, key=lambda row: row.section):
        blank = [""] * (len(columns) + 1)
        cells += [*([["", *blank]] if cells else []), [f"{heading}:", *blank]]
        for row in kinds:
            briefs = ["\n".join(c.brief for c in row.cells.get(n, ())) for n in matrix.versions]
            cells.append([row.name, row.counts, *briefs])
    head = (said("kind"), said("counts-at").replace(" ", "\n"), *columns)
    table = render.plain_table(None, head, cells)
    table.columns[0].min_width = 18
    render.show(table)
    typer.echo(said("legend"))
    if against is None:
        return
    days = {"date": words.date(matrix.day), "other": words.date(against.day)}
    changes = told_changes(matrix, against, language)
    if not changes:
        typer.echo(said("no-changes", **days))
        return
    cells = [
        [change.offering, change.name, "\n".join(change.before), "\n".join(change.after)]
        for change in changes
    ]
    head = (said("offering"), said("kind"), str(matrix.day), str(against.day))
    render.show(render.plain_table(said("changes-caption", **days), head, cells))
