"""Keys with which browsers keep what people have not sent yet.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023_storage_keys"
down_revision = "0022_certificates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "storage_key",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        comment="keys with which browsers keep what people have not sent yet, one for each account",
    )
