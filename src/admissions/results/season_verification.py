"""A season replayed from its files: its calls made again, and every promise checked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from admissions.model.vocabulary import Language
from admissions.report.call import TO_FILL
from admissions.results.files import sha256_of
from admissions.results.season import (
    SIGN,
    STATE,
    certificate_bytes,
    decision_language,
    read_season,
)
from admissions.results.season_calls import (
    OFFERS_WORKBOOK,
    Call,
    call_files,
    forced_by,
    promises_of,
    told_files,
    try_call,
)
from admissions.results.season_tables import rows_of
from admissions.season import events as event_rows
from admissions.season.season import Season, published
from admissions.verification import Property
from admissions.verification.property import Noted
from admissions.verification.published import CERTIFICATE


def verify_season(place: Path) -> tuple[Property, ...]:
    """O1 to O8 of the season in ``place``, from its files; calls are made again and compared."""
    season = read_season(place)
    text = (place / SIGN).read_text(encoding="utf-8-sig")
    broken = event_rows.broken_link(text, season.sealed)
    told = rows_of((place / STATE).read_text(encoding="utf-8-sig"))
    last = place / f"call-{season.standing.call}"
    reports = json.loads(certificate_bytes(last))["solvers"]
    found = list(promises_of(season, broken, told, forced_by(reports)))
    faults = [*_calls_again(season, place)]
    if faults:
        fifth = next(n for n, one in enumerate(found) if one.id == "O5")
        old = found[fifth]
        counted = {**old.counted, "broken": old.counted["broken"] + len(faults)}
        found[fifth] = Property(old.id, old.statement, False, counted, (*old.exceptions, *faults))
    return tuple(found)


def _calls_again(season: Season, place: Path) -> Iterable[str]:
    """What is not as it would be if the calls were made again from the events."""
    at = replace(season, events=season.events[:1], offers={}, certificates={})
    for event in season.events[1:]:
        if event.event != "call":
            at = at.with_events([event])
            continue
        call = try_call(at, event.on, event.by)
        folder = place / f"call-{event.call}"
        for name, data in call_files(call, event.on).items():
            path = folder / name
            if not path.is_file() or _canonical(name, path.read_bytes()) != _canonical(name, data):
                yield Noted("other-call", file=f"call-{event.call}/{name}")
        for name in _told_otherwise(folder, call, event.on, decision_language(place)):
            yield Noted("other-call", file=f"call-{event.call}/{name}")
        certificate = sha256_of(certificate_bytes(folder))
        at = published(call.before, call.offers, event.on, certificate, event.by)


def _told_otherwise(folder: Path, call: Call, on: dt.date, language: Language) -> Iterable[str]:
    """The pages and workbooks of a call that are not as its certificate has them.

    Offices answer in the workbook where it lies: filled in, it is to be as made but for that.
    """
    stated = json.loads(certificate_bytes(folder)).get("told", {})
    for name, sha256 in stated.items():
        path = folder / name
        found = path.read_bytes() if path.is_file() else None
        if found is None or (
            sha256_of(found) != sha256
            and not (name == OFFERS_WORKBOOK and _filled_in(found, call, on, language))
        ):
            yield name


def _filled_in(found: bytes, call: Call, on: dt.date, language: Language) -> bool:
    """Whether the workbook is the call's, with nothing else changed than the answers in it."""
    from admissions.results.workbook_again import cells_wrong

    made = told_files(call, on, language)[OFFERS_WORKBOOK]
    return not any(cells_wrong(OFFERS_WORKBOOK, made, found, TO_FILL))


def _canonical(name: str, data: bytes) -> object:
    """A certificate of another version of the program may differ in that; else the bytes.

    What it states of pages and workbooks is held against these: another version words them anew.
    """
    if name != CERTIFICATE:
        return data
    table = json.loads(data)
    table.pop("program", None)
    table.pop("told", None)
    return table
