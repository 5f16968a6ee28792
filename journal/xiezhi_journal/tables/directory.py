"""Courts, keys, certificates, rulebooks, pins."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text, true

from xiezhi_journal.tables.base import metadata

court = Table(
    "court",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("superior", Text, nullable=False),
    Column("joined_at", BigInteger, nullable=False, comment="0: not joined"),
    Column("heard_at", BigInteger, nullable=False, comment="0: never"),
)

court_key = Table(
    "court_key",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("court", Text, nullable=False, index=True),
    Column("purpose", Text, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("added_at_index", BigInteger, nullable=False),
    Column("ended_at_index", BigInteger, nullable=False, comment="-1: valid"),
)

join_token = Table(
    "join_token",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("court", Text, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_by", LargeBinary, nullable=False, comment="hash of the join request; empty: unused"),
    Column("answer", LargeBinary, nullable=False),
)

certificate = Table(
    "certificate",
    metadata,
    Column("serial", Text, primary_key=True, comment="hex"),
    Column("court", Text, nullable=False, index=True),
    Column("not_after", BigInteger, nullable=False),
    Column("revoked_at", BigInteger, nullable=False, comment="0: valid"),
)

rulebook = Table(
    "rulebook",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    # Not read any more, and dropped in a later release: what is in force follows from the dates in the content.
    Column("in_force", Boolean, nullable=False, server_default=true()),
)

pin = Table(
    "pin",
    metadata,
    Column("name", Text, primary_key=True, comment="origin, log_vkey, hub_court, court, …"),
    Column("value", Text, nullable=False),
    comment="what this program has been told once and for all",
)
