"""What nodes cosigned: the lines that the hub gathers, and what a node has vouched for itself.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019_witnesses"
down_revision = "0018_calls_and_looks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cosignature",
        sa.Column("size", sa.BigInteger(), nullable=False, comment="at the hub: of the checkpoint cosigned"),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("line", sa.LargeBinary(), nullable=False, comment="C2SP tlog-cosignature, without newline"),
        sa.PrimaryKeyConstraint("size", "court"),
    )
    op.create_table(
        "vouched",
        sa.Column(
            "what", sa.Text(), nullable=False, comment="at a node: COSIGNED by itself, WITNESSED by k of n"
        ),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False, comment="C2SP signed note with cosignatures"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("what"),
    )
