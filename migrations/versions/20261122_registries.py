"""Registries: who asked them about whom, what they answered and did, persons seen; sheets of on-site work.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008_registries"
down_revision = "0007_urges"
branch_labels = None
depends_on = None

Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _field_sheets()
    _acts_and_answers()
    _hits_and_queries()


def _field_sheets() -> None:
    op.create_table(
        "field_sheet",
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="FieldSheet without visits, serialised"
        ),
        sa.PrimaryKeyConstraint("sheet_id"),
        comment="外勤任务单 (node)",
    )
    op.create_table(
        "field_visit",
        sa.Column("sheet_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the order of visit, from 1"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="FieldVisit, serialised"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="that reported it; empty: not reported"),
        sa.Column("open", sa.Boolean(), nullable=False, comment="still to be visited"),
        sa.PrimaryKeyConstraint("sheet_id", "instruction", "item"),
        comment="items on a sheet; on one open sheet at a time (node)",
    )
    op.create_index(
        "ix_field_visit_once",
        "field_visit",
        ["instruction", "item"],
        unique=True,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )


def _acts_and_answers() -> None:
    op.create_table(
        "registry_act",
        sa.Column("request_number", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "request", sa.LargeBinary(), nullable=False, comment="RegistryConnectorControlRequest, serialised"
        ),
        sa.Column(
            "response",
            sa.LargeBinary(),
            nullable=False,
            comment="RegistryConnectorControlResponse, serialised; empty: not answered",
        ),
        sa.Column("state", sa.Text(), nullable=False, comment="ASKED, DONE, REFUSED"),
        sa.Column("answered_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.Column("event_id", sa.Text(), nullable=False, comment="that reported it; empty: not reported"),
        sa.PrimaryKeyConstraint("request_number"),
        comment="what registries were asked to do, each once (node)",
    )
    op.create_index("ix_registry_act_item", "registry_act", ["instruction", "item"], unique=False)
    op.create_table(
        "registry_answer",
        sa.Column("query_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False, comment="in the order of the list"),
        sa.Column("connector", sa.Text(), nullable=False, comment="empty: none serves it"),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False, comment="0: not yet"),
        sa.Column("next_at", sa.BigInteger(), nullable=False, comment="when it is asked again; 0: not"),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="RegistryAnswer with its records, serialised"
        ),
        sa.Column("event_id", sa.Text(), nullable=False, comment="that reported it; empty: not reported"),
        sa.PrimaryKeyConstraint("query_id", "category"),
        comment="what became of the question to each registry (node)",
    )
    op.create_index(
        "ix_registry_answer_waiting",
        "registry_answer",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("next_at > 0"),
        postgresql_where=sa.text("next_at > 0"),
    )


def _hits_and_queries() -> None:
    op.create_table(
        "registry_hit",
        sa.Column("id", Position, nullable=False, comment="cursor of watchers"),
        sa.Column("connector", sa.Text(), nullable=False),
        sa.Column("hit_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="RegistryHit, serialised"),
        sa.PrimaryKeyConstraint("id"),
        comment="persons under watch who were seen (node)",
    )
    op.create_index("ix_registry_hit_instruction", "registry_hit", ["instruction", "id"], unique=False)
    op.create_index("ix_registry_hit_once", "registry_hit", ["connector", "hit_id"], unique=True)
    op.create_table(
        "registry_query",
        sa.Column("query_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("item", sa.Integer(), nullable=False),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("subject", sa.Integer(), nullable=False, comment="number in the case"),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("region", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="RegistryConnectorQueryRequest, serialised"
        ),
        sa.PrimaryKeyConstraint("query_id"),
        comment="who asked registries about whom, for which item (node)",
    )
    op.create_index(
        "ix_registry_query_instruction", "registry_query", ["instruction", "query_id"], unique=False
    )
