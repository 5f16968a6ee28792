"""The journal of hub and node, as it began.

Rules for a migration: migrations/script.py.mako.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# A key column that is INTEGER on SQLite is the row's address there.
Position = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _what_happened()
    _projections()
    _log_and_feeds()
    _link()
    _court()
    _documents()
    _people()
    _directory()


def _what_happened() -> None:
    op.create_table(
        "head",
        sa.Column(
            "id",
            sa.SmallInteger(),
            autoincrement=False,
            nullable=False,
            comment="always 1: the row that the writer locks",
        ),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="events stored so far"),
        sa.Column(
            "journal_position",
            sa.BigInteger(),
            nullable=False,
            comment="own events signed so far (push positions)",
        ),
        sa.Column("change", sa.BigInteger(), nullable=False, comment="changes told so far (node)"),
        sa.Column(
            "log_size", sa.BigInteger(), nullable=False, comment="entries of the transparency log (hub)"
        ),
        sa.Column("log_frontier", sa.LargeBinary(), nullable=False, comment="compact range of the log (hub)"),
        sa.Column("ruled_at", sa.BigInteger(), nullable=False, comment="time of the last ruling, ms (hub)"),
        sa.Column(
            "commits",
            sa.BigInteger(),
            nullable=False,
            comment="moved by every change: a cache with another number is void",
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "event",
        sa.Column(
            "position", Position, autoincrement=False, nullable=False, comment="order of storing, from 1"
        ),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False, comment="acting court"),
        sa.Column("header", sa.LargeBinary(), nullable=False, comment="the exact bytes signed"),
        sa.Column("push", sa.LargeBinary(), nullable=False, comment="PushProof, serialised"),
        sa.Column(
            "journal_position", sa.BigInteger(), nullable=False, comment="place in the acting court's journal"
        ),
        sa.PrimaryKeyConstraint("position"),
        sa.UniqueConstraint("event_id", name=op.f("uq_event_event_id")),
    )
    op.create_index("ix_event_court_journal_position", "event", ["court", "journal_position"], unique=False)
    op.create_index(op.f("ix_event_instruction"), "event", ["instruction"], unique=False)
    op.create_table(
        "body",
        sa.Column("position", Position, autoincrement=False, nullable=False, comment="of its event"),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="Body, serialised; parts can be erased"
        ),
        sa.PrimaryKeyConstraint("position"),
    )
    op.create_table(
        "ruling",
        sa.Column("log_index", Position, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of its event"),
        sa.Column("accepted", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("winner", sa.Text(), nullable=False, comment="event id"),
        sa.Column("ruled_at", sa.BigInteger(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False, comment="leaf hash of the log entry"),
        sa.Column("ruling", sa.LargeBinary(), nullable=False, comment="the exact bytes in the log entry"),
        sa.PrimaryKeyConstraint("log_index"),
        sa.UniqueConstraint("position", name=op.f("uq_ruling_position")),
    )
    op.create_table(
        "change",
        sa.Column("change", Position, autoincrement=False, nullable=False, comment="cursor of watchers"),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the event stored or ruled on"),
        sa.PrimaryKeyConstraint("change"),
    )


def _projections() -> None:
    op.create_table(
        "instruction",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False, comment="said on the phone"),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False, comment="by the court of this node"),
        sa.Column("state", sa.Text(), nullable=False, comment="pending events of this court included"),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("pending", sa.Integer(), nullable=False, comment="own events not ruled on"),
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("subject_names", sa.Text(), nullable=False),
        sa.Column("officer", sa.Text(), nullable=False, comment="account of this court that works on it"),
        sa.Column("officer_name", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("item_count", sa.Integer(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("last_event", sa.Text(), nullable=False),
        sa.Column(
            "accepted",
            sa.Text(),
            nullable=False,
            comment="fold of accepted events, JSON; empty before the first",
        ),
        sa.Column(
            "view", sa.Text(), nullable=False, comment="fold with pending events, JSON; empty where equal"
        ),
        sa.PrimaryKeyConstraint("instruction"),
    )
    op.create_index("ix_instruction_box", "instruction", ["sent", "instruction"], unique=False)
    op.create_index(
        "ix_instruction_box_open",
        "instruction",
        ["sent", "instruction"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(
        "ix_instruction_due_open",
        "instruction",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("open"),
        postgresql_where=sa.text("open"),
    )
    op.create_index(op.f("ix_instruction_number"), "instruction", ["number"], unique=False)
    op.create_table(
        "tally",
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sender", "receiver", "state"),
        comment="matters by courts and state, kept with every ruling (hub)",
    )


def _log_and_feeds() -> None:
    op.create_table(
        "log_hash",
        sa.Column(
            "level", sa.SmallInteger(), nullable=False, comment="1: roots of 256 leaves, 2: of 65,536, …"
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("level", "number"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("size", Position, autoincrement=False, nullable=False),
        sa.Column("root", sa.LargeBinary(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False, comment="C2SP signed note"),
        sa.PrimaryKeyConstraint("size"),
    )
    op.create_table(
        "feed",
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("lane", sa.SmallInteger(), nullable=False),
        sa.Column("feed_seq", sa.BigInteger(), nullable=False),
        sa.Column("log_index", sa.BigInteger(), nullable=False),
        sa.Column("item_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("court", "lane", "feed_seq"),
        sqlite_with_rowid=False,
    )


def _link() -> None:
    op.create_table(
        "cursor",
        sa.Column("lane", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("feed_seq", sa.BigInteger(), nullable=False),
        sa.Column("item_hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("lane"),
    )
    op.create_table(
        "pending",
        sa.Column("journal_position", Position, autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column(
            "dropped",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="out of the view after a refusal",
        ),
        sa.PrimaryKeyConstraint("journal_position"),
        comment="own events that the hub has not ruled on: the outbox",
    )
    op.create_index(op.f("ix_pending_instruction"), "pending", ["instruction"], unique=False)
    op.create_table(
        "quarantine",
        sa.Column("id", Position, nullable=False),
        sa.Column("source", sa.Text(), nullable=False, comment="feed or outbox"),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False, comment="EventRecord, serialised"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "returned_work",
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False, comment="who had acted"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("winner", sa.Text(), nullable=False, comment="event id"),
        sa.Column("returned_at", sa.BigInteger(), nullable=False),
        sa.Column("dismissed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("event_id"),
    )
    op.create_index(
        "ix_returned_work_open",
        "returned_work",
        ["account"],
        unique=False,
        sqlite_where=sa.text("NOT dismissed"),
        postgresql_where=sa.text("NOT dismissed"),
    )


def _court() -> None:
    op.create_table(
        "draft",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False, comment="account"),
        sa.Column("order", sa.LargeBinary(), nullable=False, comment="the order of its kind, serialised"),
        sa.Column("approval", sa.LargeBinary(), nullable=False, comment="ApprovalRecord so far, serialised"),
        sa.Column("remark", sa.Text(), nullable=False, comment="why it came back"),
        sa.PrimaryKeyConstraint("instruction"),
    )
    op.create_table(
        "draft_step",
        sa.Column("id", Position, nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_draft_step_instruction"), "draft_step", ["instruction"], unique=False)
    op.create_table(
        "case_file",
        sa.Column("case_number", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="Case, serialised"),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("judge", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_number"),
    )
    op.create_table(
        "serial",
        sa.Column("series", sa.Text(), nullable=False, comment="word and year of matter numbers"),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("series"),
    )


def _documents() -> None:
    op.create_table(
        "document",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sha256"),
    )
    op.create_table(
        "document_of",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paper_type", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False, comment="who brought it"),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instruction", "sha256"),
    )
    op.create_table(
        "wanted_document",
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False, comment="of the event that names it"),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("instruction", "sha256"),
        comment="named by a stored event, still to be fetched from the hub (node)",
    )
    op.create_table(
        "upload",
        sa.Column("upload_id", sa.Text(), nullable=False),
        sa.Column("instruction", sa.Text(), nullable=False),
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("paper_type", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False, comment="account or court"),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("upload_id"),
        sa.UniqueConstraint(
            "instruction", "sha256", "owner", name=op.f("uq_upload_instruction_sha256_owner")
        ),
    )


def _people() -> None:
    op.create_table(
        "request",
        sa.Column("principal", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(), nullable=False),
        sa.Column("response", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("principal", "method", "request_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_request_at"), "request", ["at"], unique=False)
    op.create_table(
        "account",
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("login", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False, comment="argon2id; empty: a program"),
        sa.Column("officer", sa.LargeBinary(), nullable=False, comment="Officer, serialised"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False, comment="identifiers, blank-separated"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id"),
        sa.UniqueConstraint("login", name=op.f("uq_account_login")),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_index(op.f("ix_session_account_id"), "session", ["account_id"], unique=False)
    op.create_table(
        "api_token",
        sa.Column("token_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_id"),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"], unique=False)
    op.create_table(
        "access",
        sa.Column("id", Position, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False, comment="instruction, case number or document hash"),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("unmasked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        comment="every look at personal data",
    )


def _directory() -> None:
    op.create_table(
        "court",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("superior", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False, comment="0: not joined"),
        sa.Column("heard_at", sa.BigInteger(), nullable=False, comment="0: never"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_table(
        "court_key",
        sa.Column("key_id", sa.Text(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("added_at_index", sa.BigInteger(), nullable=False),
        sa.Column("ended_at_index", sa.BigInteger(), nullable=False, comment="-1: valid"),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_index(op.f("ix_court_key_court"), "court_key", ["court"], unique=False)
    op.create_table(
        "join_token",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "used_by", sa.LargeBinary(), nullable=False, comment="hash of the join request; empty: unused"
        ),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    op.create_table(
        "certificate",
        sa.Column("serial", sa.Text(), nullable=False, comment="hex"),
        sa.Column("court", sa.Text(), nullable=False),
        sa.Column("not_after", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=False, comment="0: valid"),
        sa.PrimaryKeyConstraint("serial"),
    )
    op.create_index(op.f("ix_certificate_court"), "certificate", ["court"], unique=False)
    op.create_table(
        "rulebook",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("in_force", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("hash"),
    )
    op.create_table(
        "pin",
        sa.Column("name", sa.Text(), nullable=False, comment="origin, log_vkey, hub_court, court, …"),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        comment="what this program has been told once and for all",
    )
