"""The records that figures are counted from.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009_figure_records"
down_revision = "0008_registries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "figure_record",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column(
            "judged_by",
            sa.LargeBinary(),
            nullable=False,
            comment="hash of all that it is judged by but its events",
        ),
        sa.Column(
            "mark",
            sa.BigInteger(),
            nullable=False,
            comment="log entries (hub) or changes (node) that it is made of",
        ),
        sa.Column("last_index", sa.BigInteger(), nullable=False, comment="of the last event in it"),
        sa.Column(
            "content",
            sa.Text(),
            nullable=False,
            comment="MatterRecord, JSON; empty: no figure counts the matter",
        ),
        sa.PrimaryKeyConstraint("instruction"),
        comment="what each matter adds to figures; follows the log, rebuilt from events",
    )
    op.create_table(
        "figure_cursor",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False, comment="always 1"),
        sa.Column("judged_by", sa.LargeBinary(), nullable=False, comment="as in the records"),
        sa.Column("mark", sa.BigInteger(), nullable=False, comment="up to which every matter has its record"),
        sa.PrimaryKeyConstraint("id"),
    )
