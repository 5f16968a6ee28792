"""What happened: events, bodies, rulings, and what watchers are told."""

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, SmallInteger, Table, Text, text

from xiezhi_journal.tables.base import Position, metadata

head = Table(
    "head",
    metadata,
    Column(
        "id",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="always 1: the row that the writer locks",
    ),
    Column("position", BigInteger, nullable=False, comment="events stored so far"),
    Column(
        "journal_position", BigInteger, nullable=False, comment="own events signed so far (push positions)"
    ),
    Column("change", BigInteger, nullable=False, comment="changes told so far (node)"),
    Column("log_size", BigInteger, nullable=False, comment="entries of the transparency log (hub)"),
    Column("log_frontier", LargeBinary, nullable=False, comment="compact range of the log (hub)"),
    Column("ruled_at", BigInteger, nullable=False, comment="time of the last ruling, ms (hub)"),
    Column(
        "commits",
        BigInteger,
        nullable=False,
        comment="moved by every change: a cache with another number is void",
    ),
)

event = Table(
    "event",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False, comment="order of storing, from 1"),
    Column("event_id", Text, nullable=False, unique=True),
    Column("instruction", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("court", Text, nullable=False, comment="acting court"),
    Column("header", LargeBinary, nullable=False, comment="the exact bytes signed"),
    Column("push", LargeBinary, nullable=False, comment="PushProof, serialised"),
    Column("journal_position", BigInteger, nullable=False, comment="place in the acting court's journal"),
    Index("ix_event_court_journal_position", "court", "journal_position"),
    Index(
        "ix_event_calls",
        "court",
        "position",
        sqlite_where=text("kind = 'CallLogged'"),
        postgresql_where=text("kind = 'CallLogged'"),
    ),
)

body = Table(
    "body",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False, comment="of its event"),
    Column("content", LargeBinary, nullable=False, comment="Body, serialised; parts can be erased"),
)

naming = Table(
    "naming",
    metadata,
    Column("position", Position, primary_key=True, autoincrement=False, comment="of its event"),
    Column("named", Text, primary_key=True, comment="another matter"),
    Index("ix_naming_named", "named"),
    comment="matters that a matter names when it begins: what a 督办 or an order is about",
)

ruling = Table(
    "ruling",
    metadata,
    Column("log_index", Position, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False, unique=True, comment="of its event"),
    Column("accepted", Boolean, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("winner", Text, nullable=False, comment="event id"),
    Column("ruled_at", BigInteger, nullable=False),
    Column("leaf", LargeBinary, nullable=False, comment="leaf hash of the log entry"),
    Column("ruling", LargeBinary, nullable=False, comment="the exact bytes in the log entry"),
)

change = Table(
    "change",
    metadata,
    Column("change", Position, primary_key=True, autoincrement=False, comment="cursor of watchers"),
    Column("position", BigInteger, nullable=False, comment="of the event stored or ruled on"),
)
