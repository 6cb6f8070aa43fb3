"""What was published of a round: the comparison made here, and folders from elsewhere before it."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Path
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from admissions.results.files import packed
from admissions.results.published import folder_sha256
from admissions_api.access import AnalystOrCoordinator, Coordinator, Installed
from admissions_api.answered import Answered, Writing
from admissions_api.clock import stamp
from admissions_api.examples import one
from admissions_api.jobs.queue import actor_of
from admissions_api.problems import ProblemError, not_found
from admissions_api.releases import is_released
from admissions_api.rounds import find_round
from admissions_api.routes.rounds import RoundId
from admissions_api.routes.uploaded import Uploaded, upload_of
from admissions_api.store import get_blob, put_blob
from admissions_api.store.agreed_tables import PublishedRow
from admissions_api.store.audit import append
from admissions_api.uploads import UPLOAD_BYTES, files_published

router = APIRouter(prefix="/v1/rounds/{round_id}/published", tags=["analyses"])
FolderName = Annotated[
    str,
    Path(
        max_length=100,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        openapi_examples=one("comparison-2019"),
    ),
]
_ZIP: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


class PublishedShown(BaseModel):
    """A folder that was published: its name and hash, as later reports state them."""

    name: str
    folder_sha256: str
    made_here: bool = Field(description="By this service, or published from elsewhere before.")
    at: str


def _shown(row: PublishedRow) -> PublishedShown:
    return PublishedShown(
        name=row.name, folder_sha256=row.folder_sha256, made_here=row.made_here, at=row.at
    )


@router.get("")
def published(
    round_id: RoundId, caller: AnalystOrCoordinator, installation: Installed
) -> list[PublishedShown]:
    """The ledger of the round: every public comparison of it that is known here."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        rows = select(PublishedRow).where(PublishedRow.round_id == round_id)
        return [_shown(row) for row in session.scalars(rows.order_by(PublishedRow.name))]


@router.get("/{name}", response_class=Response, responses=_ZIP)
def folder(
    round_id: RoundId, name: FolderName, caller: AnalystOrCoordinator, installation: Installed
) -> Response:
    """One of them as a zip: unpacked, it is what `admissions compare --published` takes."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        row = session.get(PublishedRow, (round_id, name))
        if row is None:
            raise not_found("such folder published of this round", "look at GET …/published")
        data = get_blob(session, row.sha256)
    named = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    return Response(data, media_type="application/zip", headers=named)


@router.put(
    "/{name}",
    responses={200: {"model": PublishedShown}},
    openapi_extra=upload_of("A zip of the folder that was published.", ("application/zip",)),
    max_body_size=UPLOAD_BYTES,
)
async def put_published(
    round_id: RoundId,
    name: FolderName,
    caller: Coordinator,
    installation: Installed,
    writing: Writing,
    data: Uploaded,
) -> Response:
    """Adds what `admissions compare --public` made of the round and was published before.

    The comparison made here reckons with it; once that is asked for nothing can be added.
    """
    files = await installation.readers.run(files_published, data, installation.settings)

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        if is_released(session, round_id):
            raise ProblemError(
                409,
                "a comparison of this round was made already, without reckoning with this one",
                "Maybe publish neither of the two beside the other.",
            )
        if session.get(PublishedRow, (round_id, name)) is not None:
            raise ProblemError(409, f"there is {name!r} already", "Maybe choose another name.")
        added = PublishedRow(
            round_id=row.id,
            name=name,
            sha256=put_blob(session, packed(files)),
            folder_sha256=folder_sha256(files),
            made_here=False,
            at=stamp(),
        )
        session.add(added)
        session.flush()
        append(
            session,
            actor_of(caller),
            "published.added",
            f"rounds/{row.id}/published/{name}",
            sha256=added.sha256,
            folder_sha256=added.folder_sha256,
        )
        return Answered(200, _shown(added))

    said = hashlib.sha256(data).hexdigest()
    return await run_in_threadpool(writing.do, caller, said, work)
