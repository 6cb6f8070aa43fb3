"""From files to a ``Round``: read, check everything, stop at errors, put in canonical form."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from admissions.intake import checks
from admissions.intake.assessed import assessed_columns, take_wishes
from admissions.intake.contacts import check_contacts
from admissions.intake.findings import Findings
from admissions.intake.own_settings import check_offers, own_settings
from admissions.intake.plausibility import note_oddities
from admissions.intake.sources import Source, read_source
from admissions.intake.typed import Typed
from admissions.model.columns import Table
from admissions.model.facts_described import frame_columns
from admissions.model.files import Place
from admissions.model.messages import message
from admissions.model.round import Round
from admissions.model.tables import (
    APPLICANTS,
    APPLICATIONS,
    LEADER_GROUPS,
    LEADER_PREFERENCES,
    MUNICIPALITIES,
    OFFERINGS,
    SERVICES,
    WISHES,
)


def read_round(place: Place, *, offerings: Collection[str], contacts: bool = False) -> Round:
    """The round at ``place`` (the path of a folder or workbook, or its files), in canonical form.

    ``offerings`` are the ids of those that exist. Forgiving in form (encodings, delimiters,
    decimal signs, Norwegian words), strict in substance; what was forgiven is in ``Round.notes``.
    ``contacts``: whether those are checked too, which no round holds. Raises InputError with every
    error at once, and UsageError when there is no round at ``place``.
    """
    findings = Findings()
    source = read_source(place, offerings, findings, contacts=contacts)
    return checked_round(source, offerings, findings)


def checked_round(source: Source, offerings: Collection[str], findings: Findings) -> Round:
    """The round that ``source`` holds. Raises InputError with what is wrong, here or before."""
    if source.tables:
        _check(source, offerings, findings)
        note_oddities(source.tables, source.settings, findings)
    findings.stop_if_any()
    return _round(source, findings)


def _check(source: Source, offerings: Collection[str], findings: Findings) -> None:
    tables = source.tables
    applicants, applications = tables[APPLICANTS.name], tables[APPLICATIONS.name]
    services, municipalities = tables[SERVICES.name], tables[MUNICIPALITIES.name]
    preferences, groups = tables[LEADER_PREFERENCES.name], tables[LEADER_GROUPS.name]
    wishes, own = tables[WISHES.name], tables[OFFERINGS.name]
    for typed in (applicants, applications):
        checks.refuse_empty(typed, findings)
    checks.check_applicants(applicants, findings)
    checks.read_grades(applications, findings)
    checks.check_applications(applications, findings, wishes)
    checks.check_applications(wishes, findings)
    checks.check_key(services, "service_id", findings)
    checks.check_key(municipalities, "municipality_no", findings)
    checks.check_key(own, "offering_id", findings)
    check_offers(own, findings)
    placed = (applicants, applications, services, municipalities)
    checks.check_municipality_numbers(placed, findings)
    people = checks.keys(applicants, "person_id")
    for typed in (applications, wishes, preferences):
        checks.refuse_unknown(typed, "person_id", people, applicants.file, findings)
    checks.check_services_known(services, (applicants, preferences, groups), findings)
    checks.check_municipalities_known(municipalities, placed[:3], findings)
    checks.check_own_municipalities(applicants, applications, services, municipalities, findings)
    for typed in (applications, wishes, own, preferences, groups):
        checks.refuse_unknown_offerings(typed, offerings, source.settings.offerings, findings)
    take_wishes(applications, wishes, findings)
    checks.check_leader_preferences(preferences, applicants, people, findings)
    checks.check_leader_groups(groups, services, findings)
    if source.contacts is not None:
        check_contacts(source.contacts, applicants, findings)


def _round(source: Source, findings: Findings) -> Round:
    applicants = source.tables[APPLICANTS.name]
    applications = source.tables[APPLICATIONS.name]
    known = pd.Index(applicants.columns["person_id"], dtype=object)
    person = checks.positions(applications, "person_id", known)
    services = source.tables[SERVICES.name]
    _fill_municipalities(applicants, services)
    assessed = assessed_columns(applications, applicants, person)
    applications.columns |= assessed
    kept = _with_applications(applicants, person, findings)
    new_row = np.full(len(applicants), -1, np.int64)
    new_row[kept] = np.arange(len(kept))
    applications.columns["person"] = new_row[person]
    order = np.lexsort((applications.columns["preference"], applications.columns["person"]))
    preferences = _of_applicants(source.tables[LEADER_PREFERENCES.name], known, new_row, findings)
    applied = sorted(set(applications.columns["offering_id"]))
    return Round(
        settings=source.settings,
        offerings=tuple(sorted(source.settings.offerings or applied)),
        applicants=_frame(applicants, APPLICANTS).take(kept).reset_index(drop=True),
        given=pd.DataFrame(
            {name: applicants.given[name][kept] for name in _names(APPLICANTS)},
        ),
        applications=_frame(applications, APPLICATIONS, "person", *assessed)
        .take(order)
        .reset_index(drop=True),
        services=_sorted(services, SERVICES, "service_id"),
        municipalities=_sorted(
            source.tables[MUNICIPALITIES.name], MUNICIPALITIES, "municipality_no"
        ),
        leader_preferences=_sorted(
            preferences, LEADER_PREFERENCES, "service_id", "offering_id", "rank"
        ),
        leader_groups=_sorted(
            source.tables[LEADER_GROUPS.name], LEADER_GROUPS, "service_id", "offering_id"
        ),
        own=own_settings(source.tables[OFFERINGS.name]),
        notes=findings.notes,
        sha256=dict(sorted(source.sha256.items())),
        policy=source.policy,
        extra=_extra(applicants, applications, person, order),
    )


def _extra(
    applicants: Typed, applications: Typed, person: NDArray[np.intp], order: NDArray[np.intp]
) -> dict[str, NDArray[Any]]:
    """The offices' own columns, a text an application: its own before those of its person."""
    found = {name: texts.values()[person] for name, texts in applicants.extra.items()}
    found |= {name: texts.values() for name, texts in applications.extra.items()}
    return {name: values[order] for name, values in found.items()}


def _with_applications(
    applicants: Typed, person: NDArray[np.intp], findings: Findings
) -> NDArray[np.int64]:
    """The rows of those who applied, by person_id; the others are noted."""
    applied = np.zeros(len(applicants), np.bool_)
    applied[person] = True
    ids = applicants.columns["person_id"]
    for place in np.flatnonzero(~applied):
        findings.note(
            applicants.file,
            message("intake.no-applications-of"),
            row=int(applicants.rows[place]),
            column=applicants.header("person_id"),
            value=ids[place],
        )
    texts = ids.tolist()
    order = np.array(sorted(range(len(texts)), key=texts.__getitem__), np.int64)
    return order[applied[order]]


def _fill_municipalities(applicants: Typed, services: Typed) -> None:
    """Where no municipality is given, that of the service."""
    if not len(services):
        return
    known = pd.Index(services.columns["service_id"], dtype=object)
    service = checks.positions(applicants, "service_id", known)
    municipality = applicants.columns["municipality_no"]
    inherits = ~applicants.given["municipality_no"] & (service >= 0)
    municipality[inherits] = services.columns["municipality_no"][service[inherits]]


def _of_applicants(
    preferences: Typed, known: pd.Index, new_row: NDArray[np.int64], findings: Findings
) -> Typed:
    """The leaders' rows about people in the round; those about people kept out are noted."""
    found = checks.positions(preferences, "person_id", known)
    here = new_row[found] >= 0 if len(preferences) else np.zeros(0, np.bool_)
    for place in np.flatnonzero(~here):
        findings.note(
            preferences.file,
            message("intake.without-applications"),
            row=int(preferences.rows[place]),
            column=preferences.header("person_id"),
            value=preferences.columns["person_id"][place],
        )
    return preferences.take(here)


def _names(table: Table) -> list[str]:
    return list(frame_columns(table.columns))


def _frame(typed: Typed, table: Table, *more: str) -> pd.DataFrame:
    return pd.DataFrame({name: _series(typed.columns[name]) for name in (*_names(table), *more)})


def _series(column: NDArray[Any]) -> pd.Series:
    return pd.Series(column, dtype="str") if column.dtype == object else pd.Series(column)


def _sorted(typed: Typed, table: Table, *keys: str) -> pd.DataFrame:
    frame = _frame(typed, table)
    ordered = len(frame) < 2
    return frame if ordered else frame.sort_values(list(keys), kind="stable", ignore_index=True)
