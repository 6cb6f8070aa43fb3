"""Each event of a season has a salt of its own, which is erased with whom it is about."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Events that are stored already have none."""
    op.add_column(
        "season_events",
        sa.Column("salt", sa.String(length=32), nullable=False, server_default=""),
    )
