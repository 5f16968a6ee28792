"""Duty rosters, leave, matters of other channels, the channel policy, trials.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003_first_week"
down_revision = "0002_cases"
branch_labels = None
depends_on = None

# A key column that is INTEGER on SQLite is the row's address there.
Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _people()
    _outside()
    _settings()


def _people() -> None:
    op.create_table(
        "duty",
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("begins_at", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("mobile", sa.Text(), nullable=False, comment="empty at a hub for other courts: not shared"),
        sa.Column("deputy", sa.Text(), nullable=False),
        sa.Column("deputy_phone", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("court", "begins_at", "name"),
        comment="who can be called when (值班表)",
    )
    op.create_index(op.f("ix_duty_ends_at"), "duty", ["ends_at"], unique=False)
    op.create_table(
        "leave",
        sa.Column("leave_id", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("substitute", sa.Text(), nullable=False, comment="account; empty: none"),
        sa.Column("first_day", sa.Text(), nullable=False, comment="ISO 8601, so that days sort"),
        sa.Column("last_day", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.Text(), nullable=False, comment="account"),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False, comment="0: ends with its last day"),
        sa.PrimaryKeyConstraint("leave_id"),
    )
    op.create_index(op.f("ix_leave_substitute"), "leave", ["substitute"], unique=False)
    op.create_index(op.f("ix_leave_last_day"), "leave", ["last_day"], unique=False)


def _outside() -> None:
    op.create_table(
        "outside_matter",
        sa.Column("outside_id", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("external_number", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False, comment="by the court of this node"),
        sa.Column("other_court", sa.Text(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("subject_names", sa.Text(), nullable=False),
        sa.Column("request_text", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False, comment="account that works on it"),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("began_on", sa.Text(), nullable=False, comment="ISO 8601"),
        sa.Column("due_on", sa.Text(), nullable=False, comment="ISO 8601; empty: none"),
        sa.Column("state", sa.Text(), nullable=False, comment="as typed by hand"),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("backfilled", sa.Boolean(), nullable=False),
        sa.Column(
            "ranked_from", sa.Text(), nullable=False, comment="ISO 8601; rankings leave out what is before"
        ),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("outside_id"),
        sa.UniqueConstraint(
            "channel", "external_number", "sent", name=op.f("uq_outside_matter_channel_external_number_sent")
        ),
        comment="matters of other channels, registered by hand (node)",
    )
    op.create_index(
        "ix_outside_matter_open",
        "outside_matter",
        ["officer"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_table(
        "outside_step",
        sa.Column("id", Position, nullable=False),
        sa.Column("outside_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("happened_on", sa.Text(), nullable=False, comment="ISO 8601"),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("entered_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="what happened to them: only appended to",
    )
    op.create_index(op.f("ix_outside_step_outside_id"), "outside_step", ["outside_id"], unique=False)


def _settings() -> None:
    op.create_table(
        "channel_policy",
        sa.Column("version", Position, autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="ChannelPolicy, serialised"),
        sa.Column("set_by", sa.Text(), nullable=False, comment="account (hub); empty on nodes"),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )
    op.create_table(
        "trial_run",
        sa.Column("id", Position, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False, comment="account"),
        sa.Column("cleared_at", sa.BigInteger(), nullable=False, comment="0: runs"),
        sa.Column("cleared_by", sa.Text(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False, comment="Trial, serialised: what was cleared"),
        sa.PrimaryKeyConstraint("id"),
        comment="trials of the platform (试运行) and how they ended (node)",
    )
