"""Rules that courts propose for themselves.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015_own_rules"
down_revision = "0014_marks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_rules",
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False, comment="of the file"),
        sa.Column("content", sa.Text(), nullable=False, comment="TOML; empty takes back what was there"),
        sa.Column(
            "valid_from", sa.Text(), nullable=False, comment="wanted; once published, that of the rulebook"
        ),
        sa.Column("proposed_by", sa.Text(), nullable=False, comment="name"),
        sa.Column("proposed_at", sa.BigInteger(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False, comment="keys that need it, with blanks between"),
        sa.Column("decided_by", sa.Text(), nullable=False, comment="name; empty: nobody"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rulebook", sa.Text(), nullable=False, comment="hash of the one that has it; empty: none"),
        sa.Column("version", sa.Text(), nullable=False, comment="of that rulebook"),
        sa.PrimaryKeyConstraint("proposal"),
        comment="rules that courts have proposed for themselves: a node those of its court, the hub all",
    )
    op.create_index(op.f("ix_own_rules_court"), "own_rules", ["court"])
