"""Courts, keys, certificates, rulebooks, pins."""

from sqlalchemy import BigInteger, Boolean, Column, LargeBinary, Table, Text, text, true

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
    Column(
        "sha256", Text, nullable=False, server_default=text("''"), comment="hex; empty: of before it was kept"
    ),
    Column(
        "authority",
        Text,
        nullable=False,
        server_default=text("''"),
        comment="SHA-256 of its certificate, hex",
    ),
)

rulebook = Table(
    "rulebook",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    # Not read any more, and dropped in a later release: what is in force follows from the dates in the content.
    Column("in_force", Boolean, nullable=False, server_default=true()),
)

own_rules = Table(
    "own_rules",
    metadata,
    Column("proposal", Text, primary_key=True),
    Column("court", Text, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False, comment="of the file"),
    Column("content", Text, nullable=False, comment="TOML; empty takes back what was there"),
    Column("valid_from", Text, nullable=False, comment="wanted; once published, that of the rulebook"),
    Column("proposed_by", Text, nullable=False, comment="name"),
    Column("proposed_at", BigInteger, nullable=False),
    Column("consent", Text, nullable=False, comment="keys that need it, with blanks between"),
    Column("decided_by", Text, nullable=False, comment="name; empty: nobody"),
    Column("decided_at", BigInteger, nullable=False, comment="0: not"),
    Column("reason", Text, nullable=False),
    Column("rulebook", Text, nullable=False, comment="hash of the one that has it; empty: none"),
    Column("version", Text, nullable=False, comment="of that rulebook"),
    comment="rules that courts have proposed for themselves: a node those of its court, the hub all",
)

pin = Table(
    "pin",
    metadata,
    Column("name", Text, primary_key=True, comment="origin, log_vkey, hub_court, court, …"),
    Column("value", Text, nullable=False),
    comment="what this program has been told once and for all",
)
