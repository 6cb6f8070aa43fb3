"""Signing in at an issuer: what has begun there, and what it said of a session."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The table of sign-ins that have begun; sessions that there are have no token."""
    op.add_column("sessions", sa.Column("id_token", sa.Text(), nullable=True))
    op.create_table(
        "signings_in",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(length=200), nullable=False),
        sa.Column("verifier", sa.String(length=200), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
