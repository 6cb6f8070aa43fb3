"""What leaders send: an order of own staff and how many may be away; every version is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from admissions.intake.merging import Row
from admissions_api.clock import stamp
from admissions_api.store import put_blob
from admissions_api.store.audit import Actor, append
from admissions_api.store.tables import Blob, PreferenceRow
from admissions_api.texts import PLAIN

MOST_STAFF = 2000
PersonId = Annotated[str, Field(min_length=1, max_length=200, pattern=PLAIN)]


class Order(BaseModel):
    """Who should go first; ``offering_id`` null is for every offering without a list of its own."""

    model_config = ConfigDict(extra="forbid")

    offering_id: Annotated[str, Field(max_length=100, pattern=PLAIN)] | None = None
    person_ids: list[PersonId] = Field(max_length=MOST_STAFF)


class Group(BaseModel):
    """At least so many of own staff at the same offering, or none there."""

    model_config = ConfigDict(extra="forbid")

    offering_id: Annotated[str, Field(min_length=1, max_length=100, pattern=PLAIN)]
    at_least: int = Field(ge=2, le=MOST_STAFF)


class Preferences(BaseModel):
    """A leader's orders of own staff, first = most wanted, and at most how many may be away.

    ``groups``: who is to go together or not at all; null leaves what the register says.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "orders": [{"offering_id": None, "person_ids": ["P0496", "P0258"]}],
                    "max_students": 2,
                }
            ]
        },
    )

    orders: list[Order] = Field(max_length=100)
    groups: list[Group] | None = Field(None, max_length=100)
    max_students: int | None = Field(None, ge=0, le=1_000_000)

    @model_validator(mode="after")
    def _once(self) -> Preferences:
        offerings = [order.offering_id for order in self.orders]
        if len(set(offerings)) < len(offerings):
            raise ValueError("expected one order an offering")
        for order in self.orders:
            if len(set(order.person_ids)) < len(order.person_ids):
                raise ValueError("expected each person once in an order")
        together = [group.offering_id for group in self.groups or ()]
        if len(set(together)) < len(together):
            raise ValueError("expected one group an offering")
        most = self.max_students
        if most is not None and any(group.at_least > most for group in self.groups or ()):
            raise ValueError("expected no group larger than max_students")
        return self

    def together(self) -> dict[str, int]:
        """How many are to go together, by offering."""
        return {group.offering_id: group.at_least for group in self.groups or ()}

    def persons(self) -> set[str]:
        """Everybody who is named."""
        return {person for order in self.orders for person in order.person_ids}

    def rows(self, service_id: str) -> list[Row]:
        """The rows of ``leader_preferences.csv`` that this says."""
        return [
            {
                "service_id": service_id,
                "offering_id": order.offering_id or "",
                "person_id": person,
                "rank": str(rank),
            }
            for order in self.orders
            for rank, person in enumerate(order.person_ids, 1)
        ]


def group_rows(service_id: str, groups: Mapping[str, int]) -> list[Row]:
    """The rows of ``leader_groups.csv`` that say this."""
    return [
        {"service_id": service_id, "offering_id": offering, "at_least": str(at_least)}
        for offering, at_least in sorted(groups.items())
    ]


def within(groups: Mapping[str, int], members: Mapping[str, int]) -> dict[str, int]:
    """The groups of which there are enough ``members`` at their offering."""
    return {o: at_least for o, at_least in groups.items() if at_least <= members.get(o, 0)}


def latest_version(session: Session, round_id: str, service_id: str) -> int:
    """How often the service's leader has sent; 0 = not yet."""
    return (
        session.scalar(
            select(func.max(PreferenceRow.version)).where(
                PreferenceRow.round_id == round_id, PreferenceRow.service_id == service_id
            )
        )
        or 0
    )


def read_version(
    session: Session, round_id: str, service_id: str, version: int
) -> tuple[Preferences, PreferenceRow] | None:
    """One version of what was sent, with its row; None when there is none."""
    found = session.execute(
        select(PreferenceRow, Blob.data)
        .join(Blob, Blob.sha256 == PreferenceRow.sha256)
        .where(
            PreferenceRow.round_id == round_id,
            PreferenceRow.service_id == service_id,
            PreferenceRow.version == version,
        )
    ).one_or_none()
    return None if found is None else (Preferences.model_validate_json(found[1]), found[0])


def store_preferences(
    session: Session, round_id: str, service_id: str, said: Preferences
) -> PreferenceRow:
    """Stores ``said`` as the newest version."""
    row = PreferenceRow(
        round_id=round_id,
        service_id=service_id,
        version=latest_version(session, round_id, service_id) + 1,
        sha256=put_blob(session, said.model_dump_json().encode()),
        at=stamp(),
    )
    session.add(row)
    session.flush()
    return row


def audit_preferences(session: Session, sent: PreferenceRow, actor: Actor) -> None:
    """Adds to the chain that ``sent`` was sent."""
    append(
        session,
        actor,
        "preferences.sent",
        f"rounds/{sent.round_id}/services/{sent.service_id}",
        version=sent.version,
        sha256=sent.sha256,
    )


def sent_versions(session: Session, round_id: str) -> int:
    """How often leaders have sent something in the round; each time it is one more."""
    sent = select(func.count()).select_from(PreferenceRow)
    return session.scalar(sent.where(PreferenceRow.round_id == round_id)) or 0


def latest_preferences(session: Session, round_id: str) -> Mapping[str, Preferences]:
    """What counts for each service whose leader has sent, by service."""
    newest = (
        select(PreferenceRow.service_id, func.max(PreferenceRow.version).label("version"))
        .where(PreferenceRow.round_id == round_id)
        .group_by(PreferenceRow.service_id)
        .subquery()
    )
    rows = session.execute(
        select(PreferenceRow.service_id, Blob.data)
        .join(Blob, Blob.sha256 == PreferenceRow.sha256)
        .join(
            newest,
            (newest.c.service_id == PreferenceRow.service_id)
            & (newest.c.version == PreferenceRow.version),
        )
        .where(PreferenceRow.round_id == round_id)
        .order_by(PreferenceRow.service_id)
    )
    return {service: Preferences.model_validate_json(data) for service, data in rows}
