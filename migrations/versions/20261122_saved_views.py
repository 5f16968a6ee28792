"""What people have narrowed lists to, under names of their own.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016_saved_views"
down_revision = "0015_own_rules"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("view", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("box", sa.Integer(), nullable=False, comment="the list, as the contract numbers it"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="SavedView, serialised"),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="in the order in which they were made"),
        sa.PrimaryKeyConstraint("view"),
        sa.UniqueConstraint("account", "box", "name"),
        comment="what people have narrowed lists to, under names of their own",
    )
