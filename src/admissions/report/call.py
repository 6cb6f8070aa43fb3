"""What a call of a season tells: a page for everybody in the office, a workbook of its offers."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from admissions.intake.answers import ANSWERS, WORDS
from admissions.model.output_table import OutputColumn, OutputTable
from admissions.model.vocabulary import Language
from admissions.model.words import words
from admissions.report.cells import Cells
from admissions.report.page import render
from admissions.report.public import public_offers
from admissions.report.words import Words
from admissions.season.chains import Link

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_CREATED = dt.datetime(2019, 8, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""Written as the workbook's date of making, so that the same offers have the same bytes."""

_COLUMNS = ("person_id", "offering_id", "offering", "event", "deadline", "answer", "answered_on")
_WIDTHS = {"offering": 44, "event": 34}
TO_FILL = (_COLUMNS.index("answer"), _COLUMNS.index("answered_on"))
"""The columns that whoever receives the workbook fills in, counted from 0."""


@dataclass(frozen=True)
class NewOffer:
    """One offer of a call: ``event`` as in ``offers.csv``; the last day to answer it."""

    person_id: str
    offering_id: str
    event: str
    deadline: dt.date | None


@dataclass(frozen=True)
class CallTold:
    """A call: its number and day, what expired before it, its offers and how seats went on.

    ``holds``: each promise's id and statement, and whether it holds. ``titles``: the offerings'
    names, by id, in order.
    """

    number: int
    on: dt.date
    expired: int
    offers: Sequence[NewOffer]
    steps: Sequence[Link]
    holds: Sequence[tuple[str, str, bool | None]]
    titles: Mapping[str, str]


def chain_sentences(steps: Sequence[Link], language: Language) -> Iterator[str]:
    """Each chain of the call as one sentence."""
    said = words("season", language)
    parts: list[str] = []
    for one in steps:
        names = {"person": one.person_id, "offering": one.offering_id, "gave_up": one.gave_up}
        if one.step == 0:
            if parts:
                yield " → ".join(parts)
            parts = [said[f"chain-freed.{one.became or 'unused'}"].format(**names)]
        else:
            parts.append(said["chain-moved" if one.gave_up else "chain-called"].format(**names))
    if parts:
        yield " → ".join(parts)


def call_page(told: CallTold, language: Language) -> str:
    """``report.html``: how the seats went on, who is offered what until when, the promises."""
    said = Words(language, "call")
    names = ("person_id", "offering", "event", "deadline", "promise", "statement", "kept")
    return render(
        "call.html",
        said,
        told=told,
        day=said.date,
        chains=list(chain_sentences(told.steps, language)),
        cells=Cells(said, {}, {name: said(f"columns.{name}") for name in names}),
        offers=_offer_table(told, said),
        promises=_promise_table(told, said),
    )


def public_call_page(told: CallTold, language: Language) -> str:
    """``report-public.html``: how many offers were made where, small numbers hidden; no person."""
    said = Words(language, "call")
    heads = {name: said(f"columns.{name}") for name in ("offering", "made", "promise", "statement",
                                                         "kept")}  # fmt: skip
    return render(
        "call-public.html",
        said,
        told=told,
        day=said.date,
        cells=Cells(said, {"offering": told.titles}, heads),
        made=public_offers(list(told.titles), [one.offering_id for one in told.offers]),
        promises=_promise_table(told, said),
    )


def _offer_table(told: CallTold, said: Words) -> OutputTable:
    """A row an offer: whose, where, what became of it, the last day to answer."""
    names = ("person_id", "offering", "event", "deadline")
    return OutputTable(
        "offers",
        tuple(OutputColumn(name, "text") for name in names),
        tuple(
            (
                one.person_id,
                told.titles[one.offering_id],
                said(f"event.{one.event}"),
                said.date(one.deadline) if one.deadline else "",
            )
            for one in told.offers
        ),
    )


def _promise_table(told: CallTold, said: Words) -> OutputTable:
    """A row a promise: what it says, and whether it holds."""
    return OutputTable(
        "promises",
        tuple(OutputColumn(name, "text") for name in ("promise", "statement", "kept")),
        tuple(
            (
                id_,
                said.of("promise", id_, statement),
                said("call-kept" if holds else "call-broken"),
            )
            for id_, statement, holds in told.holds
        ),
    )


def offers_workbook(told: CallTold, language: Language) -> bytes:
    """``offers.xlsx``: a sheet of all, then one an offering, with a column to answer in."""
    from xlsxwriter import Workbook

    from admissions.report.workbook import sheet_names

    decided = Words(language, "decisions")
    everything = decided("all").unescape()
    buffer = io.BytesIO()
    plain_text = {"strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(buffer, {"in_memory": True, **plain_text}) as book:
        book.set_properties({"created": _CREATED})
        offerings = [
            name for name in told.titles if any(o.offering_id == name for o in told.offers)
        ]
        names = sheet_names([everything, *offerings])
        _sheet(book, names[everything], told.offers, told.titles, language)
        for offering in offerings:
            own = [one for one in told.offers if one.offering_id == offering]
            _sheet(book, names[offering], own, told.titles, language)
    return buffer.getvalue()


def _sheet(
    book: Workbook,
    name: str,
    offers: Sequence[NewOffer],
    titles: Mapping[str, str],
    language: Language,
) -> None:
    said, decided = Words(language, "call"), Words(language, "decisions")
    sheet = book.add_worksheet(name)
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
    own = {column.name: column.title.in_(language) for column in ANSWERS.columns}
    own["offering"] = decided("columns.offering").unescape()
    for at, column in enumerate(_COLUMNS):
        title = own.get(column) or said(f"columns.{column}").unescape()
        sheet.write_string(0, at, title, head)
        sheet.set_column(at, at, _WIDTHS.get(column, 14), day if column == "answered_on" else None)
    for row, one in enumerate(offers, start=1):
        texts = (one.person_id, one.offering_id, titles[one.offering_id],
                 said(f"event.{one.event}").unescape())  # fmt: skip
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text)
        if one.deadline is not None:
            sheet.write_datetime(row, len(texts), dt.datetime.combine(one.deadline, dt.time()), day)
    if offers:
        at = _COLUMNS.index("answer")
        answers = [decided(f"answer.{word}").unescape() for word in WORDS]
        sheet.data_validation(1, at, len(offers), at, {"validate": "list", "source": answers})
        sheet.autofilter(0, 0, len(offers), len(_COLUMNS) - 1)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
