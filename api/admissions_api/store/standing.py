"""What stands in the store and decides, held against what the audit chain says of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.rulebooks.digest import seed_sha256
from admissions.verification.property import Noted
from admissions_api.store.agreed_tables import ClashRow, RegisterRow, WishesRow
from admissions_api.store.season_rows import all_rows
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
    """The facts that an entry states: what was opened, uploaded, published, entered or erased."""
    return {**_of_rounds(entry), **_of_seasons(entry)}


def _of_seasons(entry: AuditRow) -> Facts:
    """How the events of seasons stand since the entry."""
    if entry.action in _SEASONS:
        return {(entry.target, "events"): str(entry.details.get("rows"))}
    erased: dict[str, str] = entry.details.get("seasons", {})
    return {(season, "events"): rows for season, rows in erased.items()}


def _of_rounds(entry: AuditRow) -> Facts:
    details, target = entry.details, entry.target
    if entry.action in ("round.opened", "round.corrected"):
        told = {name: details[name] for name in _OF_ROUNDS if name in details}
        if entry.action == "round.opened":
            told["state"] = "open"
        return {(target, name): _text(value) for name, value in told.items()}
    if entry.action in _STATES:
        return {(target, "state"): _STATES[entry.action]}
    if entry.action == "part.withdrawn":
        return {(target, f"version {details.get('version')}"): _withdrawn(details.get("sha256"))}
    if entry.action == "clash.settled":
        return {(target, "taken"): str(details.get("take"))}
    if entry.action in _VERSIONS:
        return {(target, f"version {details.get('version')}"): str(details.get("sha256"))}
    if entry.action == "allocation.published":
        return {(target, "result folder"): str(details.get("sha256"))}
    if entry.action == "allocation.unpublished":
        return {(target, "result folder"): _GONE}
    return {}


_SEASONS = ("season.begun", "season.entered", "season.called")
_OF_ROUNDS = ("title", "deadline", "scenario", "settings", "digest", "seed_sha256")
_STATES = {"round.closed": "closed", "round.reopened": "open", "round.erased": "erased"}
_VERSIONS = (
    "part.uploaded",
    "preferences.sent",
    "register.put",
    "wishes.put",
)
_GONE = ""
"""The value of a fact that stands no longer, and need not."""


def _withdrawn(sha256: object) -> str:
    return f"{sha256} withdrawn"


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True)


def differences(session: Session, said: Facts) -> Iterator[str]:
    """Each fact that stands otherwise than the chain says, without its word, or no longer."""
    standing = dict(_standing(session))
    for thing, name in sorted(said.keys() | standing.keys()):
        here, there = standing.get((thing, name)), said.get((thing, name))
        if here is None and there == _GONE:
            continue
        if here is None:
            yield Noted("chain-thing-gone", thing=thing, name=name)
        elif here != there:
            yield Noted("chain-thing-other", thing=thing, name=name)


def _of_round(row: RoundRow) -> Iterator[tuple[tuple[str, str], str]]:
    """What stands of a round. One of an earlier version is committed to nothing."""
    thing = f"rounds/{row.id}"
    yield (thing, "deadline"), row.deadline
    yield (thing, "scenario"), row.scenario
    yield (thing, "state"), "closed" if row.state == "published" else row.state
    if row.digest is not None:
        yield (thing, "title"), row.title
        yield (thing, "settings"), _text(row.settings)
        yield (thing, "digest"), row.digest
        hidden = row.seed_sha256 if row.seed is None else seed_sha256(row.seed, row.salt)
        yield (thing, "seed_sha256"), str(hidden)


def _standing(session: Session) -> Iterator[tuple[tuple[str, str], str]]:
    for row in session.scalars(select(RoundRow)):
        yield from _of_round(row)
    yield from (((season, "events"), rows) for season, rows in all_rows(session))
    for part in session.scalars(select(PartRow)):
        thing = f"rounds/{part.round_id}/parts/{part.institution}"
        sha256 = _withdrawn(part.sha256) if part.withdrawn else part.sha256
        yield (thing, f"version {part.version}"), sha256
    for sent in session.scalars(select(PreferenceRow)):
        thing = f"rounds/{sent.round_id}/services/{sent.service_id}"
        yield (thing, f"version {sent.version}"), sent.sha256
    for register in session.scalars(select(RegisterRow)):
        thing = f"rounds/{register.round_id}/register"
        yield (thing, f"version {register.version}"), register.sha256
    for wishes in session.scalars(select(WishesRow)):
        yield (f"rounds/{wishes.round_id}/wishes", f"version {wishes.version}"), wishes.sha256
    for clash in session.scalars(select(ClashRow).where(ClashRow.taken.is_not(None))):
        yield (f"rounds/{clash.round_id}/clashes/{clash.number}", "taken"), str(clash.taken)
    for made in session.scalars(
        select(AllocationRow).where(AllocationRow.published_at.is_not(None))
    ):
        yield (f"allocations/{made.id}", "result folder"), made.folder
