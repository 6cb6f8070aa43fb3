"""Parts of a round: each office uploads, checks and ranks its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Header, Path
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from admissions.intake.merging import Tables
from admissions.model.round import Round
from admissions.model.vocabulary import Language
from admissions.results.files import unpacked
from admissions_api.access import Coordinator, Installed, Office, OfficeOrCoordinator, keep_to_own
from admissions_api.agreement import (
    AgreedRound,
    keep_agreement,
    refuse_changed,
    stated_in,
    worked_out,
)
from admissions_api.answered import Answered, Writing
from admissions_api.beside import register_of
from admissions_api.clashes import of_institution, standing_clashes, told_to_office
from admissions_api.etags import refuse_outdated, version_tag
from admissions_api.examples import one
from admissions_api.installation import Installation
from admissions_api.institutions import own_offerings
from admissions_api.jobs.queue import actor_of, add_job
from admissions_api.parts import (
    audit_part,
    latest_parts,
    newest_parts,
    packed_part,
    part_version,
    store_part,
)
from admissions_api.problems import ProblemError, Spoken, not_found
from admissions_api.rounds import find_round, refuse_unless_open
from admissions_api.routes.jobs import ACCEPTED, accepted
from admissions_api.routes.rounds import Known, RoundId, known_scenario
from admissions_api.routes.uploaded import Uploaded, upload_of
from admissions_api.store.tables import PartRow
from admissions_api.texts import PLAIN
from admissions_api.tokens import Caller
from admissions_api.uploads import MEDIA_TYPES, UPLOAD_BYTES, read_upload

router = APIRouter(prefix="/v1/rounds/{round_id}/parts", tags=["parts"])
Institution = Annotated[str, Path(max_length=100, pattern=PLAIN, openapi_examples=one("uis"))]
IfMatch = Annotated[
    str | None, Header(description="The ETag that was read: a state replaced since gives 412.")
]


class PartShown(BaseModel):
    """One institution's part: counts and hash, no person."""

    institution: str
    version: int
    sha256: str
    applicants: int
    applications: int
    notes: list[str] = Field(
        description="What need not be mended, then what clashes with others; for the office alone, "
        "since it may name persons."
    )
    withdrawn: bool = Field(description="By the coordinator: it counts no longer.")
    at: str


class Checked(BaseModel):
    """What a part holds, and what the reader should know but need not mend."""

    applicants: int
    applications: int
    offerings: list[str]
    notes: list[str]


class Ranking(BaseModel):
    """By which scenario's rules to rank; the round's own by default."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{}]})

    scenario: Known | None = None


def part_shown(
    session: Session, row: PartRow, caller: Caller, language: Language = "en"
) -> PartShown:
    """``row`` as ``caller`` may see it: an office with its notes and what clashes now."""
    notes = []
    if caller.role == "office":
        clashing = standing_clashes(session, row.round_id)
        own = [c for c in clashing if c.taken is None and of_institution(c, row.institution)]
        notes = [_note_in(note, language) for note in row.notes]
        notes += told_to_office(own, language)
    return PartShown(
        institution=row.institution,
        version=row.version,
        sha256=row.sha256,
        applicants=row.applicants,
        applications=row.applications,
        notes=notes,
        withdrawn=row.withdrawn,
        at=row.at,
    )


def _note_in(note: str | Mapping[str, str], language: Language) -> str:
    """A stored note in ``language``; 0.1.0 stored the English alone."""
    return note if isinstance(note, str) else note[language]


async def _read(
    installation: Installation, institution: str, data: bytes, register: Tables | None
) -> Round:
    own, settings = own_offerings(institution), installation.settings
    return await installation.readers.run(read_upload, data, own, settings, register)


_UPLOAD = upload_of("A zip of the round folder's CSV files, or an .xlsx.", MEDIA_TYPES)


@router.get("")
def parts(round_id: RoundId, caller: Coordinator, installation: Installed) -> list[PartShown]:
    """Which institutions have uploaded their part."""
    with installation.store.reading() as session:
        find_round(session, round_id)
        newest = newest_parts(session, round_id).values()
        return [part_shown(session, row, caller) for row in newest]


@router.get("/{institution}")
def part(
    round_id: RoundId,
    institution: Institution,
    caller: OfficeOrCoordinator,
    installation: Installed,
    response: Response,
    language: Spoken,
) -> PartShown:
    """What an institution has uploaded: counts and hash, no person."""
    keep_to_own(caller, institution)
    with installation.store.reading() as session:
        find_round(session, round_id)
        row = newest_parts(session, round_id).get(institution)
        if row is None:
            raise not_found("part of this institution", "upload one with PUT")
        response.headers["ETag"] = version_tag(row.version)
        return part_shown(session, row, caller, language)


@router.put(
    "/{institution}",
    responses={200: {"model": PartShown}},
    openapi_extra=_UPLOAD,
    max_body_size=UPLOAD_BYTES,
)
async def upload(
    round_id: RoundId,
    institution: Institution,
    caller: Office,
    installation: Installed,
    writing: Writing,
    data: Uploaded,
    language: Spoken,
    if_match: IfMatch = None,
) -> Response:
    """Uploads an institution's part: its own offerings' applicants. It replaces the one before.

    Every error comes back at once, in `errors`; then nothing is stored.
    """
    keep_to_own(caller, institution)
    said = hashlib.sha256(data).hexdigest()

    def before() -> tuple[Response | None, Tables | None]:
        earlier = writing.earlier(caller, said)
        if earlier is not None:
            return earlier, None
        with installation.store.reading() as session:
            refuse_unless_open(find_round(session, round_id))
            return None, register_of(session, round_id)

    earlier, register = await run_in_threadpool(before)
    if earlier is not None:
        return earlier
    read = await _read(installation, institution, data, register)

    def prepare(session: Session) -> tuple[bytes, AgreedRound]:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        stands = stated_in(session, row)
        content = packed_part(read, services=stands.register is None)
        parts = {**stands.parts, institution: unpacked(content)}
        return content, worked_out(replace(stands, parts=parts))

    def work(session: Session, made: tuple[bytes, AgreedRound]) -> Answered:
        row = find_round(session, round_id)
        refuse_unless_open(row)
        refuse_outdated(if_match, part_version(session, round_id, institution))
        content, agreement = made
        refuse_changed(session, row, agreement)
        stored = store_part(session, round_id, institution, read, content)
        audit_part(session, stored, actor_of(caller))
        keep_agreement(session, row, agreement)
        shown = part_shown(session, stored, caller, language)
        return Answered(200, shown, {"ETag": version_tag(stored.version)})

    return await run_in_threadpool(writing.prepared, caller, said, prepare, work)


@router.post(
    "/{institution}/check",
    openapi_extra=_UPLOAD,
    max_body_size=UPLOAD_BYTES,
)
async def check(
    round_id: RoundId,
    institution: Institution,
    caller: Office,
    installation: Installed,
    data: Uploaded,
    language: Spoken,
) -> Checked:
    """Checks a part as an upload would, and stores nothing."""
    keep_to_own(caller, institution)

    def known() -> Tables | None:
        with installation.store.reading() as session:
            find_round(session, round_id)
            return register_of(session, round_id)

    register = await run_in_threadpool(known)
    read = await _read(installation, institution, data, register)
    return Checked(
        applicants=len(read.applicants),
        applications=len(read.applications),
        offerings=list(read.offerings),
        notes=[note.in_(language) for note in read.notes],
    )


@router.post("/{institution}/rankings", status_code=202, responses=ACCEPTED)
def rank(
    round_id: RoundId,
    institution: Institution,
    asked: Ranking,
    caller: Office,
    installation: Installed,
    writing: Writing,
) -> Response:
    """Ranks the institution's own offerings from its own part, as a job."""
    keep_to_own(caller, institution)
    if asked.scenario is not None:
        known_scenario(asked.scenario)

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        if institution not in latest_parts(session, round_id):
            raise ProblemError(
                409, "this institution has uploaded no part", "Maybe upload it with PUT."
            )
        request = {
            "round": row.id,
            "institution": institution,
            "scenario": asked.scenario or row.scenario,
        }
        return accepted(add_job(session, caller, "ranking", request, f"rounds/{row.id}"))

    return writing.do(caller, asked, work)
