"""Erasing: a person, or all persons of a round, from everything stored; the chain says that it was.

A blob keeps the name that the chain knows it by; what stands there now is named by another hash,
which the chain's entry of the erasure states. The salt of what was there is gone with it, so the
old name tells nothing, whatever one guesses.
"""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import JSON, Column, ColumnElement, Table, delete, func, or_, select, update
from sqlalchemy.orm import Session

from admissions.results.files import packed, sha256_of, unpacked
from admissions.verification.published import CERTIFICATE
from admissions_api.clock import stamp
from admissions_api.keeping.content import ERASED, PERSON, Found, Person, without_hashes
from admissions_api.problems import ProblemError
from admissions_api.store import Store, put_again
from admissions_api.store.agreed_tables import ClashRow
from admissions_api.store.audit import Actor, append
from admissions_api.store.letter_tables import LetterRow
from admissions_api.store.season_rows import erase_in_seasons, season_target
from admissions_api.store.tables import (
    AllocationRow,
    AnsweredRow,
    AuditRow,
    Base,
    Blob,
    InvitationRow,
    JobRow,
    ReadRow,
    RoundRow,
    SeasonCallRow,
    SeasonRow,
    SessionRow,
)

ERASED_STATE = "erased"
_log = structlog.get_logger("admissions.erasing")
_LEFT = ("audit", "audit_head", "blobs", "answered")
"""Tables without rows of persons, or handled by themselves."""


@dataclass(frozen=True)
class Erased:
    """What an erasure changed: blobs, rows beside them, and answers kept for repeats."""

    blobs: int
    rows: int
    answers: int

    @property
    def anything(self) -> bool:
        """Whether there was something to erase."""
        return bool(self.blobs or self.rows or self.answers)


def erase_person(store: Store, person_id: str, reason: str, actor: Actor) -> Erased:
    """Takes a person out of everything; nothing is written where nothing is stored of them."""
    person = Person(person_id)
    with store.writing() as session:
        changed: dict[str, str] = {}
        for sha256 in session.scalars(select(Blob.sha256)).all():
            without = person.taken_out(session.get_one(Blob, sha256).data)
            if without is not None:
                changed[sha256] = put_again(session, sha256, without)
            session.expire_all()
        letters = erase_letters(session, LetterRow.person_id == person_id)
        changed |= letters
        seasons = erase_in_seasons(session, person=person_id)
        rows = _forget_who_signed_in(session, person_id) + len(seasons) + len(letters)
        rows += sum(_clean(session, table, person) for table in _tables())
        named = any(person.named_in(one) for one in session.scalars(select(AnsweredRow.body)))
        answers = _forget_answers(session) if changed or rows or named else 0
        changed |= _without_hashes_before(session, changed, seasons)
        _forget_hashes(session, changed)
        erased = Erased(len(changed), rows, answers)
        if erased.anything:
            said = {"reason": reason, "blobs": changed, "seasons": seasons}
            append(session, actor, "person.erased", "persons", **said)
    _let_go(store)
    return erased


def erase_round(store: Store, round_id: str, reason: str, actor: Actor) -> Erased:
    """Takes every person's data out of a round; what was done in it stays in the chain.

    Raises ProblemError (404) where there is no such round.
    """
    with store.writing() as session:
        row = session.get(RoundRow, round_id)
        if row is None:
            raise ProblemError(404, f"there is no round {round_id!r}", "Maybe it is misspelt.")
        changed = {
            sha256: put_again(session, sha256, b"")
            for sha256 in sorted(_blobs_of(session, round_id))
        }
        letters = erase_letters(session, LetterRow.round_id == round_id)
        seasons = erase_in_seasons(session, round_id=round_id)
        rows = sum(_blank(session, table, round_id) for table in _tables())
        rows += len(seasons) + len(letters)
        answers = _forget_answers(session)
        _forget_hashes(session, changed)
        rows += _forget_whom(session, round_id)
        _remove_unnamed(session)
        row.state = ERASED_STATE
        target = f"rounds/{round_id}"
        said = {"reason": reason, "blobs": changed, "seasons": seasons}
        append(session, actor, "round.erased", target, **said)
    _let_go(store)
    return Erased(len(changed), rows, answers)


def _let_go(store: Store) -> None:
    if not store.forget():
        _log.warning("somebody reads; what was erased leaves the database's log when they end")


def erase_letters(session: Session, which: ColumnElement[bool]) -> dict[str, str]:
    """Takes out the letters ``which``; how each blob of theirs stands now."""
    changed: dict[str, str] = {}
    for letter in session.scalars(select(LetterRow).where(which)).all():
        changed[letter.pdf] = put_again(session, letter.pdf, b"")
        session.delete(letter)
    session.flush()
    return changed


def persons_copy(store: Store, person_id: str) -> list[dict[str, Any]]:
    """All that is stored of a person: where it stands, and what."""
    person = Person(person_id)
    found: list[dict[str, Any]] = []
    with store.reading() as session:
        for table in _tables():
            for row in session.execute(select(table)).mappings():
                where = "/".join([table.name, *(str(row[key.name]) for key in table.primary_key)])
                found += [
                    {"where": where, "file": one.file, "held": one.held}
                    for one in _of_row(session, table, dict(row), person)
                ]
    return found


def erased_at(session: Session, sha256: str) -> str | None:
    """When persons were taken out of a blob; None where it stands as it was stored."""
    if session.scalar(select(Blob.stands_as).where(Blob.sha256 == sha256)) is None:
        return None
    entries = select(AuditRow).where(AuditRow.action.in_(("person.erased", "round.erased")))
    times = [entry.at for entry in session.scalars(entries) if sha256 in entry.details["blobs"]]
    return max(times, default=None)


def refuse_erased(session: Session, row: AllocationRow) -> None:
    """Raises ProblemError (409) where persons were taken out: what was sealed is no more."""
    at = erased_at(session, row.folder)
    if at is not None:
        raise ProblemError(
            409,
            f"persons were erased from this allocation on {at[:10]}; what was sealed is no more",
            "Maybe look at GET /v1/audit for when and why.",
        )


def _tables() -> list[Table]:
    return [table for table in Base.metadata.sorted_tables if table.name not in _LEFT]


def _columns(table: Table, kind: type[Any]) -> list[Column[Any]]:
    return [column for column in table.columns if isinstance(column.type, kind)]


def _blob_columns(table: Table) -> list[Column[Any]]:
    return [
        column
        for column in table.columns
        if any(key.column.table.name == Blob.__tablename__ for key in column.foreign_keys)
    ]


def _clean(session: Session, table: Table, person: Person) -> int:
    """Takes the person out of the JSON columns of ``table``; how many rows that changed."""
    columns = _columns(table, JSON)
    count = 0
    for row in session.execute(select(table)).mappings() if columns else ():
        without = {column.name: person.left_of(row[column.name]) for column in columns}
        changed = {name: value for name, value in without.items() if value != row[name]}
        if changed:
            if table.name == ClashRow.__tablename__:
                changed |= {"fingerprint": "", "ended_at": stamp()}
            session.execute(update(table).where(*_is(table, row)).values(changed))
            count += 1
    return count


def _is(table: Table, row: Any) -> list[Any]:
    return [key == row[key.name] for key in table.primary_key]


def _forget_answers(session: Session) -> int:
    """Forgets the answers kept for repeats, with the hashes of what was asked."""
    answers = session.scalar(select(func.count()).select_from(AnsweredRow)) or 0
    session.execute(delete(AnsweredRow))
    return answers


def _forget_who_signed_in(session: Session, person_id: str) -> int:
    """Ends the person's own sessions and invitations, which may name an e-mail address too."""
    count = 0
    rows = [*session.scalars(select(SessionRow)), *session.scalars(select(InvitationRow))]
    for row in rows:
        if any((c["role"], c["scope"]) == ("applicant", person_id) for c in row.callers):
            session.delete(row)
            count += 1
    return count


def _without_hashes_before(
    session: Session, changed: Collection[str], seasons: Collection[str]
) -> dict[str, str]:
    """Calls' folders without the hashes of what came before them, where the person was in that."""
    rows = session.execute(
        select(SeasonCallRow, AllocationRow.folder)
        .join(SeasonRow, SeasonRow.round_id == SeasonCallRow.round_id)
        .join(AllocationRow, AllocationRow.id == SeasonRow.allocation_id)
    ).all()
    also: dict[str, str] = {}
    for call, first in rows:
        their_own = call.folder in changed
        if not their_own and (first in changed or season_target(call.round_id) in seasons):
            files = without_hashes(unpacked(session.get_one(Blob, call.folder).data))
            also[call.folder] = put_again(session, call.folder, packed(files))
    return also


def _forget_hashes(session: Session, changed: Collection[str]) -> None:
    """Forgets the hashes of files that are no more, beside the ``changed`` folders they are in."""
    for made in session.scalars(select(AllocationRow).where(AllocationRow.folder.in_(changed))):
        made.inputs = dict.fromkeys(made.inputs, ERASED)
    for call in session.scalars(select(SeasonCallRow).where(SeasonCallRow.folder.in_(changed))):
        folder = session.get_one(Blob, call.folder).data
        call.certificate = sha256_of(unpacked(folder)[CERTIFICATE]) if folder else ""


def _remove_unnamed(session: Session) -> None:
    """Removes stored bytes that no row and no entry of the chain names: earlier versions left some.

    Nobody can say any more of which round they are.
    """
    named = {
        name
        for table in _tables()
        for column in _blob_columns(table)
        for name in session.scalars(select(column))
    }
    for details in session.scalars(select(AuditRow.details)):
        named |= {value for value in details.values() if isinstance(value, str)}
    unnamed = set(session.scalars(select(Blob.sha256))) - named
    session.execute(delete(Blob).where(Blob.sha256.in_(unnamed)))


def _blobs_of(session: Session, round_id: str) -> set[str]:
    """The blobs that rows of the round name, its allocations' and its jobs' too."""
    found: set[str] = set()
    for table in _tables():
        wanted = _rows_of(session, table, round_id)
        for column in _blob_columns(table) if wanted is not None else ():
            found |= set(session.scalars(select(column).where(wanted, column.is_not(None))))
    return found


def _rows_of(session: Session, table: Table, round_id: str) -> Any:
    """The condition on rows of the round; None for a table that knows no round."""
    allocations = select(AllocationRow.id).where(AllocationRow.round_id == round_id)
    if "round_id" in table.columns:
        return table.columns["round_id"] == round_id
    if "allocation_id" in table.columns:
        return table.columns["allocation_id"].in_(allocations)
    if table.name == JobRow.__tablename__:
        made = set(session.scalars(allocations))
        ids = [
            job.id
            for job in session.scalars(select(JobRow))
            if job.request.get("round") == round_id or job.request.get("allocation") in made
        ]
        return or_(table.columns["id"].in_(ids))
    return None


def _blank(session: Session, table: Table, round_id: str) -> int:
    """Empties what rows of the round hold beside blobs and may name persons: notes, problems."""
    wanted = _rows_of(session, table, round_id)
    emptied: dict[str, Any] = {}
    if "notes" in table.columns:
        emptied["notes"] = []
    if "problem" in table.columns:
        emptied["problem"] = None
    if table.name == ClashRow.__tablename__:
        emptied |= {"key": [ERASED], "fingerprint": "", "reason": None, "ended_at": stamp()}
    if wanted is None or not emptied:
        return 0
    rows = session.scalar(select(func.count()).select_from(table).where(wanted)) or 0
    session.execute(update(table).where(wanted).values(emptied))
    return rows


def _forget_whom(session: Session, round_id: str) -> int:
    """Takes out of the log of reads whom they were of: that something was read stays."""
    made = set(session.scalars(select(AllocationRow.id).where(AllocationRow.round_id == round_id)))
    count = 0
    for read in session.scalars(select(ReadRow)):
        of_round = read.about.get("round_id") == round_id or read.about.get("allocation_id") in made
        if of_round and PERSON in read.about:
            read.about = {name: value for name, value in read.about.items() if name != PERSON}
            count += 1
    return count


def _of_row(session: Session, table: Table, row: dict[str, Any], person: Person) -> Iterator[Found]:
    if row.get("person_id") == person.id:
        yield Found("", row)
        if table.name == LetterRow.__tablename__:
            pdf = session.get_one(Blob, row["pdf"]).data
            yield Found(row["file"], base64.b64encode(pdf).decode())
    for column in _columns(table, JSON):
        yield from (Found(column.name, one) for one in person.within(row[column.name]))
    for column in _blob_columns(table):
        blob = session.get(Blob, row[column.name]) if row[column.name] else None
        if blob is not None:
            yield from person.found(blob.data)
