"""The tables of the store: times are UTC texts, what is large or sealed a blob by its SHA-256."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

_SHA256 = String(64)
_STAMP = String(27)
_NAME = String(200)


class Base(DeclarativeBase):
    """The metadata that migrations are held against."""


class Blob(Base):
    """Bytes by the SHA-256 of their salt and themselves: parts, preferences, result folders.

    ``stands_as`` is set once something was erased: the hash of what stands there now, "" where
    nothing does. ``sha256`` stays, the name by which the chain and all rows know it.
    """

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    salt: Mapped[str] = mapped_column(String(32), server_default="")
    data: Mapped[bytes] = mapped_column(LargeBinary)
    stands_as: Mapped[str | None] = mapped_column(_SHA256, index=True)


class RoundRow(Base):
    """One admission round: ``state`` is open, closed, published or erased.

    ``digest`` and ``seed_sha256`` are what it was committed to when it was opened, both behind
    ``salt`` where there is one; ``agreed`` says
    from which parts, register and wishes its clashes and staffs were made.
    """

    __tablename__ = "rounds"

    id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    scenario: Mapped[str] = mapped_column(_NAME)
    deadline: Mapped[str] = mapped_column(_STAMP)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    opened_at: Mapped[str] = mapped_column(_STAMP)
    closed_at: Mapped[str | None] = mapped_column(_STAMP)
    published: Mapped[str | None] = mapped_column(_NAME)
    seed: Mapped[int | None] = mapped_column(BigInteger)
    digest: Mapped[str | None] = mapped_column(_SHA256)
    seed_sha256: Mapped[str | None] = mapped_column(_SHA256)
    salt: Mapped[str] = mapped_column(Text, server_default="")
    agreed: Mapped[str | None] = mapped_column(_SHA256)


class PartRow(Base):
    """One institution's part of a round, in canonical form; the highest version counts.

    One that is ``withdrawn`` repeats the part before it, which counts no longer.
    """

    __tablename__ = "parts"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    institution: Mapped[str] = mapped_column(_NAME, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    applicants: Mapped[int]
    applications: Mapped[int]
    notes: Mapped[list[Any]] = mapped_column(JSON)
    withdrawn: Mapped[bool]
    at: Mapped[str] = mapped_column(_STAMP)


class PreferenceRow(Base):
    """What a service's leader sent; every version stays, the highest counts."""

    __tablename__ = "preferences"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    at: Mapped[str] = mapped_column(_STAMP)


class CutOffRow(Base):
    """A published snapshot of cut-offs; the highest version counts."""

    __tablename__ = "cut_offs"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    scenario: Mapped[str] = mapped_column(_NAME)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    at: Mapped[str] = mapped_column(_STAMP)


class AllocationRow(Base):
    """One allocation with what it was made from; ``folder`` is the result folder as a zip.

    ``closed_at`` is when the round was closed whose parts it was made from; ``reason`` why it was
    published with another digest than the round was committed to.
    """

    __tablename__ = "allocations"

    id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), index=True)
    scenario: Mapped[str] = mapped_column(_NAME)
    program_version: Mapped[str] = mapped_column(_NAME)
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    rulebooks: Mapped[dict[str, Any]] = mapped_column(JSON)
    properties: Mapped[dict[str, Any]] = mapped_column(JSON)
    folder: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    at: Mapped[str] = mapped_column(_STAMP)
    published_at: Mapped[str | None] = mapped_column(_STAMP)
    closed_at: Mapped[str | None] = mapped_column(_STAMP)
    digest: Mapped[str] = mapped_column(_SHA256)
    asked_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)


class ExplanationsRow(Base):
    """Every explanation of an allocation, as one blob."""

    __tablename__ = "explanations"

    allocation_id: Mapped[str] = mapped_column(ForeignKey("allocations.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))


class SeasonRow(Base):
    """The year after a published allocation.

    ``policy`` is what it is run by. ``by_clock``: deadlines and reminders are carried out when
    their day has come; ``due_on``: the next day on which there is something to carry out.
    """

    __tablename__ = "seasons"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    allocation_id: Mapped[str] = mapped_column(ForeignKey("allocations.id"))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    by_clock: Mapped[bool]
    due_on: Mapped[str | None] = mapped_column(String(10), index=True)
    at: Mapped[str] = mapped_column(_STAMP)


class SeasonEventRow(Base):
    """One event of a season, as in ``events.csv``: rows are appended and never altered.

    ``salt`` goes with whoever is erased: no hash of the rows says what an erased one was.
    """

    __tablename__ = "season_events"

    round_id: Mapped[str] = mapped_column(ForeignKey("seasons.round_id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    on: Mapped[str] = mapped_column("on_day", String(10))
    by: Mapped[str] = mapped_column("by_whom", Text)
    event: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[str] = mapped_column(_NAME)
    offering_id: Mapped[str] = mapped_column(_NAME)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    call: Mapped[int] = mapped_column("call_number")
    salt: Mapped[str] = mapped_column(String(32), server_default="")
    at: Mapped[str] = mapped_column(_STAMP)


class SeasonCallRow(Base):
    """A call after the first: its folder as a zip, the SHA-256 of its certificate, its offers."""

    __tablename__ = "season_calls"

    round_id: Mapped[str] = mapped_column(ForeignKey("seasons.round_id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    folder: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    certificate: Mapped[str] = mapped_column(_SHA256)
    at: Mapped[str] = mapped_column(_STAMP)


class SeasonReminderRow(Base):
    """Whoever is to be reminded of a deadline: a row once each."""

    __tablename__ = "season_reminders"

    round_id: Mapped[str] = mapped_column(ForeignKey("seasons.round_id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    offering_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    deadline: Mapped[str] = mapped_column(String(10), primary_key=True)
    at: Mapped[str] = mapped_column(_STAMP)


class JobRow(Base):
    """Long work: who asked, for what, and how far it is.

    ``state`` is queued, running, done, failed, cancelled or interrupted. ``attempt`` fences: only
    the worker of the current attempt may finish it. ``beat`` is that worker's last sign of life.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("jobs_by_state", "state", "created_at"),)

    id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    kind: Mapped[str] = mapped_column(_NAME)
    role: Mapped[str] = mapped_column(_NAME)
    scope: Mapped[str] = mapped_column(_NAME)
    request: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(20))
    attempt: Mapped[int]
    done: Mapped[int]
    total: Mapped[int]
    cancel: Mapped[bool]
    result: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    result_at: Mapped[str | None] = mapped_column(Text)
    problem: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    created_at: Mapped[str] = mapped_column(_STAMP)
    started_at: Mapped[str | None] = mapped_column(_STAMP)
    ended_at: Mapped[str | None] = mapped_column(_STAMP)
    beat: Mapped[str | None] = mapped_column(_STAMP)


class AnsweredRow(Base):
    """What was answered to a request with an idempotency key, so that a repeat gets the same."""

    __tablename__ = "answered"

    caller: Mapped[str] = mapped_column(String(500), primary_key=True)
    key: Mapped[str] = mapped_column(_NAME, primary_key=True)
    request_sha256: Mapped[str] = mapped_column(_SHA256)
    status: Mapped[int]
    headers: Mapped[dict[str, Any]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)
    at: Mapped[str] = mapped_column(_STAMP)


class InvitationRow(Base):
    """A link that signs somebody in once; ``callers`` are the roles that they then have."""

    __tablename__ = "invitations"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    callers: Mapped[list[Any]] = mapped_column(JSON)
    ends_at: Mapped[str] = mapped_column(_STAMP)
    used_at: Mapped[str | None] = mapped_column(_STAMP)


class SessionRow(Base):
    """Somebody signed in with a browser; ``chosen`` is the place of a role in ``callers``.

    ``id_token`` is what an issuer said of them, with which they are signed out there too.
    """

    __tablename__ = "sessions"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    callers: Mapped[list[Any]] = mapped_column(JSON)
    chosen: Mapped[int | None]
    began_at: Mapped[str] = mapped_column(_STAMP)
    seen_at: Mapped[str] = mapped_column(_STAMP)
    id_token: Mapped[str | None] = mapped_column(Text)


class SigningInRow(Base):
    """A sign-in at an issuer that has begun, by the SHA-256 of its state and the browser's cookie.

    It is taken once. Its nonce and code verifier are known to nobody else.
    """

    __tablename__ = "signings_in"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    browser: Mapped[str] = mapped_column(_SHA256)
    nonce: Mapped[str] = mapped_column(_NAME)
    verifier: Mapped[str] = mapped_column(_NAME)
    after: Mapped[str] = mapped_column(Text)
    ends_at: Mapped[str] = mapped_column(_STAMP)


class RevokedRow(Base):
    """A local token that is good no longer, by its SHA-256."""

    __tablename__ = "revoked"

    sha256: Mapped[str] = mapped_column(_SHA256, primary_key=True)
    at: Mapped[str] = mapped_column(_STAMP)


class ReadRow(Base):
    """That somebody asked for what is stored of persons: ``about`` is whom and what of."""

    __tablename__ = "reads"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str] = mapped_column(_STAMP, index=True)
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(_NAME)
    scope: Mapped[str] = mapped_column(_NAME)
    what: Mapped[str] = mapped_column(Text)
    about: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuditRow(Base):
    """Who did what to what and when; ``hash`` covers all of it and the hash before."""

    __tablename__ = "audit"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str] = mapped_column(_STAMP)
    actor: Mapped[str] = mapped_column(Text)
    role: Mapped[str] = mapped_column(_NAME)
    scope: Mapped[str] = mapped_column(_NAME)
    action: Mapped[str] = mapped_column(_NAME)
    target: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(_SHA256)
    hash: Mapped[str] = mapped_column(_SHA256)


class AuditHead(Base):
    """The chain's last entry, in one row: whoever writes holds it, so writers come one by one."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(_SHA256)
