"""A season replayed from its files: its calls made again, and every promise checked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from admissions.model.errors import AdmissionsError, UsageError
from admissions.model.messages import message
from admissions.model.vocabulary import Language
from admissions.report.call import TO_FILL
from admissions.results.allocation import WORKBOOK, check_result
from admissions.results.files import sha256_of
from admissions.results.season import (
    SIGN,
    STATE,
    certificate_bytes,
    decision_language,
    first_season,
    is_season,
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
from admissions.verification.property import Noted, judged
from admissions.verification.published import CERTIFICATE
from admissions.verification.season import FIFTH


def verify_season(place: Path) -> tuple[Property, ...]:
    """O1 to O8 of the season in ``place``, from its files; calls are made again and compared.

    1. Every file is as its call's certificate has it, and the policy as it began. 2. The sealed
    decision holds of its own copy of the round. 3. The events are replayed. Where they cannot be,
    O5 alone is told of.
    """
    if not is_season(place):
        raise UsageError(message("season.no-season", place=str(place)))
    faults = [*_not_as_certified(place)]
    try:
        season = read_season(place)
        faults += _policy_edited(season, place)
        found, more = _replayed(season, place)
    except AdmissionsError as error:
        return (_fifth(None, [*faults, Noted("not-replayed", why=error.message)]),)
    faults += more
    return tuple(_fifth(one, faults) if one.id == "O5" and faults else one for one in found)


def cut_off(place: Path) -> list[str]:
    """Folders of calls that no event names: such a call was not finished, and is none."""
    rows = rows_of((place / SIGN).read_text(encoding="utf-8-sig")) if is_season(place) else []
    named = {"call-1", *(f"call-{row['call']}" for row in rows if row["event"] == "call")}
    return sorted(path.name for path in place.glob("call-*") if path.name not in named)


def _replayed(season: Season, place: Path) -> tuple[tuple[Property, ...], list[str]]:
    """The promises of the season, and what its calls and first decision are otherwise."""
    text = (place / SIGN).read_text(encoding="utf-8-sig")
    broken = event_rows.broken_link(text, season.sealed)
    told = rows_of((place / STATE).read_text(encoding="utf-8-sig"))
    last = place / f"call-{season.standing.call}"
    reports = json.loads(certificate_bytes(last))["solvers"]
    found = promises_of(season, broken, told, forced_by(reports))
    inputs = json.loads(certificate_bytes(place / "call-1"))["inputs"]
    copied = replace(season.round, sha256=inputs)
    sealed = check_result(copied, season.resolved, place / "call-1").properties
    wrong = [line for one in sealed if one.holds is False for line in one.exceptions]
    faults = [Noted("sealed-otherwise", said=line) for line in wrong]
    return found, [*faults, *_calls_again(season, place)]


def _fifth(found: Property | None, faults: Sequence[str]) -> Property:
    """O5 with ``faults`` beside what it has found."""
    had = found or judged("O5", FIFTH, broken=0, lines=[], events=0)
    counted = {**had.counted, "broken": had.counted["broken"] + len(faults)}
    return Property(had.id, had.statement, False, counted, (*faults, *had.exceptions))


def _not_as_certified(place: Path) -> Iterator[str]:
    """Files of a call that are not as its certificate states, and such as it does not know.

    Workbooks that offices fill in where they lie are compared cell by cell, later.
    """
    unfinished = cut_off(place)
    for folder in sorted(place.glob("call-*")):
        if folder.name in unfinished:
            continue
        try:
            certificate = json.loads(certificate_bytes(folder))
            stated, told = dict(certificate["files"]), dict(certificate.get("told", {}))
        except (ValueError, KeyError, UsageError):
            yield Noted("not-as-certified", file=f"{folder.name}/{CERTIFICATE}")
            continue
        for name, sha256 in stated.items():
            path = folder / name
            found = sha256_of(path.read_bytes()) if path.is_file() else None
            if found is None or (found != sha256 and name != WORKBOOK):
                yield Noted("not-as-certified", file=f"{folder.name}/{name}")
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*")
                 if path.is_file()}  # fmt: skip
        for name in sorted(there - {*stated, *told, CERTIFICATE}):
            yield Noted("not-certified", file=f"{folder.name}/{name}")


def _policy_edited(season: Season, place: Path) -> Iterator[str]:
    """The keys of the policy that are not as they were when the season began, or at its calls."""
    policies = [first_season(place / "call-1", season.events[0].on).policy.model_dump()]
    for number in season.certificates:
        stated = json.loads(certificate_bytes(place / f"call-{number}"))
        policies.append(stated.get("policy", policies[0]))
    now = season.policy.model_dump()
    plain = json.loads(json.dumps(now))
    keys = [key for key in now if any(_other(plain, one, key) for one in policies)]
    if keys:
        yield Noted("policy-edited", keys=tuple(keys))


def _other(now: Mapping[str, object], then: Mapping[str, object], key: str) -> bool:
    return json.dumps(now[key]) != json.dumps(then.get(key))


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
