"""The round as it is now: its files with every correction in them, and who came late."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping

from admissions.intake import read_round
from admissions.intake.writing import round_texts
from admissions.model.errors import UsageError
from admissions.model.messages import message
from admissions.model.output_table import csv_text
from admissions.model.round import Round
from admissions.season.events import Event


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
            texts = with_fact(texts, event.person_id, event.detail["fact"], event.detail["new"])
    files = {name: text.encode() for name, text in texts.items()}
    return read_round(files, offerings=round_.offerings)


def changes_facts(event: Event) -> bool:
    """Whether ``event`` changes what the round's files say."""
    corrected = event.event in ("correct", "appeal-upheld") and "fact" in event.detail
    return corrected or event.event == "late-application"


def with_fact(texts: Mapping[str, str], person: str, fact: str, value: str) -> dict[str, str]:
    """The files ``texts`` with another value of one fact of ``person``.

    Raises UsageError for a fact that no file of persons has.
    """
    header, rows = _table(texts["applicants.csv"])
    if fact not in header or fact == "person_id":
        known = [name for name in header if name != "person_id"]
        raise UsageError(message("season.no-such-fact", fact=fact, known=known))
    place, who = header.index(fact), header.index("person_id")
    for row in rows:
        if row[who] == person:
            row[place] = value
    return {**texts, "applicants.csv": csv_text(header, rows)}


def stated(texts: Mapping[str, str], person: str, fact: str) -> str:
    """What the files state of ``fact`` for ``person``; "" where they state nothing."""
    header, rows = _table(texts["applicants.csv"])
    row = next(row for row in rows if row[header.index("person_id")] == person)
    return row[header.index(fact)] if fact in header else ""


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
        header, rows = _table(texts["applicants.csv"])
        header += [name for name in facts if name not in header]
        rows = [[*row, *[""] * (len(header) - len(row))] for row in rows]
        rows.append([str({**facts, "person_id": person}.get(name, "")) for name in header])
        found["applicants.csv"] = csv_text(header, rows)
    header, rows = _table(texts["applications.csv"])
    own = {"person_id": person, "offering_id": offering, "preference": str(preference)}
    rows.append([own.get(name, "") for name in header])
    found["applications.csv"] = csv_text(header, rows)
    return found


def _table(text: str) -> tuple[list[str], list[list[str]]]:
    header, *rows = csv.reader(io.StringIO(text))
    return header, rows
