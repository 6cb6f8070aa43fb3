"""The chain of who did what, and the log of who read what of persons."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field
from sqlalchemy import func, select

from admissions_api.access import Auditor, Installed
from admissions_api.paging import Page, Paged
from admissions_api.store.audit import HEAD
from admissions_api.store.tables import AuditHead, AuditRow, ReadRow

router = APIRouter(prefix="/v1", tags=["audit"])
_PERSON = "person_id"


class EntryShown(BaseModel):
    """One entry of the chain; ``hash`` covers all of it and the hash before."""

    sequence: int
    at: str
    actor: str = Field(description="Whose token it was.")
    role: str
    scope: str
    action: str
    target: str
    details: dict[str, Any]
    previous: str
    hash: str


class HeadShown(BaseModel):
    """The chain's last entry, to be noted somewhere else."""

    entries: int
    head: str


class ReadShown(BaseModel):
    """That somebody asked for what is stored of persons."""

    at: str
    actor: str
    role: str
    scope: str
    what: str = Field(description="The route.")
    about: dict[str, str] = Field(
        description="What the route names; whom, for the coordinator alone."
    )


@router.get("/audit")
def audit(caller: Auditor, installation: Installed, page: Paged) -> Page[EntryShown]:
    """The chain, oldest entry first: as it is hashed, so that anyone can check it."""
    with installation.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(AuditRow)) or 0
        rows = session.scalars(
            select(AuditRow).order_by(AuditRow.sequence).offset(page.offset).limit(page.limit)
        )
        return page.of(
            [EntryShown.model_validate(row, from_attributes=True) for row in rows], total
        )


@router.get("/audit/head")
def head(caller: Auditor, installation: Installed) -> HeadShown:
    """The hash of the last entry: whoever notes it can tell later that nothing before changed."""
    with installation.store.reading() as session:
        row = session.get_one(AuditHead, HEAD)
        return HeadShown(entries=row.sequence, head=row.hash)


@router.get("/reads")
def reads(caller: Auditor, installation: Installed, page: Paged) -> Page[ReadShown]:
    """Who asked for what is stored of persons, newest first; an auditor is not told of whom."""
    with installation.store.reading() as session:
        total = session.scalar(select(func.count()).select_from(ReadRow)) or 0
        rows = session.scalars(
            select(ReadRow).order_by(ReadRow.id.desc()).offset(page.offset).limit(page.limit)
        )
        shown = [ReadShown.model_validate(row, from_attributes=True) for row in rows]
    if caller.role == "auditor":
        for one in shown:
            one.about.pop(_PERSON, None)
    return page.of(shown, total)
