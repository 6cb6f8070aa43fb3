"""Clashes in the store: since when they are there, and whose word the coordinator took."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.intake.merging import OF_WISHES, REGISTER, Chosen, Clash, Merged
from admissions.model.messages import message
from admissions.model.tables import SERVICES, WISHES
from admissions.model.vocabulary import Language
from admissions_api.clock import stamp
from admissions_api.institutions import institution_of
from admissions_api.store.agreed_tables import ClashRow

MOST_TOLD = 200
"""So many clashes an office is told one by one."""
_OTHERS = {REGISTER: "clashes.with-register", OF_WISHES: "clashes.with-wishes"}


def standing_clashes(session: Session, round_id: str) -> list[ClashRow]:
    """The clashes of the round, settled ones included, by number."""
    rows = select(ClashRow).where(ClashRow.round_id == round_id, ClashRow.ended_at.is_(None))
    return list(session.scalars(rows.order_by(ClashRow.number)))


def page_of_clashes(
    session: Session, round_id: str, offset: int, limit: int
) -> tuple[list[ClashRow], int]:
    """Some of the standing clashes by number, and how many there are in all."""
    standing = (ClashRow.round_id == round_id, ClashRow.ended_at.is_(None))
    total = session.scalar(select(func.count()).select_from(ClashRow).where(*standing)) or 0
    rows = select(ClashRow).where(*standing).order_by(ClashRow.number)
    return list(session.scalars(rows.offset(offset).limit(limit))), total


def chosen(session: Session, round_id: str) -> Chosen:
    """Whose word is taken, by the fingerprint of the clash."""
    return {
        row.fingerprint: row.taken
        for row in standing_clashes(session, round_id)
        if row.taken is not None
    }


def store_clashes(session: Session, round_id: str, found: Merged) -> None:
    """Stores what clashes now. One that is gone ends; should it come again, it is another."""
    standing = {row.fingerprint: row for row in standing_clashes(session, round_id)}
    now = {clash.fingerprint: clash for clash in (*found.clashes, *found.settled)}
    for fingerprint, row in standing.items():
        if fingerprint not in now:
            row.ended_at = stamp()
    last = select(func.max(ClashRow.number)).where(ClashRow.round_id == round_id)
    number = session.scalar(last) or 0
    for fingerprint, clash in now.items():
        if fingerprint not in standing:
            number += 1
            session.add(_row(round_id, number, clash))
    session.flush()


def _row(round_id: str, number: int, clash: Clash) -> ClashRow:
    return ClashRow(
        round_id=round_id,
        number=number,
        fingerprint=clash.fingerprint,
        table=clash.table,
        key=list(clash.key),
        column=clash.column,
        between=list(clash.between),
        at=stamp(),
    )


def of_institution(row: ClashRow, institution: str) -> bool:
    """Whether the clash concerns what ``institution`` uploaded, or should have."""
    if row.table == WISHES.name:
        return institution_of(row.key[1]) == institution
    return institution in row.between


def told_to_office(rows: Sequence[ClashRow], language: Language) -> list[str]:
    """What an office is told: that its part differs, and in what; never what another one says."""
    told = [_told(row, language) for row in rows[:MOST_TOLD]]
    more = len(rows) - len(told)
    return [*told, message("clashes.more", count=more).in_(language)] if more else told


def _told(row: ClashRow, language: Language) -> str:
    other = next((_OTHERS[name] for name in row.between if name in _OTHERS), "clashes.with-part")
    said = "clashes.not-in-part" if row.table == WISHES.name else other
    key = ", ".join(str(one) for one in row.key if one)
    return message("clashes.told", key=key, column=row.column, said=message(said)).in_(language)


def person_of(row: ClashRow) -> str:
    """Whom the clash is about, "" where it is about nobody."""
    return _clash(row).person


def service_of(row: ClashRow) -> str:
    """The service that the clash is about, "" where it is about something else."""
    return str(row.key[0]) if row.table == SERVICES.name else ""


def choices_of(row: ClashRow) -> list[str]:
    """Whose word can be taken."""
    return list(_clash(row).choices)


def _clash(row: ClashRow) -> Clash:
    return Clash(row.table, tuple(row.key), row.column, tuple(row.between), row.fingerprint)
