"""Salts of what is stored, and what stands where something was erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was stored before has no salt; its names are hashes of the bytes alone."""
    op.add_column(
        "blobs", sa.Column("salt", sa.String(length=32), server_default="", nullable=False)
    )
    op.add_column("blobs", sa.Column("stands_as", sa.String(length=64), nullable=True))
    op.create_index("ix_blobs_stands_as", "blobs", ["stands_as"], unique=False)
