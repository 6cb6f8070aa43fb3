"""What stands in the store and decides, held against what the audit chain says of it."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions_api.store.tables import (
    AllocationRow,
    AuditRow,
    PartRow,
    PreferenceRow,
    RoundRow,
)

Facts = dict[tuple[str, str], str]
"""A fact's value by the thing that it is about and its name."""


def said_by(entry: AuditRow) -> Facts:
    """The facts that an entry states: what was opened, closed, uploaded, sent or published."""
    details, target = entry.details, entry.target
    if entry.action == "round.opened":
        return {(target, name): str(details.get(name)) for name in ("deadline", "scenario")}
    if entry.action == "round.erased":
        return {(target, "state"): "erased"}
    if entry.action == "round.closed":
        return {(target, "state"): "closed"}
    if entry.action in ("part.uploaded", "preferences.sent"):
        return {(target, f"version {details.get('version')}"): str(details.get("sha256"))}
    if entry.action == "allocation.published":
        return {(target, "result folder"): str(details.get("sha256"))}
    return {}


def differences(session: Session, said: Facts) -> Iterator[str]:
    """Each fact that stands otherwise than the chain says, without its word, or no longer."""
    standing = dict(_standing(session))
    for thing, name in sorted(said.keys() | standing.keys()):
        here, there = standing.get((thing, name)), said.get((thing, name))
        if here is None:
            yield f"{thing}, {name}: the chain names it, but it is gone"
        elif here != there:
            yield f"{thing}, {name}: is not what the chain says"


def _standing(session: Session) -> Iterator[tuple[tuple[str, str], str]]:
    for row in session.scalars(select(RoundRow)):
        thing = f"rounds/{row.id}"
        yield (thing, "deadline"), row.deadline
        yield (thing, "scenario"), row.scenario
        if row.state != "open":
            yield (thing, "state"), "erased" if row.state == "erased" else "closed"
    for part in session.scalars(select(PartRow)):
        thing = f"rounds/{part.round_id}/parts/{part.institution}"
        yield (thing, f"version {part.version}"), part.sha256
    for sent in session.scalars(select(PreferenceRow)):
        thing = f"rounds/{sent.round_id}/services/{sent.service_id}"
        yield (thing, f"version {sent.version}"), sent.sha256
    for made in session.scalars(
        select(AllocationRow).where(AllocationRow.published_at.is_not(None))
    ):
        yield (f"allocations/{made.id}", "result folder"), made.folder
