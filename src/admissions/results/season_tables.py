"""The tables of a season: its state, the offers and chains of a call, where it stands."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.report.cells import Cells
from admissions.report.words import Words
from admissions.report.workbook import workbook_bytes
from admissions.season.chains import COLUMNS as CHAIN_COLUMNS
from admissions.season.chains import Link
from admissions.season.season import Season
from admissions.season.standing import Offer, Standing
from admissions.season.status import status_of

STATE_COLUMNS = (
    "person_id", "offering_id", "preference", "state", "deadline", "waiting_number",
)  # fmt: skip


OFFER_COLUMNS = ("person_id", "offering_id", "event")


def state_table(standing: Standing) -> OutputTable:
    """``state.csv``: a row an application, by person and preference."""
    ordered = sorted(standing.applications.values(), key=lambda o: (o.person_id, o.preference))
    rows = (
        (
            one.person_id, one.offering_id, one.preference, one.state.value,
            one.deadline.isoformat() if one.deadline else None, one.waiting_number or None,
        )
        for one in ordered
    )  # fmt: skip
    return _table("state", STATE_COLUMNS, rows)


def offers_table(offers: Iterable[Offer]) -> OutputTable:
    """``offers.csv``: a row an offer that the call makes, or that an event made since the last."""
    rows = ((one.person_id, one.offering_id, one.event) for one in offers)
    return _table("offers", OFFER_COLUMNS, rows)


def chains_table(links: Iterable[Link]) -> OutputTable:
    """``chains.csv``: a row a step."""
    return _table("chains", CHAIN_COLUMNS, (link.row() for link in links))


def _table(name: str, columns: Sequence[str], rows: Iterable[tuple[Value, ...]]) -> OutputTable:
    return OutputTable(name, tuple(OutputColumn(one, "text") for one in columns), tuple(rows))


def status_workbook(season: Season, language: Language) -> bytes:
    """The status as a workbook: a row an offering."""
    said = words("season", language)
    names = ("seats", "out", "yes", "no", "silent", "free")
    columns = (
        OutputColumn("offering", "text"),
        *(OutputColumn(name, "count") for name in names),
        OutputColumn("next", "text"),
    )
    rows = ((offering, *asdict(one).values()) for offering, one in status_of(season).items())
    heads = {column.name: said[f"columns.{column.name}"] for column in columns}
    table = OutputTable("status", columns, tuple(rows))
    return workbook_bytes([], [table], Cells(Words(language), {}, heads))


def rows_of(text: str) -> list[dict[str, Any]]:
    """The rows of a CSV text by column name."""
    return list(csv.DictReader(io.StringIO(text)))
