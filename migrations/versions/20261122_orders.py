"""A superior's orders before they are issued; whose mark of a case is its debtor's.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012_orders"
down_revision = "0011_rules_of_drafts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "order_draft",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="CourtOrder, serialised"),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("author_roles", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="account; empty: not"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
        comment="a superior's orders that wait for approval, and what became of them (hub)",
    )
    op.add_column(
        "party_mark",
        sa.Column(
            "debtor",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="of the one against whom it is",
        ),
    )
