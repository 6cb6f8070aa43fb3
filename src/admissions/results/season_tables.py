"""The tables of a season: its state, the offers and chains of a call, where it stands."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import xlsxwriter

from admissions.model.output_table import OutputColumn, OutputTable, Value
from admissions.model.vocabulary import Language
from admissions.model.words import words
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
    names = ("offering", "seats", "out", "yes", "no", "silent", "free", "next")
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": dt.datetime(2000, 1, 1)})  # noqa: DTZ001 - the same bytes
        sheet = book.add_worksheet("status")
        sheet.write_row(0, 0, [said[f"columns.{name}"] for name in names])
        sheet.freeze_panes(1, 1)
        for number, (offering, one) in enumerate(status_of(season).items(), start=1):
            sheet.write_row(number, 0, [offering, *asdict(one).values()])
        sheet.autofit()
    return out.getvalue()


def rows_of(text: str) -> list[dict[str, Any]]:
    """The rows of a CSV text by column name."""
    return list(csv.DictReader(io.StringIO(text)))
