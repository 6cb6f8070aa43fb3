"""What is agreed of each service's own staff: all that its leader's pages are made of.

It changes with the service's own staff alone. Of whom parts say different things stands what they
last said alike, so that no clash of others' touches a leader; and it lies by itself, so that it
takes the same time to read whatever others upload.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from admissions.intake.merging import Clash, Merged, Row, Tables, tables_of, texts_of
from admissions.model.tables import (
    APPLICANTS,
    APPLICATIONS,
    LEADER_GROUPS,
    LEADER_PREFERENCES,
    MUNICIPALITIES,
    SERVICES,
)
from admissions.results.files import packed, unpacked
from admissions_api.clock import stamp
from admissions_api.store import put_blob
from admissions_api.store.agreed_tables import StaffRow
from admissions_api.store.engine import ErasedError
from admissions_api.store.tables import Blob

_OF_SERVICE = (LEADER_PREFERENCES.name, LEADER_GROUPS.name)


def staff_known_by(
    session: Session, round_id: str, service_id: str
) -> tuple[str, str | None] | None:
    """By what the agreed staff of a service is known; None where nobody of it has applied.

    The name of what is stored, and as what it stands since somebody was erased from it.
    """
    row = session.execute(
        select(StaffRow.sha256, Blob.stands_as)
        .join(Blob, Blob.sha256 == StaffRow.sha256)
        .where(StaffRow.round_id == round_id, StaffRow.service_id == service_id)
    ).one_or_none()
    return None if row is None else (row.sha256, row.stands_as)


def staff_files(session: Session, round_id: str, service_id: str) -> dict[str, bytes] | None:
    """The files of the agreed staff of a service, by name; None where nobody of it has applied.

    Raises ErasedError where they are erased.
    """
    stored = select(Blob.data, Blob.stands_as).join(StaffRow, Blob.sha256 == StaffRow.sha256)
    own = (StaffRow.round_id == round_id, StaffRow.service_id == service_id)
    row = session.execute(stored.where(*own)).one_or_none()
    if row is not None and row.stands_as == "":
        raise ErasedError
    return None if row is None else unpacked(row.data)


def stored_staffs(session: Session, round_id: str) -> dict[str, bytes]:
    """What is stored of each service's staff, by service."""
    stored = select(StaffRow.service_id, Blob.data).join(Blob, Blob.sha256 == StaffRow.sha256)
    rows = session.execute(stored.where(StaffRow.round_id == round_id))
    return {service: data for service, data in rows}  # noqa: C416 - a row is no pair to mypy


def staff_contents(found: Merged, stored: Mapping[str, bytes]) -> dict[str, bytes]:
    """What is agreed of each service's staff now, as it is stored; ``stored``: what was before."""

    def earlier() -> dict[str, Tables]:
        return {service: tables_of(unpacked(data)) for service, data in stored.items()}

    staffs = staffs_of(found, earlier)
    return {service: packed(texts_of(tables)) for service, tables in staffs.items()}


def store_staffs(session: Session, round_id: str, contents: Mapping[str, bytes]) -> None:
    """Stores what is agreed of each service's staff, where it is not what is stored already.

    What it replaces goes: no row and no entry of the chain names it.
    """
    stored = stored_staffs(session, round_id)
    other = [service for service, data in stored.items() if contents.get(service) != data]
    own = (StaffRow.round_id == round_id, StaffRow.service_id.in_(other))
    replaced = session.scalars(select(StaffRow.sha256).where(*own)).all()
    session.execute(delete(StaffRow).where(*own))
    session.execute(delete(Blob).where(Blob.sha256.in_(replaced)))
    for service, content in contents.items():
        if stored.get(service) != content:
            sha256 = put_blob(session, content)
            session.add(StaffRow(round_id=round_id, service_id=service, sha256=sha256, at=stamp()))
    session.flush()


def staffs_of(found: Merged, earlier: Callable[[], Mapping[str, Tables]]) -> dict[str, Tables]:
    """The agreed rows by service.

    ``earlier`` gives those that were agreed before; it is asked only where something clashes.
    """
    before = earlier() if found.clashes else {}
    agreed = _Agreed(found, before)
    return {service: agreed.staff(service) for service in agreed.services()}


@dataclass(frozen=True)
class _Open:
    """What clashes: whose rows, and whose names, stay as they were."""

    persons: frozenset[str]
    services: frozenset[str]
    municipalities: frozenset[str]

    @classmethod
    def of(cls, clashes: Iterable[Clash]) -> _Open:
        every = list(clashes)
        return cls(
            frozenset(clash.person for clash in every if clash.person),
            frozenset(c.key[0] for c in every if c.table == SERVICES.name),
            frozenset(c.key[0] for c in every if c.table == MUNICIPALITIES.name),
        )


class _Agreed:
    def __init__(self, found: Merged, before: Mapping[str, Tables]) -> None:
        self._tables = found.tables
        self._open = _Open.of(found.clashes)
        self._before = before
        self._applicants = self._persons()
        self._applications: dict[str, list[Row]] = {}
        for row in found.tables[APPLICATIONS.name]:
            self._applications.setdefault(row["person_id"], []).append(row)
        self._services = {row["service_id"]: row for row in found.tables[SERVICES.name]}
        self._municipalities = {
            row["municipality_no"]: row for row in found.tables[MUNICIPALITIES.name]
        }

    def _persons(self) -> dict[str, dict[str, Row]]:
        """The applicants of each service: those agreed now, else as they were agreed before."""
        found: dict[str, dict[str, Row]] = {}
        for row in self._tables[APPLICANTS.name]:
            if row["person_id"] not in self._open.persons and row.get("service_id"):
                found.setdefault(row["service_id"], {})[row["person_id"]] = row
        there = {row["person_id"] for row in self._tables[APPLICANTS.name]}
        for service, tables in self._before.items():
            for row in tables[APPLICANTS.name]:
                if row["person_id"] in self._open.persons & there:
                    found.setdefault(service, {})[row["person_id"]] = row
        return found

    def services(self) -> list[str]:
        """The services of which somebody has applied."""
        return sorted(self._applicants)

    def staff(self, service: str) -> Tables:
        """The rows about one service and its own staff."""
        people = self._applicants[service]
        before = self._before.get(service, {})
        applications = [
            row
            for person in sorted(people)
            for row in (
                [r for r in before[APPLICATIONS.name] if r["person_id"] == person]
                if person in self._open.persons
                else self._applications.get(person, [])
            )
        ]
        own = self._row(SERVICES.name, "service_id", service, self._services, self._open.services)
        rows = [own, *people.values(), *applications]
        numbers = sorted({row["municipality_no"] for row in rows if row.get("municipality_no")})
        listed = [
            self._row(
                MUNICIPALITIES.name, "municipality_no", number, self._municipalities,
                self._open.municipalities, before,
            )
            for number in numbers
            if self._municipalities or any(n != own.get("municipality_no") for n in numbers)
        ]  # fmt: skip
        stated = {
            table: [
                row
                for row in self._tables.get(table, [])
                if row["service_id"] == service and row.get("person_id", None) in (None, *people)
            ]
            for table in _OF_SERVICE
        }
        return {
            APPLICANTS.name: [people[person] for person in sorted(people)],
            APPLICATIONS.name: applications,
            SERVICES.name: [own],
            MUNICIPALITIES.name: listed,
            **stated,
        }

    def _row(
        self,
        table: str,
        name: str,
        key: str,
        now: Mapping[str, Row],
        unsettled: frozenset[str],
        before: Mapping[str, list[Row]] | None = None,
    ) -> Row:
        """The row ``key`` as it is agreed: now, or before, or nothing but that it is there."""
        if key in now and key not in unsettled:
            return now[key]
        earlier = self._before.get(key, {}) if before is None else before
        for row in earlier.get(table, []):
            if row[name] == key:
                return row
        return {name: key}
