"""The matters that a court has sent for a case, by its number.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010_matters_of_a_case"
down_revision = "0009_figure_records"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_instruction_case_sent",
        "instruction",
        ["case_number", "instruction"],
        unique=False,
        if_not_exists=True,
        sqlite_where=sa.text("sent"),
        postgresql_where=sa.text("sent"),
    )
