"""Orders to erase, their drafts, and what holders answer.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024_erasures"
down_revision = "0023_storage_keys"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("order_id", sa.Text(), nullable=False, comment="event id of the order"),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column(
            "log_index",
            sa.BigInteger(),
            nullable=False,
            comment="of the order: what was logged before it is meant",
        ),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="ErasureOrder, serialised"),
        sa.Column("parts", sa.BigInteger(), nullable=False, comment="erased here"),
        sa.Column("documents", sa.BigInteger(), nullable=False, comment="erased here"),
        sa.Column(
            "done_at", sa.BigInteger(), nullable=False, comment="when nothing was left here; 0: not yet"
        ),
        sa.Column(
            "answer_id",
            sa.Text(),
            nullable=False,
            comment="event id of this program's answer; empty: none yet",
        ),
        sa.PrimaryKeyConstraint("order_id"),
    )
    op.create_index(op.f("ix_erasure_instruction"), "erasure", ["instruction"], unique=False)
    _answers_and_drafts()


def _answers_and_drafts() -> None:
    op.create_table(
        "erasure_answer",
        sa.Column("order_id", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False, comment="NODE or HUB"),
        sa.Column("parts", sa.BigInteger(), nullable=False),
        sa.Column("documents", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "court", "holder"),
        comment="who has erased what was ordered (hub)",
    )
    op.create_table(
        "erasure_draft",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="ErasureOrder, serialised"),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="account; empty: not"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
        comment="orders to erase that wait for approval, and what became of them (hub)",
    )
    op.create_index(op.f("ix_erasure_draft_instruction"), "erasure_draft", ["instruction"], unique=False)
