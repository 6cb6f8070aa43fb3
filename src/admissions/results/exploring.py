"""An explored grid as files."""

from __future__ import annotations

from collections.abc import Iterator

from admissions.model.files import Files, MadeFiles
from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.report.exploring import exploring_html
from admissions.results.files import scenario_files
from admissions.results.simulation import with_error
from admissions.simulation.exploring import ExploredGrid

SIGN = "points.csv"
"""The file that tells an explored grid's folder from others."""

_NUMBERS = (
    "mean", "se", "p5", "p95", "difference", "difference_se", "difference_p5", "difference_p95",
)  # fmt: skip


def exploring_files(found: ExploredGrid, *, language: Language) -> Files:
    """The points as CSV, a page, and the base with its rules."""
    return MadeFiles(
        {
            SIGN: points_table(found).csv_file,
            "report.html": lambda: exploring_html(found, language).encode(),
            **scenario_files(found.grid.base),
        }
    )


def points_table(found: ExploredGrid) -> OutputTable:
    """A row a point and measure: the parameters, what it gives, and how far from the base."""
    columns = (
        OutputColumn("point", "count"),
        *(OutputColumn(name, "text") for name in found.grid.parameters),
        OutputColumn("best", "text"),
        *(OutputColumn(name, "text") for name in ("measure", "offering", "group")),
        *(OutputColumn(name, "decimal") for name in _NUMBERS),
    )
    return OutputTable("points", columns, tuple(_rows(found)))


def _rows(found: ExploredGrid) -> Iterator[tuple[Value, ...]]:
    marks = {True: "yes", False: "no", None: None}
    for number, point in enumerate(found.points, start=1):
        values = tuple(_text(value) for value in point.values)
        for name, key in found.grid.measures.items():
            of, apart = point.summaries[name], point.differences[name]
            yield (
                number, *values, marks[point.best], *key,
                *with_error(key, of), *with_error(key, apart),
            )  # fmt: skip


def _text(value: object) -> str:
    return " ".join(map(_text, value)) if isinstance(value, list) else str(value)
