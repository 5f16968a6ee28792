"""By what a notification is over, so that nobody is told of what others have dealt with.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0029_over_notifications"
down_revision = "0028_case_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "notification",
        sa.Column(
            "over_by",
            sa.Text(),
            nullable=False,
            server_default=sa.text("''"),
            comment="events of the matter, with blanks between, and END for its end, that make it untrue",
        ),
    )
    op.add_column(
        "notification",
        sa.Column(
            "happened_at", sa.BigInteger(), nullable=False, server_default="0", comment="by the hub's clock"
        ),
    )
