"""Which passwords somebody else chose, and which sessions were begun with one.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034_first_passwords"
down_revision = "0033_handed_on"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comments = {
        "account": "somebody else chose it",
        "session": "begun with a password that is to be changed before anything else",
    }
    for table, comment in comments.items():
        column = sa.Column(
            "must_change_password", sa.Boolean(), server_default=sa.false(), nullable=False, comment=comment
        )
        op.add_column(table, column)
