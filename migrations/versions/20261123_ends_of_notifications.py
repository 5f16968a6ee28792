"""When what a notification speaks of is over, so that a retry by hand does not outlive it.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020_ends_of_notifications"
down_revision = "0019_witnesses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notification",
        sa.Column(
            "ends_at",
            sa.BigInteger(),
            nullable=False,
            server_default="0",
            comment="when what it speaks of is over: no try after it, not by hand either; 0: never",
        ),
    )
