"""Matters whose reading the superior has restricted.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0031_restrictions"
down_revision = "0030_digests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "restriction",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="event id of the last order about the matter"
        ),
        sa.Column("log_index", sa.BigInteger(), nullable=False, comment="of that order"),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("restricted", sa.Boolean(), nullable=False, comment="false: it was lifted"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="RestrictionOrder, serialised"),
        sa.PrimaryKeyConstraint("instruction"),
        comment="matters whose reading the superior has restricted (限制查阅)",
    )
