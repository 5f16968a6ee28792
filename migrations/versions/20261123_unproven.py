"""What a node has still to be shown of the log: proofs of delivered entries, checkpoints that other courts saw.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021_unproven"
down_revision = "0020_ends_of_notifications"
branch_labels = None
depends_on = None

Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "unproven",
        sa.Column("log_index", Position, nullable=False, autoincrement=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("feed_seq", sa.BigInteger(), nullable=False),
        sa.Column(
            "failed",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="the hub could not prove it: never asked again",
        ),
        sa.PrimaryKeyConstraint("log_index"),
        comment="entries that the feed has brought and of which no proof that the log has them was checked yet",
    )
    op.create_table(
        "seen_elsewhere",
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False, comment="base64, as the header says it"),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("court"),
        comment="the newest checkpoint that another court has signed it saw, until it is held against the own log",
    )
