"""What jobs made, held against what the audit chain says of it: sealed folders and cut-offs.

What 0.1.0 made the chain has no word of: those allocations say so by their version, and such
cut-offs come before any of which it has.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.verification.property import Noted
from admissions_api.store.standing import Facts
from admissions_api.store.tables import AllocationRow, AuditRow, CutOffRow, RoundRow

_UNSAID = "0.1.0"


def said_of_results(entry: AuditRow) -> Facts:
    """The facts that an entry states of what a job made, and which allocation is published."""
    details, target = entry.details, entry.target
    if entry.action == "allocation.made":
        return {
            (target, name): json.dumps(details.get(name), sort_keys=True)
            for name in ("folder", "properties", "scenario")
        }
    if entry.action == "cut-offs.made":
        return {(target, f"version {details.get('version')}"): str(details.get("sha256"))}
    return {}


def differences_of_results(session: Session, said: Facts) -> Iterator[str]:
    """Each fact that stands otherwise than the chain says, without its word, or no longer."""
    standing = dict(_standing(session, said))
    for thing, name in sorted(said.keys() | standing.keys()):
        here, there = standing.get((thing, name)), said.get((thing, name))
        if here is None:
            yield Noted("chain-thing-gone", thing=thing, name=name)
        elif here != there:
            yield Noted("chain-thing-other", thing=thing, name=name)
    yield from _published(session)


def _standing(session: Session, said: Facts) -> Iterator[tuple[tuple[str, str], str]]:
    for made in session.scalars(select(AllocationRow)):
        thing = f"allocations/{made.id}"
        if made.program_version != _UNSAID or (thing, "folder") in said:
            for name in ("folder", "properties", "scenario"):
                yield (thing, name), json.dumps(getattr(made, name), sort_keys=True)
    for row in session.scalars(select(CutOffRow).order_by(CutOffRow.version)):
        key = (f"rounds/{row.round_id}/cut-offs", f"version {row.version}")
        later = any(thing == key[0] for thing, _ in said)
        if key in said or (later and _number(key[1]) > _first(said, key[0])):
            yield key, row.sha256


def _number(name: str) -> int:
    return int(name.rpartition(" ")[2])


def _first(said: Facts, thing: str) -> int:
    return min(_number(name) for known, name in said if known == thing)


def _published(session: Session) -> Iterator[str]:
    """A round names as published what is published, of its own allocations."""
    for row in session.scalars(select(RoundRow).where(RoundRow.published.is_not(None))):
        made = session.get(AllocationRow, row.published)
        if made is None or made.round_id != row.id or made.published_at is None:
            yield Noted("chain-published", thing=f"rounds/{row.id}")
