"""What must hold between the rows of one table and between tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.intake import cells
from admissions.intake.findings import Findings
from admissions.intake.grid import UNREADABLE, Texts
from admissions.intake.typed import Typed, read_values
from admissions.model import hundredths
from admissions.model.fact import Fact
from admissions.model.facts_of_person import ASSESSED, PERSON
from admissions.model.hundredths import NOT_DOCUMENTED, REST
from admissions.model.messages import Message, message
from admissions.model.vocabulary import VOCABULARIES

Positions = NDArray[np.intp]

SKIPPED = -2
"""Stands for an empty or unreadable cell among positions; -1 is one that names nothing known."""


def positions(typed: Typed, name: str, known: pd.Index) -> Positions:
    """Where each text of the column ``name`` stands in ``known``: -1 nowhere, or ``SKIPPED``."""
    if name not in typed.texts:
        return np.full(len(typed), SKIPPED)
    texts = typed.texts[name]
    found = known.get_indexer(pd.Index(texts.uniques, dtype=object))
    found[~texts.usable_uniques()] = SKIPPED
    return found[texts.codes]


def keys(typed: Typed, name: str) -> pd.Index | None:
    """The different texts of the key column ``name``; None when they cannot be known."""
    if typed.broken or (typed.present and name not in typed.texts):
        return None
    if name not in typed.texts:
        return pd.Index([], dtype=object)
    texts = typed.texts[name]
    usable = [text for text in texts.uniques if text not in ("", UNREADABLE)]
    return pd.Index(usable, dtype=object)


def refuse_empty(typed: Typed, findings: Findings) -> None:
    """An error for a table that is there and has no row."""
    if typed.present and not typed.broken and not len(typed):
        findings.error(typed.file, message("intake.no-rows"))


def refuse_repeats(
    typed: Typed,
    key: NDArray[Any],
    usable: NDArray[np.bool_],
    name: str,
    code: str,
    findings: Findings,
) -> NDArray[np.bool_]:
    """An error at each usable row whose ``key`` stands in a row above; True there, shape (n,).

    ``code``: of the message, which takes ``row``, the first row with that key, and ``name``.
    """
    places = np.flatnonzero(usable)
    later = places[pd.Series(key[places]).duplicated().to_numpy()]
    repeated = np.zeros(len(typed), np.bool_)
    if len(later):
        repeated[later] = True
        first = dict(
            zip(key[places[::-1]].tolist(), typed.rows[places[::-1]].tolist(), strict=True)
        )
        texts = [message(code, row=first[k], name=name) for k in key[later].tolist()]
        typed.complain(findings, later, name, texts)
    return repeated


def refuse_unknown(
    typed: Typed,
    name: str,
    known: pd.Index | None,
    where: str | Message,
    findings: Findings,
) -> None:
    """An error at each row whose ``name`` is not in ``known`` (all are accepted when None).

    Such a cell is ``UNREADABLE`` from then on.
    """
    if known is None:
        return
    unknown = np.flatnonzero(positions(typed, name, known) == -1)
    if not len(unknown):
        return
    alike = {str(text).lstrip("0").casefold(): str(text) for text in known}
    expected = []
    for text in typed.texts[name].at(unknown):
        other = alike.get(text.lstrip("0").casefold())
        expected.append(message("intake.one-in", where=where, close=other))
    typed.complain(findings, unknown, name, expected)
    texts = typed.texts[name]
    for code in set(texts.codes[unknown].tolist()):
        texts.uniques[code] = UNREADABLE


def refuse_unknown_offerings(
    typed: Typed, offerings: Collection[str], chosen: Collection[str] | None, findings: Findings
) -> None:
    """An error at each row whose offering does not exist, or is not in the round's list."""
    if "offering_id" not in typed.texts:
        return
    texts = typed.texts["offering_id"]
    known = sorted(offerings)
    expected: dict[int, Message] = {}
    for code in np.flatnonzero(texts.usable_uniques()).tolist():
        text = texts.uniques[code]
        if text not in offerings:
            expected[code] = cells.one_of(text, known)
        elif chosen is not None and text not in chosen:
            expected[code] = message("intake.offering-in-round", chosen=tuple(chosen))
    if expected:
        places = np.flatnonzero(np.isin(texts.codes, list(expected)))
        wrong = [expected[code] for code in texts.codes[places].tolist()]
        typed.complain(findings, places, "offering_id", wrong)


def check_applicants(typed: Typed, findings: Findings) -> None:
    """One row a person, and a service for everybody in municipal child welfare."""
    if "person_id" in typed.texts:
        refuse_repeats(
            typed,
            typed.texts["person_id"].codes,
            typed.usable("person_id"),
            "person_id",
            "intake.person-twice",
            findings,
        )
    municipal = typed.columns["sector"] == VOCABULARIES["sector"].index("municipal")
    municipal &= typed.usable("sector")
    without = np.flatnonzero(municipal & ~typed.given["service_id"])
    expected = message("intake.service-of-municipal")
    typed.complain(findings, without, "service_id", [expected] * len(without))
    read_grades(typed, findings)


def read_grades(typed: Typed, findings: Findings) -> None:
    """Puts each grade (hundredths, -1) and its companions among the columns."""
    for fact in (fact for fact in PERSON if fact.kind == "grade" and fact.name in typed.texts):
        _read_grade(typed, fact, findings)


def _read_grade(typed: Typed, fact: Fact, findings: Findings) -> None:
    texts = typed.texts[fact.name]
    scale = next(column.name for column in ASSESSED if column.explains == fact.name)
    old = typed.columns.get(scale, np.zeros(len(typed), np.int8)) == 1
    grades = np.zeros(len(typed), np.int64)
    sides: tuple[tuple[NDArray[np.bool_], Callable[[str], cells.CellRead]], ...] = (
        (~old, cells.grade),
        (old, cells.old_grade),
    )
    for side, reader in sides:
        if side.any():
            part = read_values(typed, fact.name, texts.where(side), reader, findings)
            grades[side] = part[side]
    whole, rest = np.divmod(grades, REST)
    number = grades > 0
    typed.columns |= {
        fact.name: np.where(number, whole, NOT_DOCUMENTED),
        fact.passed: grades == cells.PASSED_GRADE,
        fact.rest: np.where(number, rest, 0),
        fact.old: _old_marks(texts, old & number),
    }
    typed.given |= dict.fromkeys(fact.companions, typed.given[fact.name])
    converted = int(np.count_nonzero(old & number))
    if converted:
        findings.note(
            typed.file,
            message("intake.old-grades", count=converted),
            column=typed.header(fact.name),
        )


def _old_marks(texts: Texts, converted: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The marks that were ``converted``, in hundredths as the file states them; -1 elsewhere."""
    marks = np.full(len(converted), NOT_DOCUMENTED, np.int64)
    for row in np.flatnonzero(converted).tolist():
        marks[row] = hundredths.from_text(texts.uniques[texts.codes[row]])[0]
    return marks


def check_applications(typed: Typed, findings: Findings, wishes: Typed | None = None) -> None:
    """Each application once, and no two equal preferences for one person.

    Whoever has ``wishes`` of their own may have equal ones here.
    """
    if not {"person_id", "offering_id"} <= typed.texts.keys():
        return
    person, offering = typed.texts["person_id"], typed.texts["offering_id"]
    usable = typed.usable("person_id")
    twice = refuse_repeats(
        typed,
        person.codes * len(offering.uniques) + offering.codes,
        usable & typed.usable("offering_id"),
        "offering_id",
        "intake.application-twice",
        findings,
    )
    preference = typed.columns["preference"]
    if wishes is not None and "person_id" in wishes.texts:
        usable &= ~np.isin(person.values(), wishes.texts["person_id"].values())
    refuse_repeats(
        typed,
        person.codes * (1 + int(preference.max(initial=0))) + preference,
        usable & (preference > 0) & ~twice,
        "preference",
        "intake.preference-twice",
        findings,
    )


def check_leader_preferences(
    typed: Typed, applicants: Typed, people: pd.Index | None, findings: Findings
) -> None:
    """Within one service's list for an offering, each person and each rank once; own staff only."""
    if not {"service_id", "person_id"} <= typed.texts.keys():
        return
    person, rank = typed.texts["person_id"], typed.columns["rank"]
    lists, usable = _lists(typed)
    twice = refuse_repeats(
        typed,
        lists * len(person.uniques) + person.codes,
        usable & typed.usable("person_id"),
        "person_id",
        "intake.listed-twice",
        findings,
    )
    refuse_repeats(
        typed,
        lists * (1 + int(rank.max(initial=0))) + rank,
        usable & (rank > 0) & ~twice,
        "rank",
        "intake.rank-twice",
        findings,
    )
    if people is None:
        return
    found = positions(typed, "person_id", people)
    named = np.flatnonzero((found >= 0) & usable)
    services: Mapping[str, str] = dict(
        zip(applicants.columns["person_id"], applicants.columns["service_id"], strict=True)
    )
    others = {
        place: services[who] or "no service"
        for place, who in zip(named.tolist(), person.at(named), strict=True)
        if services[who] not in (typed.columns["service_id"][place], UNREADABLE)
    }
    expected = [message("intake.own-staff", service=s) for s in others.values()]
    typed.complain(findings, np.array(list(others), np.intp), "person_id", expected)


def _lists(typed: Typed) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A number for each row's (service, offering), and where both can be read."""
    codes, services = typed.texts["service_id"].codes, typed.usable("service_id")
    if "offering_id" not in typed.texts:
        return codes.astype(np.int64), services
    offering = typed.texts["offering_id"]
    empty = ~typed.given["offering_id"]
    any_offering = len(offering.uniques) - 1
    lists = codes * (any_offering + 1) + np.where(empty, any_offering, offering.codes)
    return lists, services & (empty | typed.usable("offering_id"))


def check_key(typed: Typed, name: str, findings: Findings) -> None:
    """One row for each value of the key column ``name``."""
    if name in typed.texts:
        codes, usable = typed.texts[name].codes, typed.usable(name)
        refuse_repeats(typed, codes, usable, name, "intake.key-twice", findings)


def check_services_known(services: Typed, tables: tuple[Typed, ...], findings: Findings) -> None:
    """Every service that somebody names is in ``services``."""
    if not services.broken and not len(services):
        for typed in tables:
            named = np.flatnonzero(typed.usable("service_id"))
            if len(named):
                findings.error(
                    services.file,
                    message("intake.services-named", file=typed.file, row=typed.rows[named[0]]),
                )
                return
    known = keys(services, "service_id")
    for typed in tables:
        refuse_unknown(typed, "service_id", known, services.file, findings)


def check_municipality_numbers(tables: tuple[Typed, ...], findings: Findings) -> None:
    """Municipality numbers have four digits: a zero in front is easily lost."""
    for typed in tables:
        if "municipality_no" not in typed.texts:
            continue
        texts = typed.texts["municipality_no"]
        wrong = {
            code: message("intake.municipality-number", maybe=_with_zero(texts.uniques[code]))
            for code in np.flatnonzero(texts.usable_uniques()).tolist()
            if not _FOUR_DIGITS.fullmatch(texts.uniques[code])
        }
        places = np.flatnonzero(np.isin(texts.codes, list(wrong)))
        said = [wrong[code] for code in texts.codes[places].tolist()]
        typed.complain(findings, places, "municipality_no", said)
        for code in wrong:
            texts.uniques[code] = UNREADABLE


_FOUR_DIGITS = re.compile("[0-9]{4}")


def _with_zero(text: str) -> str | None:
    number = text.removesuffix(".0")
    return number.zfill(4) if number.isdecimal() and len(number) == 3 else None


def check_own_municipalities(
    applicants: Typed,
    applications: Typed,
    services: Typed,
    municipalities: Typed,
    findings: Findings,
) -> None:
    """Another number than one's service's must be one of those listed in ``municipalities``.

    A service can be shared by several municipalities: then that table says which there are.
    """
    listed = keys(municipalities, "municipality_no")
    ids = pd.Index(services.columns["service_id"], dtype=object)
    if not len(services) or not ids.is_unique or listed is None or len(listed):
        return
    service = positions(applicants, "service_id", ids)
    numbers = np.append(services.columns["municipality_no"], "")
    of_person = numbers[np.maximum(service, -1)]
    _refuse_other_numbers(applicants, of_person, municipalities, findings)
    known = pd.Index(applicants.columns["person_id"], dtype=object)
    if "municipality_no" in applications.texts and known.is_unique:
        person = positions(applications, "person_id", known)
        of_application = np.append(of_person, "")[np.maximum(person, -1)]
        _refuse_other_numbers(applications, of_application, municipalities, findings)


def _refuse_other_numbers(
    typed: Typed, expected: NDArray[np.object_], municipalities: Typed, findings: Findings
) -> None:
    own, usable = typed.columns["municipality_no"], typed.usable("municipality_no")
    others = np.flatnonzero(usable & (own != expected) & (expected != ""))
    said = [
        message("intake.other-municipality", number=number, file=municipalities.file)
        for number in expected[others].tolist()
    ]
    typed.complain(findings, others, "municipality_no", said)


def check_municipalities_known(
    municipalities: Typed, tables: tuple[Typed, ...], findings: Findings
) -> None:
    """Every municipality that is named is in ``municipalities``, when that table has rows."""
    if len(municipalities):
        known = keys(municipalities, "municipality_no")
        for typed in tables:
            refuse_unknown(typed, "municipality_no", known, municipalities.file, findings)


def check_leader_groups(typed: Typed, services: Typed, findings: Findings) -> None:
    """One row for each service and offering; no group larger than the service can spare.

    That such a wish can cost somebody the seat is noted once.
    """
    if "service_id" not in typed.texts or "offering_id" not in typed.texts:
        return
    lists, usable = _lists(typed)
    refuse_repeats(
        typed,
        lists,
        usable,
        "offering_id",
        "intake.group-twice",
        findings,
    )
    spare = dict(
        zip(services.columns["service_id"], services.columns["max_students"].tolist(), strict=True)
    )
    limits = np.array([spare.get(s, -1) for s in typed.columns["service_id"]], np.int64)
    above = np.flatnonzero((limits >= 0) & (typed.columns["at_least"] > limits))
    expected = [message("intake.at-most-students", most=int(n)) for n in limits[above]]
    typed.complain(findings, above, "at_least", expected)
    if len(limits):
        findings.note(typed.file, message("intake.groups-can-cost", count=len(limits)))
