"""Indexes by which lists of few kinds, and of what waits for the superior, are found without reading all matters.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027_lists_by_kind_and_appeal"
down_revision = "0026_lists_by_state_and_officer"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_instruction_kind", "instruction", ["kind", "sent", "instruction"])
    waits = sa.text("appeals <> ''")
    op.create_index(
        "ix_instruction_appeals", "instruction", ["instruction"], sqlite_where=waits, postgresql_where=waits
    )
