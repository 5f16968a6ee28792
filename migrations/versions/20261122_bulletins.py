"""Bulletins and what courts say against their drafts.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005_bulletins"
down_revision = "0004_papers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletin",
        sa.Column("bulletin_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Text(), nullable=False),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column(
            "log_size", sa.BigInteger(), nullable=False, comment="entries of the log that its figures are of"
        ),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the frozen bytes"),
        sa.Column("drawn_up_by", sa.Text(), nullable=False, comment="account"),
        sa.Column("drawn_up_at", sa.BigInteger(), nullable=False),
        sa.Column("objections_until", sa.BigInteger(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="that published it; empty: none"),
        sa.PrimaryKeyConstraint("bulletin_id"),
        comment="figures frozen at a log index (hub)",
    )
    op.create_table(
        "data_objection",
        sa.Column("objection_id", sa.Text(), nullable=False),
        sa.Column("bulletin_id", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False, comment="empty: the whole"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.BigInteger(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="empty: not answered"),
        sa.Column("answered_by", sa.Text(), nullable=False, comment="account"),
        sa.Column("answered_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.PrimaryKeyConstraint("objection_id"),
        comment="what courts say against drafts of bulletins (hub)",
    )
    op.create_index(op.f("ix_data_objection_bulletin_id"), "data_objection", ["bulletin_id"], unique=False)
