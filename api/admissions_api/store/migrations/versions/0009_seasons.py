"""Seasons: events that are appended, calls, and who was reminded."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The tables of seasons; rounds that were published before can begin theirs."""
    op.create_table(
        "seasons",
        sa.Column("round_id", sa.String(length=200), nullable=False),
        sa.Column("allocation_id", sa.String(length=200), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("by_clock", sa.Boolean(), nullable=False),
        sa.Column("due_on", sa.String(length=10), nullable=True),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
        sa.ForeignKeyConstraint(["allocation_id"], ["allocations.id"]),
        sa.PrimaryKeyConstraint("round_id"),
    )
    op.create_index("ix_seasons_due_on", "seasons", ["due_on"])
    op.create_table(
        "season_events",
        sa.Column("round_id", sa.String(length=200), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("on_day", sa.String(length=10), nullable=False),
        sa.Column("by_whom", sa.Text(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("offering_id", sa.String(length=200), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("call_number", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["seasons.round_id"]),
        sa.PrimaryKeyConstraint("round_id", "seq"),
    )
    op.create_table(
        "season_calls",
        sa.Column("round_id", sa.String(length=200), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("folder", sa.String(length=64), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["seasons.round_id"]),
        sa.ForeignKeyConstraint(["folder"], ["blobs.sha256"]),
        sa.PrimaryKeyConstraint("round_id", "number"),
    )
    op.create_table(
        "season_reminders",
        sa.Column("round_id", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=200), nullable=False),
        sa.Column("offering_id", sa.String(length=200), nullable=False),
        sa.Column("deadline", sa.String(length=10), nullable=False),
        sa.Column("at", sa.String(length=27), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["seasons.round_id"]),
        sa.PrimaryKeyConstraint("round_id", "person_id", "offering_id", "deadline"),
    )
