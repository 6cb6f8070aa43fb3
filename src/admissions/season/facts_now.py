"""The round as it is now: its files with every correction in them, and who came late."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.output_table import csv_text
from admissions.model.round import Round
from admissions.model.tables import APPLICATIONS
from admissions.season.events import Event

APPLICANTS_FILE, APPLICATIONS_FILE = "applicants.csv", "applications.csv"


def round_now(round_: Round, events: Iterable[Event]) -> Round:
    """``round_`` with the facts that ``events`` correct, and the applications that came late.

    The files are changed and read again, so that a fact is checked as any file's is. Raises
    InputError for what cannot be read.
    """
    changes = [event for event in events if changes_facts(event)]
    return read_again(round_, round_texts(round_), changes) if changes else round_


def read_again(round_: Round, texts: Mapping[str, str], changes: Iterable[Event]) -> Round:
    """The round that the files ``texts`` of ``round_`` hold when ``changes`` are made in them."""
    for event in changes:
        if event.event == "late-application":
            texts = with_application(
                texts, event.person_id, event.offering_id, event.detail["preference"],
                event.detail.get("facts"),
            )  # fmt: skip
        else:
            texts = with_fact(
                texts, event.person_id, event.detail["fact"], event.detail["new"],
                event.offering_id,
            )  # fmt: skip
    files = {name: text.encode() for name, text in texts.items()}
    return read_round(files, offerings=round_.offerings)


def changes_facts(event: Event) -> bool:
    """Whether ``event`` changes what the round's files say."""
    corrected = event.event in ("correct", "appeal-upheld") and "fact" in event.detail
    return corrected or event.event == "late-application"


def with_fact(
    texts: Mapping[str, str], person: str, fact: str, value: str, offering: str = ""
) -> dict[str, str]:
    """The files ``texts`` with another value of one fact of ``person``.

    At ``offering`` alone, as its office assesses it, where one is named.
    """
    file = _file(offering)
    header, rows = _table(texts[file])
    if fact not in header:
        header, rows = [*header, fact], [[*row, ""] for row in rows]
    for row in _rows_of(header, rows, person, offering):
        row[header.index(fact)] = value
    return {**texts, file: csv_text(header, rows)}


def stated(texts: Mapping[str, str], person: str, fact: str, offering: str = "") -> str:
    """What the files state of ``fact`` for ``person``, or as ``offering`` has assessed it.

    What an offering has not assessed is as the person states it; "" where nothing is stated.
    """
    header, rows = _table(texts[_file(offering)])
    row = _rows_of(header, rows, person, offering)[0]
    found = row[header.index(fact)] if fact in header else ""
    return found or (stated(texts, person, fact) if offering else "")


def refuse_assessed(texts: Mapping[str, str], person: str, fact: str, offering: str) -> None:
    """Raises UsageError where a correction of ``fact`` would not reach who uses it.

    A fact that an offering's office has assessed is corrected there; some facts are a person's
    alone, and assessed nowhere.
    """
    if offering:
        if fact not in (column.name for column in APPLICATIONS.more):
            raise UsageError(message("season.fact-of-the-person", fact=fact))
        return
    header, rows = _table(texts[APPLICATIONS_FILE])
    if fact in header:
        at, name = header.index(fact), header.index("offering_id")
        own = _rows_of(header, rows, person, "")
        assessed = [row[name] for row in own if row[at]]
        if assessed:
            raise UsageError(message("season.fact-assessed", fact=fact, offerings=assessed))


def _file(offering: str) -> str:
    """Where a fact stands: what an offering has assessed, in the file of applications."""
    return APPLICATIONS_FILE if offering else APPLICANTS_FILE


def _rows_of(
    header: Sequence[str], rows: Sequence[list[str]], person: str, offering: str
) -> list[list[str]]:
    who = header.index("person_id")
    return [
        row
        for row in rows
        if row[who] == person and (not offering or row[header.index("offering_id")] == offering)
    ]


def with_application(
    texts: Mapping[str, str],
    person: str,
    offering: str,
    preference: int,
    facts: Mapping[str, str] | None,
) -> dict[str, str]:
    """The files ``texts`` with one more application, and ``facts`` of a new person."""
    found = dict(texts)
    if facts is not None:
        header, rows = _table(texts[APPLICANTS_FILE])
        header += [name for name in facts if name not in header]
        rows = [[*row, *[""] * (len(header) - len(row))] for row in rows]
        rows.append([str({**facts, "person_id": person}.get(name, "")) for name in header])
        found[APPLICANTS_FILE] = csv_text(header, rows)
    header, rows = _table(texts[APPLICATIONS_FILE])
    own = {"person_id": person, "offering_id": offering, "preference": str(preference)}
    rows.append([own.get(name, "") for name in header])
    found[APPLICATIONS_FILE] = csv_text(header, rows)
    return found


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(text))
    return header, rows
