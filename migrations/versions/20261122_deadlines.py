"""Deadlines: what runs, what was fired and told, by which rules; calendars, outages, and what they have moved.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006_deadlines"
down_revision = "0005_bulletins"
branch_labels = None
depends_on = None

# A key column that is INTEGER on SQLite is the row's address there.
Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _deadlines()
    _ladder()
    _time()


def _deadlines() -> None:
    op.create_table(
        "deadline",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False, comment="limit of the rulebook"),
        sa.Column("round", sa.Integer(), nullable=False, comment="how often it was started"),
        sa.Column("kind", sa.Text(), nullable=False, comment="of the matter"),
        sa.Column("owner", sa.Text(), nullable=False, comment="court that is charged"),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False, comment="0: open"),
        sa.Column("verdict", sa.Text(), nullable=False, comment="empty: nothing met it"),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("pauses", sa.Text(), nullable=False, comment="JSON: [[start, end], …]"),
        sa.Column("next_at", sa.BigInteger(), nullable=False, comment="when the scheduler has to look (hub)"),
        sa.PrimaryKeyConstraint("instruction", "clock", "round"),
        comment="projection: deadlines as the accepted history has made them (hub)",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_deadline_next_open",
        "deadline",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(
        "ix_deadline_owner_open",
        "deadline",
        ["owner", "due_at"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )


def _ladder() -> None:
    op.create_table(
        "firing",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "due_at", sa.BigInteger(), nullable=False, comment="a deadline that has moved is warned of again"
        ),
        sa.Column("step", sa.Text(), nullable=False, comment="of the rules"),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("planned_at", sa.BigInteger(), nullable=False),
        sa.Column("fired_at", sa.BigInteger(), nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False, comment="else a proposal that people decide on"),
        sa.Column("rules", sa.Integer(), nullable=False, comment="version of the rules"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.Column("decision", sa.Text(), nullable=False, comment="empty: not yet"),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("instruction", "clock", "round", "due_at", "step"),
        comment="rungs of the supervisor's ladder that were climbed, each once (hub)",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_firing_proposed",
        "firing",
        ["owner", "fired_at"],
        unique=False,
        sqlite_where=sa.text("NOT automatic AND decided_at = 0"),
        postgresql_where=sa.text("NOT automatic AND decided_at = 0"),
    )
    op.create_table(
        "notice",
        sa.Column("id", Position, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False, comment="identifiers, blank-separated"),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("rung", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="number, step, limit; nothing personal"),
        sa.PrimaryKeyConstraint("id"),
        comment="what a court is told about its deadlines (hub)",
    )
    op.create_index("ix_notice_court", "notice", ["court", "id"], unique=False)
    op.create_table(
        "escalation_rules",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.Text(), nullable=False, comment="TOML"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
        comment="versions of the supervisor's ladder; the last one is in force (hub)",
    )


def _time() -> None:
    op.create_table(
        "calendar",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
        comment="working calendars; the one published last is in force",
    )
    op.create_table(
        "outage",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
        comment="通信故障 recorded by the hub's command centre",
    )
    op.create_index(op.f("ix_outage_court"), "outage", ["court"], unique=False)
    op.create_table(
        "link_gap",
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("court", "started_at"),
        comment="when a court's node was not connected (hub)",
    )
    op.create_table(
        "moved_deadline",
        sa.Column("event_id", sa.Text(), nullable=False, comment="that moved it"),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_before", sa.BigInteger(), nullable=False),
        sa.Column("due_after", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("event_id", "instruction", "clock", "round"),
        comment="deadlines that a calendar or an outage has moved (hub)",
    )
