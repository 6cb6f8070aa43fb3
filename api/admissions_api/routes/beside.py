"""What the coordinator states beside the parts: the register of services, own wishes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from fastapi import APIRouter
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from admissions.intake.merging import Row, Tables
from admissions.model.resources import offering_ids
from admissions_api.access import Coordinator, Installed
from admissions_api.agreement import (
    AgreedRound,
    Inputs,
    keep_agreement,
    refuse_changed,
    stated_in,
    worked_out,
)
from admissions_api.answered import Answered, Writing
from admissions_api.beside import (
    Stated,
    as_stored,
    audit_stated,
    latest_stated,
    read_uploaded_register,
    read_uploaded_wishes,
    store_register,
    store_wishes,
)
from admissions_api.clashes import standing_clashes
from admissions_api.etags import refuse_outdated, version_tag
from admissions_api.installation import Installation
from admissions_api.jobs.queue import actor_of
from admissions_api.problems import not_found
from admissions_api.rounds import find_round, refuse_unless_open
from admissions_api.routes.parts import IfMatch
from admissions_api.routes.rounds import RoundId
from admissions_api.routes.uploaded import Uploaded, upload_of
from admissions_api.settings import Settings
from admissions_api.store.agreed_tables import RegisterRow, WishesRow
from admissions_api.tokens import Caller
from admissions_api.uploads import CSV, MEDIA_TYPES, UPLOAD_BYTES

router = APIRouter(prefix="/v1/rounds/{round_id}", tags=["parts"])
Read = TypeVar("Read")


class StatedShown(BaseModel):
    """What was put: counts and hash; and how much clashes now that it counts."""

    version: int
    sha256: str
    rows: int = Field(description="Services, or wishes.")
    at: str
    clashes: int = Field(description="See GET …/clashes.")


def _shown(session: Session, row: Stated) -> StatedShown:
    unsettled = [c for c in standing_clashes(session, row.round_id) if c.taken is None]
    return StatedShown(
        version=row.version, sha256=row.sha256, rows=row.rows, at=row.at, clashes=len(unsettled)
    )


@dataclass(frozen=True)
class _Kind(Generic[Read]):
    """The register, or the wishes: how they are read and stored, and what agrees by them."""

    row: type[Stated]
    read: Callable[[bytes, tuple[str, ...], Settings], Read]
    store: Callable[[Session, str, Read], Stated]
    onto: Callable[[Inputs, Read], Inputs]


def _with_register(stands: Inputs, register: Tables) -> Inputs:
    return replace(stands, register=as_stored(register))


def _with_wishes(stands: Inputs, wishes: list[Row]) -> Inputs:
    return replace(stands, wishes=wishes)


_REGISTER = _Kind(RegisterRow, read_uploaded_register, store_register, _with_register)
_WISHES = _Kind(WishesRow, read_uploaded_wishes, store_wishes, _with_wishes)


async def _put(
    kind: _Kind[Read],
    installation: Installation,
    caller: Caller,
    writing: Writing,
    round_id: str,
    if_match: str | None,
    data: bytes,
) -> Response:
    """Reads ``data`` within limits, stores it as the newest, and sees what clashes with it."""
    said = hashlib.sha256(data).hexdigest()

    def before() -> Response | None:
        earlier = writing.earlier(caller, said)
        if earlier is None:
            with installation.store.reading() as session:
                refuse_unless_open(find_round(session, round_id))
        return earlier

    earlier = await run_in_threadpool(before)
    if earlier is not None:
        return earlier
    content = await installation.readers.run(
        kind.read, data, tuple(offering_ids()), installation.settings
    )

    def prepare(session: Session) -> AgreedRound:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        return worked_out(kind.onto(stated_in(session, row), content))

    def work(session: Session, agreement: AgreedRound) -> Answered:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        newest = latest_stated(session, kind.row, round_id)
        refuse_outdated(if_match, newest.version if newest else 0)
        refuse_changed(session, row, agreement)
        stored = kind.store(session, round_id, content)
        audit_stated(session, stored, actor_of(caller))
        keep_agreement(session, row, agreement)
        return Answered(200, _shown(session, stored), {"ETag": version_tag(stored.version)})

    return await run_in_threadpool(writing.prepared, caller, said, prepare, work)


def _get(
    installation: Installation, round_id: str, kind: type[Stated], name: str, response: Response
) -> StatedShown:
    with installation.store.reading() as session:
        find_round(session, round_id)
        row = latest_stated(session, kind, round_id)
        if row is None:
            raise not_found(name, "put it with PUT")
        response.headers["ETag"] = version_tag(row.version)
        return _shown(session, row)


@router.put(
    "/register",
    responses={200: {"model": StatedShown}},
    openapi_extra=upload_of(
        "A CSV file of services; or a zip or .xlsx with services, municipalities, leader_groups.",
        (CSV, *MEDIA_TYPES),
    ),
    max_body_size=UPLOAD_BYTES,
)
async def put_register(
    round_id: RoundId,
    caller: Coordinator,
    installation: Installed,
    writing: Writing,
    data: Uploaded,
    if_match: IfMatch = None,
) -> Response:
    """Puts the register of services. From now on it counts, and what parts say of services not.

    Every service that a part names must be in it. `max_students` counts until the leader has sent
    another; `leader_groups` says who goes together or not at all.
    """
    return await _put(_REGISTER, installation, caller, writing, round_id, if_match, data)


@router.get("/register")
def shown_register(
    round_id: RoundId, caller: Coordinator, installation: Installed, response: Response
) -> StatedShown:
    """The register that counts: its version, hash, and how many services are in it."""
    return _get(installation, round_id, RegisterRow, "register of this round", response)


@router.put(
    "/wishes",
    responses={200: {"model": StatedShown}},
    openapi_extra=upload_of(
        "A CSV file, or an .xlsx with a sheet wishes: person_id, offering_id, preference.",
        (CSV, *MEDIA_TYPES),
    ),
    max_body_size=UPLOAD_BYTES,
)
async def put_wishes(
    round_id: RoundId,
    caller: Coordinator,
    installation: Installed,
    writing: Writing,
    data: Uploaded,
    if_match: IfMatch = None,
) -> Response:
    """Puts the applicants' own wishes over all institutions: their order counts, not the parts'.

    They replace those put before. Whoever stands in them wishes for each application there is.
    """
    return await _put(_WISHES, installation, caller, writing, round_id, if_match, data)


@router.get("/wishes")
def shown_wishes(
    round_id: RoundId, caller: Coordinator, installation: Installed, response: Response
) -> StatedShown:
    """The wishes that count: their version, hash, and how many there are."""
    return _get(installation, round_id, WishesRow, "wishes in this round", response)
