"""Indexes by which lists of few states, and of what somebody works on, are found without reading the whole box.

Rules for a migration: migrations/script.py.mako.
"""

from alembic import op

revision = "0026_lists_by_state_and_officer"
down_revision = "0025_second_factors"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_instruction_box_state", "instruction", ["sent", "state", "instruction"])
    op.create_index("ix_instruction_officer", "instruction", ["officer", "instruction"])
