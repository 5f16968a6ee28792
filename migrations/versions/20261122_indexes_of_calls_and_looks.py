"""What the register of calls and the record of looks are searched by.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018_calls_and_looks"
down_revision = "0017_notifications"
branch_labels = None
depends_on = None


def upgrade() -> None:
    calls = sa.text("kind = 'CallLogged'")
    op.create_index(
        "ix_event_calls", "event", ["court", "position"], sqlite_where=calls, postgresql_where=calls
    )
    op.create_index("ix_access_account", "access", ["account", "id"])
    op.create_index("ix_access_object", "access", ["object", "id"])
    op.create_index("ix_access_at", "access", ["at"])
