"""What awaits an answer beside each matter; 督办 before they are issued, replies before they are signed.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007_urges"
down_revision = "0006_deadlines"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "instruction",
        sa.Column(
            "overlays",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="what awaits an answer, such as a complaint",
        ),
    )
    op.create_table(
        "urge_draft",
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="UrgeOrder, serialised"),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("author_roles", sa.Text(), nullable=False),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="account; empty: not"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("draft_id"),
        comment="督办 that wait for approval, and what became of them (hub)",
    )
    op.create_table(
        "reply_draft",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="UrgeReply, serialised"),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("drafted_at", sa.BigInteger(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False, comment="why it came back; empty: it waits"),
        sa.PrimaryKeyConstraint("instruction"),
        comment="replies to 督办 that wait for the 执行局长 (node)",
    )
