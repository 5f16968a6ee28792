"""Which certificates the hub has handed out, to the byte, and from which of its authorities.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022_certificates"
down_revision = "0021_unproven"
branch_labels = None
depends_on = None


def upgrade() -> None:
    columns = {"sha256": "hex; empty: of before it was kept", "authority": "SHA-256 of its certificate, hex"}
    for name, comment in columns.items():
        column = sa.Column(name, sa.Text(), server_default=sa.text("''"), nullable=False, comment=comment)
        op.add_column("certificate", column)
