"""SMS beyond what an account is sent in an hour are counted by a digest.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0030_digests"
down_revision = "0029_over_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notification",
        sa.Column(
            "digest",
            sa.Text(),
            nullable=False,
            server_default=sa.text("''"),
            comment="that counts it; empty: none",
        ),
    )
