"""Registers, wishes, clashes and staffs; what a round is committed to; withdrawn parts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_NAME = sa.String(length=200)
_STAMP = sa.String(length=27)
_SHA256 = sa.String(length=64)


def upgrade() -> None:
    """What was made before is committed to nothing, and asked for by nobody who is known."""
    for table in ("registers", "wishes"):
        op.create_table(
            table,
            sa.Column("round_id", _NAME, nullable=False),
            sa.Column("version", sa.Integer(), nullable=False),
            sa.Column("sha256", _SHA256, nullable=False),
            sa.Column("rows", sa.Integer(), nullable=False),
            sa.Column("at", _STAMP, nullable=False),
            sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
            sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"]),
            sa.PrimaryKeyConstraint("round_id", "version"),
        )
    op.create_table(
        "clashes",
        sa.Column("round_id", _NAME, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fingerprint", _SHA256, nullable=False),
        sa.Column("about", _NAME, nullable=False),
        sa.Column("key", sa.JSON(), nullable=False),
        sa.Column("field", _NAME, nullable=False),
        sa.Column("between", sa.JSON(), nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.Column("ended_at", _STAMP, nullable=True),
        sa.Column("taken", _NAME, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
        sa.PrimaryKeyConstraint("round_id", "number"),
    )
    op.create_index("clashes_by_fingerprint", "clashes", ["round_id", "fingerprint"])
    op.create_table(
        "staffs",
        sa.Column("round_id", _NAME, nullable=False),
        sa.Column("service_id", _NAME, nullable=False),
        sa.Column("sha256", _SHA256, nullable=False),
        sa.Column("at", _STAMP, nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
        sa.ForeignKeyConstraint(["sha256"], ["blobs.sha256"]),
        sa.PrimaryKeyConstraint("round_id", "service_id"),
    )
    for column in (
        sa.Column("seed", sa.BigInteger(), nullable=True),
        sa.Column("digest", _SHA256, nullable=True),
        sa.Column("seed_sha256", _SHA256, nullable=True),
        sa.Column("agreed", _SHA256, nullable=True),
    ):
        op.add_column("rounds", column)
    op.add_column(
        "parts", sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    for column in (
        sa.Column("closed_at", _STAMP, nullable=True),
        sa.Column("digest", _SHA256, server_default="", nullable=False),
        sa.Column("asked_by", sa.Text(), server_default="", nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
    ):
        op.add_column("allocations", column)
    op.execute(
        "UPDATE allocations SET closed_at = "
        "(SELECT rounds.closed_at FROM rounds WHERE rounds.id = allocations.round_id)"
    )
