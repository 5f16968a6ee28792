"""Decisions on handovers before they are issued.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0013_handovers"
down_revision = "0012_orders"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "disposal_draft",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False, comment="the handover"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="DecisionOrder, serialised"),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="account; empty: not"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
        comment="decisions on handovers that wait for approval, and what became of them (hub)",
    )
    op.create_index(op.f("ix_disposal_draft_instruction"), "disposal_draft", ["instruction"])
