"""The hub's transparency log and feeds."""

from sqlalchemy import BigInteger, Column, LargeBinary, SmallInteger, Table, Text

from xiezhi_journal.tables.base import Position, metadata

log_hash = Table(
    "log_hash",
    metadata,
    Column("level", SmallInteger, primary_key=True, comment="1: roots of 256 leaves, 2: of 65,536, …"),
    Column("number", BigInteger, primary_key=True),
    Column("hash", LargeBinary, nullable=False),
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("size", Position, primary_key=True, autoincrement=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
    Column("note", LargeBinary, nullable=False, comment="C2SP signed note"),
)

cosignature = Table(
    "cosignature",
    metadata,
    Column("size", BigInteger, primary_key=True, comment="at the hub: of the checkpoint cosigned"),
    Column("court", Text, primary_key=True),
    Column("line", LargeBinary, nullable=False, comment="C2SP tlog-cosignature, without newline"),
)

vouched = Table(
    "vouched",
    metadata,
    Column("what", Text, primary_key=True, comment="at a node: COSIGNED by itself, WITNESSED by k of n"),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("note", LargeBinary, nullable=False, comment="C2SP signed note with cosignatures"),
    Column("at", BigInteger, nullable=False),
)

feed = Table(
    "feed",
    metadata,
    Column("court", Text, primary_key=True),
    Column("lane", SmallInteger, primary_key=True),
    Column("feed_seq", BigInteger, primary_key=True),
    Column("log_index", BigInteger, nullable=False),
    Column("item_hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
