"""What people and systems are told outside the platform, and what each person wants.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017_notifications"
down_revision = "0016_saved_views"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification",
        sa.Column(
            "notification_id",
            sa.Text(),
            nullable=False,
            comment="made of what, whom and how: the idempotency key",
        ),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("addressee", sa.Text(), nullable=False, comment="account:ID, duty, or hook:NAME"),
        sa.Column("account", sa.Text(), nullable=False, comment="of the addressee; empty: nobody's"),
        sa.Column("name", sa.Text(), nullable=False, comment="of the addressee"),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column(
            "confidential", sa.Boolean(), nullable=False, comment="its kind: nothing of the matter is told"
        ),
        sa.Column("urgent", sa.Boolean(), nullable=False, comment="goes out at night too"),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="number, step, limit; nothing personal"),
        sa.Column(
            "content", sa.Text(), nullable=False, comment="what a webhook is told, JSON; empty: no webhook"
        ),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "expires_at", sa.BigInteger(), nullable=False, comment="after which it says nothing true any more"
        ),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.Column("next_at", sa.BigInteger(), nullable=False, comment="when it is tried; 0: not any more"),
        sa.Column("address", sa.Text(), nullable=False, comment="masked; empty: not tried"),
        sa.Column("answer", sa.Text(), nullable=False, comment="of the gateway; long numbers masked"),
        sa.PrimaryKeyConstraint("notification_id"),
        comment="what people and systems are told outside the platform, each once, and what became of it",
    )
    op.create_index(
        "ix_notification_waiting",
        "notification",
        ["channel", "next_at"],
        sqlite_where=sa.text("next_at > 0"),
        postgresql_where=sa.text("next_at > 0"),
    )
    op.create_index("ix_notification_queued", "notification", ["queued_at", "notification_id"])
    op.create_index("ix_notification_account", "notification", ["account", "queued_at"])
    op.create_table(
        "notification_settings",
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False, comment="empty: none"),
        sa.Column("declined_channels", sa.Text(), nullable=False, comment="with blanks between"),
        sa.Column("declined_kinds", sa.Text(), nullable=False, comment="with blanks between"),
        sa.PrimaryKeyConstraint("account"),
        comment="where a person is told, and what of he does not want to hear",
    )
