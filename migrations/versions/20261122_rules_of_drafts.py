"""Under which rulebook a draft was checked last.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011_rules_of_drafts"
down_revision = "0010_matters_of_a_case"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "hash, under which it was checked last"
    op.add_column(
        "draft",
        sa.Column("rulebook", sa.Text(), server_default=sa.text("''"), nullable=False, comment=comment),
    )
