"""The parts of a round: each institution's own, in canonical form, and which of them count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import tomli_w
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.intake.merging import Row, Tables, texts_of
from admissions.intake.writing import round_texts
from admissions.model.round import Round, RoundSettings
from admissions.model.tables import MUNICIPALITIES, SERVICES
from admissions.model.vocabulary import LANGUAGES
from admissions.results.files import packed, unpacked
from admissions_api.clock import stamp
from admissions_api.institutions import own_offerings
from admissions_api.store import put_blob
from admissions_api.store.audit import Actor, append
from admissions_api.store.tables import Blob, PartRow


def packed_part(part: Round, *, services: bool = True) -> bytes:
    """A part as it is stored: its tables in canonical form, without settings of its own.

    Without ``services`` it says nothing of these: the register does.
    """
    texts = round_texts(part)
    del texts["round.toml"]
    if not services:
        for table in (SERVICES, MUNICIPALITIES):
            texts.pop(f"{table.name}.csv", None)
    return packed(texts)


def part_of(whole: Round, institution: str) -> Round:
    """What ``institution`` would upload of ``whole``: its own offerings' applicants.

    Leaders' orders, groups and maxima are left out; leaders send them themselves.
    """
    own = whole.applications["offering_id"].isin(own_offerings(institution)).to_numpy()
    kept = np.unique(whole.applications["person"].to_numpy()[own])
    new_row = np.full(len(whole.applicants), -1, dtype=np.int64)
    new_row[kept] = np.arange(len(kept))
    applications = whole.applications[own].reset_index(drop=True)
    applicants = whole.applicants.iloc[kept].reset_index(drop=True)
    services = whole.services[whole.services["service_id"].isin(applicants["service_id"])]
    return replace(
        whole,
        applicants=applicants,
        given=whole.given.iloc[kept].reset_index(drop=True),
        applications=applications.assign(person=new_row[applications["person"].to_numpy()]),
        services=services.assign(max_students=-1).reset_index(drop=True),
        leader_preferences=_none(whole.leader_preferences),
        leader_groups=_none(whole.leader_groups),
    )


def _none(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0].reset_index(drop=True)


def files_of(tables: Tables, settings: RoundSettings) -> dict[str, str]:
    """The files of the round that ``tables`` and ``settings`` are, by name."""
    return {
        "round.toml": tomli_w.dumps(settings.model_dump(exclude_none=True)), **texts_of(tables)
    }  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """What a leader sent, as rows of a round: the order, who goes together, how many may be away.

    ``groups`` None leaves what is stated elsewhere, ``away`` None is no limit.
    """

    order: Sequence[Row]
    away: int | None
    groups: Sequence[Row] | None = None


def with_preferences(tables: Tables, sent: Mapping[str, Sent]) -> Tables:
    """``tables`` with what leaders sent in place of what is stated for their services elsewhere."""
    preferences = [r for r in tables["leader_preferences"] if r["service_id"] not in sent]
    stated = {service for service, said in sent.items() if said.groups is not None}
    groups = [r for r in tables["leader_groups"] if r["service_id"] not in stated]
    services = [dict(row) for row in tables["services"]]
    for row in services:
        said = sent.get(row["service_id"])
        if said is not None:
            preferences += said.order
            groups += said.groups or ()
            row["max_students"] = "" if said.away is None else str(said.away)
    return {
        **tables, "services": services, "leader_preferences": preferences, "leader_groups": groups,
    }  # fmt: skip


def newest_parts(session: Session, round_id: str) -> dict[str, PartRow]:
    """The newest part of each institution, by institution, one that is withdrawn included."""
    rows = session.scalars(
        select(PartRow).where(PartRow.round_id == round_id).order_by(PartRow.version)
    )
    return {row.institution: row for row in rows}


def latest_parts(session: Session, round_id: str) -> dict[str, PartRow]:
    """The part that counts of each institution, by institution."""
    newest = newest_parts(session, round_id)
    return {institution: row for institution, row in newest.items() if not row.withdrawn}


def part_version(session: Session, round_id: str, institution: str) -> int:
    """How often the institution's part was uploaded or withdrawn; 0 = not yet uploaded."""
    newest = select(func.max(PartRow.version)).where(
        PartRow.round_id == round_id, PartRow.institution == institution
    )
    return session.scalar(newest) or 0


def store_part(
    session: Session, round_id: str, institution: str, part: Round, content: bytes
) -> PartRow:
    """Stores ``part`` as the newest of ``institution``; ``content`` is it packed."""
    return _stored(
        session,
        PartRow(
            round_id=round_id,
            institution=institution,
            sha256=put_blob(session, content),
            applicants=len(part.applicants),
            applications=len(part.applications),
            notes=[{language: note.in_(language) for language in LANGUAGES} for note in part.notes],
            withdrawn=False,
        ),
    )


def withdraw_part(session: Session, part: PartRow) -> PartRow:
    """Stores that ``part`` counts no longer, as a version of its own; the part itself stays."""
    return _stored(
        session,
        PartRow(
            round_id=part.round_id,
            institution=part.institution,
            sha256=part.sha256,
            applicants=part.applicants,
            applications=part.applications,
            notes=[],
            withdrawn=True,
        ),
    )


def _stored(session: Session, row: PartRow) -> PartRow:
    row.version = part_version(session, row.round_id, row.institution) + 1
    row.at = stamp()
    session.add(row)
    session.flush()
    return row


def audit_part(session: Session, part: PartRow, actor: Actor, **details: str) -> None:
    """Adds to the chain that ``part`` was uploaded, or withdrawn."""
    append(
        session,
        actor,
        "part.withdrawn" if part.withdrawn else "part.uploaded",
        f"rounds/{part.round_id}/parts/{part.institution}",
        version=part.version,
        sha256=part.sha256,
        **details,
    )


def part_files(session: Session, parts: Mapping[str, PartRow]) -> dict[str, dict[str, bytes]]:
    """The stored files of ``parts``, by institution and name."""
    wanted = {row.sha256 for row in parts.values()}
    rows = session.execute(select(Blob.sha256, Blob.data).where(Blob.sha256.in_(wanted)))
    found = {sha256: data for sha256, data in rows}  # noqa: C416 - a row is no pair to mypy
    return {institution: unpacked(found[row.sha256]) for institution, row in parts.items()}
