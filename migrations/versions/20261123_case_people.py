"""Whom the judge and the clerk of a case mean, of this court's people; settled when a case is next entered.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0028_case_people"
down_revision = "0027_lists_by_kind_and_appeal"
branch_labels = None
depends_on = None


def upgrade() -> None:
    whom = "whom the name means; empty: not settled"
    for name, comment in (("judge_account", whom), ("clerk_account", "likewise")):
        op.add_column(
            "case_file",
            sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False, comment=comment),
        )
