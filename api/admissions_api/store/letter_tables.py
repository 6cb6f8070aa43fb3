"""The tables of letters: what an office asks for once, and each letter that was made of it."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from admissions_api.store.tables import Base

_SHA256 = String(64)
_STAMP = String(27)
_NAME = String(200)


class LettersRow(Base):
    """An institution's letters, of a published allocation or of its season as it stood.

    ``id`` is that of the job that makes them; ``events``: so many of the season they tell of, 0
    without one. ``beside`` is what they are made with, contacts and template, until they are made;
    ``papers``: the files for dispatch, archive and printer. The person can read their own from
    ``released_at`` on.
    """

    __tablename__ = "letters"
    __table_args__ = (Index("letters_by_round", "round_id", "institution"),)

    id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    institution: Mapped[str] = mapped_column(_NAME)
    allocation_id: Mapped[str] = mapped_column(ForeignKey("allocations.id"))
    events: Mapped[int]
    call: Mapped[int]
    changed_alone: Mapped[bool]
    beside: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    papers: Mapped[str | None] = mapped_column(ForeignKey("blobs.sha256"))
    count: Mapped[int]
    without_address: Mapped[int]
    at: Mapped[str] = mapped_column(_STAMP)
    made_at: Mapped[str | None] = mapped_column(_STAMP)
    released_at: Mapped[str | None] = mapped_column(_STAMP)


class LetterRow(Base):
    """One person's letter: a row as in ``dispatch.csv``, and the PDF."""

    __tablename__ = "letter"

    letters_id: Mapped[str] = mapped_column(ForeignKey("letters.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(_NAME, primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("rounds.id"))
    file: Mapped[str] = mapped_column(_NAME)
    language: Mapped[str] = mapped_column(String(2))
    state: Mapped[str] = mapped_column(String(20))
    sha256: Mapped[str] = mapped_column(_SHA256)
    pdf: Mapped[str] = mapped_column(ForeignKey("blobs.sha256"))
