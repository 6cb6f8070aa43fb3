"""What a round is committed to may be hidden behind a salt until it is closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rounds that are open already have none."""
    op.add_column("rounds", sa.Column("salt", sa.Text(), nullable=False, server_default=""))
