"""The audit chain: append-only, each entry carries the hash of the one before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.verification.property import Noted
from admissions_api.clock import stamp
from admissions_api.store.engine import name_of
from admissions_api.store.standing import Facts, differences, said_by
from admissions_api.store.standing_results import differences_of_results, said_of_results
from admissions_api.store.tables import AuditHead, AuditRow, Blob

FIRST = "0" * 64
"""What stands as the hash before the first entry."""
HEAD = 1
ERASURES = ("person.erased", "round.erased", "results.erased", "letters.erased")
"""The actions that change what is stored already; the entry says what stands there since."""


@dataclass(frozen=True)
class Actor:
    """Who does something: the token's subject, role and scope (an institution or a service)."""

    subject: str
    role: str
    scope: str = ""


SYSTEM = Actor("system", "system")
"""The program itself, where it ends or resumes work that nobody is waiting at."""


def append(session: Session, actor: Actor, action: str, target: str, **details: Any) -> str:
    """Adds an entry to the chain within a write, and returns its hash.

    ``details`` hold no person's data: versions, counts, and as ``sha256`` the hash of the blob
    that the action stored.
    """
    head = session.get_one(AuditHead, HEAD)
    entry = AuditRow(
        sequence=head.sequence + 1,
        at=stamp(),
        actor=actor.subject,
        role=actor.role,
        scope=actor.scope,
        action=action,
        target=target,
        details=details,
        previous=head.hash,
        hash="",
    )
    entry.hash = entry_hash(entry)
    session.add(entry)
    head.sequence, head.hash = entry.sequence, entry.hash
    session.flush()
    return entry.hash


def entry_hash(entry: AuditRow) -> str:
    """SHA-256 of the entry's fields, ``previous`` included, as compact JSON with sorted keys."""
    fields = {
        name: getattr(entry, name)
        for name in (
            "sequence", "at", "actor", "role", "scope", "action", "target", "details", "previous"
        )
    }  # fmt: skip
    text = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def last_erasure(session: Session) -> int:
    """The number of the entry of the last erasure; 0 before any.

    What was read before it must not be written after it: it would bring somebody back.
    """
    newest = select(func.max(AuditRow.sequence)).where(AuditRow.action.in_(ERASURES))
    return session.scalar(newest) or 0


@dataclass(frozen=True)
class Verified:
    """What ``verify`` found: how many entries, the last one's hash, what is wrong, what was erased.

    What was erased is no fault: the chain says so, and holds for the rest. Lines are English, and
    ``verification.property.in_words`` says them in another language.
    """

    entries: int
    head: str
    findings: tuple[str, ...]
    erased: tuple[str, ...] = ()


def verify(session: Session, expected: str | None = None) -> Verified:
    """Checks the whole chain and all that it speaks of; ``expected`` is a hash once written down.

    Found are: an entry changed, removed, added or moved; the tail cut off (by the head, or by
    ``expected``); a blob that is gone or has other bytes than its hash says; a round, a part, a
    leader's order or a published result that stands otherwise than the chain says.
    """
    findings: list[str] = []
    previous, count, seen = FIRST, 0, expected is None
    named: set[str] = set()
    said: Facts = {}
    made: Facts = {}
    erasures: list[str] = []
    stands: dict[str, str] = {}
    for entry in session.scalars(select(AuditRow).order_by(AuditRow.sequence)):
        count += 1
        findings += _faults(entry, count, previous)
        previous = entry.hash
        seen = seen or entry.hash == expected
        said |= said_by(entry)
        made |= said_of_results(entry)
        if entry.action in ERASURES:
            stands |= entry.details["blobs"]
            erasures.append(_erasure(entry))
        named |= {value for key, value in entry.details.items() if key == "sha256"}
    head = session.get(AuditHead, HEAD)
    if head is None or (head.sequence, head.hash) != (count, previous):
        findings.append(Noted("chain-cut", count=count))
    if not seen:
        findings.append(Noted("chain-no-hash", expected=expected))
    findings += _blob_faults(session, named, stands)
    findings += differences(session, said)
    findings += differences_of_results(session, made)
    return Verified(count, previous, tuple(findings), tuple(erasures))


def _erasure(entry: AuditRow) -> str:
    return Noted(
        "chain-erased",
        target=entry.target,
        day=entry.at[:10],
        actor=entry.actor,
        reason=entry.details["reason"],
        count=len(entry.details["blobs"]),
    )


def _faults(entry: AuditRow, number: int, previous: str) -> Iterator[str]:
    where = Noted("chain-entry", number=entry.sequence, action=entry.action)
    if entry.sequence != number:
        yield Noted("chain-place", where=where, number=number)
    if entry.previous != previous:
        yield Noted("chain-broken", where=where)
    if entry.hash != entry_hash(entry):
        yield Noted("chain-changed", where=where)


def _blob_faults(session: Session, named: set[str], stands: dict[str, str]) -> Iterator[str]:
    for row in session.execute(select(Blob.sha256, Blob.salt, Blob.data, Blob.stands_as)):
        named.discard(row.sha256)
        where = Noted("chain-bytes", name=row.sha256[:12])
        if row.stands_as != stands.get(row.sha256):
            yield Noted("chain-bytes-erased", where=where)
        there = name_of(row.salt, row.data) if row.data or row.stands_as != "" else ""
        if there != (row.sha256 if row.stands_as is None else row.stands_as):
            yield Noted("chain-bytes-changed", where=where)
    for sha256 in sorted(named):
        yield Noted("chain-bytes-gone", where=Noted("chain-bytes", name=sha256[:12]))
