"""What a result was made from: each file with its SHA-256, as every page and workbook tells it."""

from __future__ import annotations

from collections.abc import Mapping

from admissions.model.output_table import CellLine, CellLines, OutputColumn, OutputTable
from admissions.report.words import Words


def input_table(sha256: Mapping[str, str]) -> OutputTable:
    """A row a file: its SHA-256."""
    return OutputTable(
        "inputs",
        (OutputColumn("file", "text"), OutputColumn("sha256", "text", shown="digest")),
        tuple((name, CellLines(CellLine(digest, exact=True))) for name, digest in sha256.items()),
    )


def input_heads(words: Words) -> dict[str, str]:
    """The heads of ``input_table``."""
    return {"file": words("file"), "sha256": "SHA-256"}
