"""The tables of what parts agree in: a register, wishes, clashes, and what leaders see of staff."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from admissions_api.store.tables import Base

_SHA256 = String(64)
_STAMP = String(27)
_NAME = String(200)


class RegisterRow(Base):
    """The coordinator's register of services, in canonical form; the highest version counts."""

    __tablename__ = "registers"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    rows: Mapped[int]
    at: Mapped[str] = mapped_column(_STAMP)


class WishesRow(Base):
    """The applicants' own wishes, in canonical form; the highest version counts."""

    __tablename__ = "wishes"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    rows: Mapped[int]
    at: Mapped[str] = mapped_column(_STAMP)


class ClashRow(Base):
    """What parts state otherwise where they must agree: since when, and whose word is taken.

    ``ended_at`` is set once they agree, or one of them says something else. ``fingerprint`` knows
    it again without its values.
    """

    __tablename__ = "clashes"
    __table_args__ = (Index("clashes_by_fingerprint", "round_id", "fingerprint"),)

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    fingerprint: Mapped[str] = mapped_column(_SHA256)
    table: Mapped[str] = mapped_column("about", _NAME)
    key: Mapped[list[Any]] = mapped_column(JSON)
    column: Mapped[str] = mapped_column("field", _NAME)
    between: Mapped[list[Any]] = mapped_column(JSON)
    at: Mapped[str] = mapped_column(_STAMP)
    ended_at: Mapped[str | None] = mapped_column(_STAMP)
    taken: Mapped[str | None] = mapped_column(_NAME)
    reason: Mapped[str | None] = mapped_column(Text)


class StaffRow(Base):
    """What is agreed of a service's own staff, as files: its leader's pages are made of it."""

    __tablename__ = "staffs"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    service_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    at: Mapped[str] = mapped_column(_STAMP)


class PublishedRow(Base):
    """A public comparison of a round, as a zip: made here, or published from elsewhere before.

    ``sha256`` names what is stored; ``folder_sha256`` is the folder's, as another report names it.
    """

    __tablename__ = "published"

    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"), primary_key=True)
    name: Mapped[str] = mapped_column(_NAME, primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
    folder_sha256: Mapped[str] = mapped_column(_SHA256)
    made_here: Mapped[bool]
    at: Mapped[str] = mapped_column(_STAMP)
