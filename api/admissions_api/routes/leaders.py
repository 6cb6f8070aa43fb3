"""Leaders: own staff alone. They see them, state an order, preview what it does, and send it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.model.errors import Finding
from admissions.model.messages import Message, message
from admissions.model.resources import offering_ids
from admissions.model.vocabulary import Language
from admissions.model.wording import Wording
from admissions.preview.preview import GroupWish, PreviewedPerson, group_wishes, preview
from admissions.preview.staff import Staff
from admissions_api.access import Installed, Leader, keep_to_own
from admissions_api.allocations import ResultFolder
from admissions_api.answered import Answered, Writing
from admissions_api.etags import refuse_outdated, version_tag
from admissions_api.examples import one
from admissions_api.installation import Installation
from admissions_api.jobs.queue import actor_of
from admissions_api.paging import Page, Paged
from admissions_api.preferences import (
    Preferences,
    audit_preferences,
    latest_version,
    store_preferences,
)
from admissions_api.previews import PublishedCutOffs, orders_of, published_or_refuse
from admissions_api.problems import CONFLICT, ProblemError, Spoken
from admissions_api.reads import LeaderReads
from admissions_api.rounds import find_round, refuse_after_deadline
from admissions_api.routes.parts import IfMatch
from admissions_api.routes.rounds import RoundId
from admissions_api.store.tables import AllocationRow, PreferenceRow, RoundRow
from admissions_api.texts import PLAIN, WITH_SLASHES

router = APIRouter(prefix="/v1/rounds/{round_id}/services/{service_id}", tags=["leaders"])
ServiceId = Annotated[
    str,
    WITH_SLASHES,
    Path(max_length=200, pattern=PLAIN, openapi_examples=one("S002")),
]


class StaffApplicationShown(BaseModel):
    """One wish of one of own staff, held against the published cut-off."""

    offering_id: str
    preference: int
    qualified: bool
    not_met: list[Wording] = Field(description="The requirements that are not met.")
    points: str = Field(description="As the site writes them; empty where it counts none.")
    cut_off_points: str | None = Field(description="`:` where they would be one of a few's.")
    above_cut_off: bool = Field(description="By all criteria, the draw included.")
    chance: int | None = Field(description="That this wish gives the seat, in per cent.")
    outcome: str | None = Field(None, description="Once the round is published.")


class StaffShown(BaseModel):
    """One of own staff: the seat that the cut-offs as they stand give, and the chance of any."""

    person_id: str
    seat: str | None
    chance: int
    applications: list[StaffApplicationShown]


class GroupShown(BaseModel):
    """A wish for several together, or none: whom it would cost the seat, and that it can."""

    offering_id: str
    at_least: int
    within: list[str] = Field(description="Who gets the seat there as the cut-offs stand.")
    warning: str


class ServiceShown(BaseModel):
    """Own staff under what was sent last (``preferences``: its version, 0 = nothing yet)."""

    service_id: str
    deadline: str
    preferences: int
    cut_offs: int
    staff: list[StaffShown]
    groups: list[GroupShown]


class SentShown(BaseModel):
    """What was sent: its version (0: nothing yet, the parts' orders stand), and when."""

    version: int
    at: str | None
    preferences: Preferences


class VersionShown(BaseModel):
    """One of the versions that were sent."""

    version: int
    sha256: str
    at: str


class PreviewShown(BaseModel):
    """What becomes of own staff now, and with the order that was tried."""

    cut_offs: int
    now: list[StaffShown]
    then: list[StaffShown]
    groups: list[GroupShown] = Field(description="What is wanted together, by the order tried.")


def _own_staff(
    installation: Installation, session: Session, row: RoundRow, service: str
) -> tuple[PublishedCutOffs, Staff | None]:
    found = published_or_refuse(installation.previews.cut_offs(session, row.id))
    return found, installation.previews.staff(session, row, service, found.snapshot.scenario)


def _shown(
    staff: Staff,
    found: PublishedCutOffs,
    people: tuple[PreviewedPerson, ...],
    outcomes: dict[tuple[str, str], str] | None = None,
) -> list[StaffShown]:
    return [_person(staff, found, person, outcomes or {}) for person in people]


def _person(
    staff: Staff,
    found: PublishedCutOffs,
    person: PreviewedPerson,
    outcomes: dict[tuple[str, str], str],
) -> StaffShown:
    applications = []
    for wish in person.applications:
        own = wish.application
        version = staff.tables[own.offering].version
        at = found.snapshot.offerings.get(own.offering)
        applications.append(
            StaffApplicationShown(
                offering_id=own.offering,
                preference=own.preference,
                qualified=own.qualified,
                not_met=[version.rule(name).title for name in own.not_met],
                points=own.points,
                cut_off_points=at.points if at else None,
                above_cut_off=wish.above,
                chance=wish.chance,
                outcome=outcomes.get((own.person_id, own.offering)),
            )
        )
    return StaffShown(
        person_id=person.person_id,
        seat=person.seat,
        chance=person.chance,
        applications=applications,
    )


def _groups(
    staff: Staff, found: PublishedCutOffs, said: Preferences, language: Language
) -> list[GroupShown]:
    """What is wanted together, held against the cut-offs as if each went alone."""
    together = staff.together if said.groups is None else said.together()
    if not together:
        return []
    alone = preview(staff, found.thresholds, orders_of(said), said.max_students)
    return [
        GroupShown(
            offering_id=wish.offering,
            at_least=wish.at_least,
            within=list(wish.within),
            warning=_warning(staff, wish).in_(language),
        )
        for wish in group_wishes(together, alone)
    ]


def _warning(staff: Staff, wish: GroupWish) -> Message:
    rulebook = staff.scenario.rulebooks[wish.offering]
    title = message("comparing.offering", programme=rulebook.programme, site=rulebook.site)
    said = message("comparing.together", at_least=wish.at_least, offering=title)
    if wish.costs:
        said = message("comparing.together-costs", wish=said, persons=wish.within)
    return said


def _outcomes(session: Session, row: RoundRow, staff: Staff) -> dict[tuple[str, str], str]:
    """What became of own staff's applications, once an allocation is published."""
    if row.published is None:
        return {}
    folder = ResultFolder(session, session.get_one(AllocationRow, row.published))
    own = {application.person_id for application in staff.applications}
    return {
        (decision["person_id"], decision["offering_id"]): decision["outcome"]
        for decision in folder.rows("decisions.csv")
        if decision["person_id"] in own
    }


def _refuse_others(own: frozenset[str], said: Preferences) -> None:
    """Raises ProblemError (422) for each person who is not own staff with an application.

    Whether they exist elsewhere is not told.
    """
    findings = [
        Finding("body", None, "person_ids", person, message("problems.own-staff"))
        for person in sorted(said.persons() - own)
    ]
    known = offering_ids()
    findings += [
        Finding("body", None, "offering_id", order.offering_id, f"expected: {', '.join(known)}")
        for order in said.orders
        if order.offering_id is not None and order.offering_id not in known
    ]
    if findings:
        raise ProblemError(422, message("problems.order-names-others"), findings=findings)


def _refuse_too_large(said: Preferences, members: Mapping[str, int]) -> None:
    """Raises ProblemError (422) for each group that own staff are too few for."""
    findings = [
        Finding(
            "body", None, "groups", offering,
            message("problems.group-at-most", most=members.get(offering, 0)),
        )
        for offering, at_least in said.together().items()
        if at_least > members.get(offering, 0)
    ]  # fmt: skip
    if findings:
        raise ProblemError(422, message("problems.group-too-large"), findings=findings)


@router.get("", responses=CONFLICT)
def own_staff(
    round_id: RoundId,
    service_id: ServiceId,
    caller: LeaderReads,
    installation: Installed,
    language: Spoken,
) -> ServiceShown:
    """Own staff: applications, qualified or not, points against the cut-offs, chance of a seat."""
    keep_to_own(caller, service_id)
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        found, staff = _own_staff(installation, session, row, service_id)
        version, said, _ = installation.previews.current(session, row, service_id)
        outcomes = {} if staff is None else _outcomes(session, row, staff)
    people = () if staff is None else installation.previews.now(staff, found, said)
    return ServiceShown(
        service_id=service_id,
        deadline=row.deadline,
        preferences=version,
        cut_offs=found.version,
        staff=[] if staff is None else _shown(staff, found, people, outcomes),
        groups=[] if staff is None else _groups(staff, found, said, language),
    )


@router.post("/previews")
def previewed(
    round_id: RoundId,
    service_id: ServiceId,
    said: Preferences,
    caller: Leader,
    installation: Installed,
    language: Spoken,
) -> PreviewShown:
    """Previews what an order and a maximum do to own staff; nothing is sent.

    It is computed from own staff's data and the published cut-offs alone.
    """
    keep_to_own(caller, service_id)
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        found, staff = _own_staff(installation, session, row, service_id)
        _, sent, _ = installation.previews.current(session, row, service_id)
    _refuse_others(frozenset() if staff is None else staff.persons, said)
    if staff is None:
        return PreviewShown(cut_offs=found.version, now=[], then=[], groups=[])
    together = staff.together if said.groups is None else said.together()
    then = preview(staff, found.thresholds, orders_of(said), said.max_students, together)
    return PreviewShown(
        cut_offs=found.version,
        now=_shown(staff, found, installation.previews.now(staff, found, sent)),
        then=_shown(staff, found, then),
        groups=_groups(staff, found, said, language),
    )


@router.get("/preferences", responses=CONFLICT)
def preferences(
    round_id: RoundId,
    service_id: ServiceId,
    caller: Leader,
    installation: Installed,
    response: Response,
) -> SentShown:
    """What counts now for this service."""
    keep_to_own(caller, service_id)
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        version, said, at = installation.previews.current(session, row, service_id)
    response.headers["ETag"] = version_tag(version)
    return SentShown(version=version, at=at, preferences=said)


@router.put("/preferences", responses={200: {"model": SentShown}})
def send(
    round_id: RoundId,
    service_id: ServiceId,
    said: Preferences,
    caller: Leader,
    installation: Installed,
    writing: Writing,
    if_match: IfMatch = None,
) -> Response:
    """Sends an order of own staff and a maximum away, before the round's deadline.

    It replaces what was sent before; every version is kept.
    """
    keep_to_own(caller, service_id)
    earlier = writing.earlier(caller, said)
    if earlier is not None:
        return earlier
    with installation.store.reading() as session:
        row = find_round(session, round_id)
        refuse_after_deadline(row)
        _refuse_others(installation.previews.staff_ids(session, row, service_id), said)
        if said.groups:
            _refuse_too_large(said, installation.previews.members(session, row, service_id))

    def work(session: Session) -> Answered:
        row = find_round(session, round_id)
        refuse_after_deadline(row)
        refuse_outdated(if_match, latest_version(session, round_id, service_id))
        sent = store_preferences(session, round_id, service_id, said)
        audit_preferences(session, sent, actor_of(caller))
        shown = SentShown(version=sent.version, at=sent.at, preferences=said)
        return Answered(200, shown, {"ETag": version_tag(sent.version)})

    return writing.do(caller, said, work)


@router.get("/preferences/versions")
def versions(
    round_id: RoundId, service_id: ServiceId, caller: Leader, installation: Installed, page: Paged
) -> Page[VersionShown]:
    """Every version that was sent, newest first."""
    keep_to_own(caller, service_id)
    own = (PreferenceRow.round_id == round_id, PreferenceRow.service_id == service_id)
    with installation.store.reading() as session:
        find_round(session, round_id)
        total = session.scalar(select(func.count()).select_from(PreferenceRow).where(*own)) or 0
        rows = session.scalars(
            select(PreferenceRow)
            .where(*own)
            .order_by(PreferenceRow.version.desc())
            .offset(page.offset)
            .limit(page.limit)
        )
        return page.of(
            [VersionShown(version=r.version, sha256=r.sha256, at=r.at) for r in rows], total
        )
